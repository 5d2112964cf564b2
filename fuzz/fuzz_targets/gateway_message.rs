#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vigie_capture::fuzz_entry::gateway_message(data));
