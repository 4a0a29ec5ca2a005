#![no_main]

libfuzzer_sys::fuzz_target!(init: zhinan_fuzz::let_libraries_panic(), |data: &[u8]| zhinan_fuzz::promises::source(data));
