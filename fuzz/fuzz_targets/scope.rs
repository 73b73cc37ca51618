//! SMART scopes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fhir_accord_fuzz::scope(data));
