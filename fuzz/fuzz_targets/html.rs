#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| zhinan_fuzz::promises::html(data));
