#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| vigie_decode::fuzz_entry::ad_structures(data));
