#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| vigie_capture::fuzz_entry::live_sniffle(data));
