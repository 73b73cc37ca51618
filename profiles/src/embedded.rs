//! The embedded packages as they lie in `data/`: archives of facts, made by `accord package distill`. Nothing here
//! reads them.

/// `data/index.json`: which packages there are, with the hashes of their files and of the archives they are made from.
pub const INDEX: &str = include_str!("../data/index.json");

macro_rules! files {
    ($($file:literal),* $(,)?) => {
        /// The archives by the names of their files.
        pub const FILES: &[(&str, &[u8])] = &[$(($file, include_bytes!(concat!("../data/", $file)))),*];
    };
}

files! {
    "accord.us.terminology-1.0.0.tgz",
    "accord.uv.sdc-1.0.0.tgz",
    "accord.uv.tools-1.0.0.tgz",
    "fhir.argonaut.r2-1.0.0.tgz",
    "hl7.fhir.ca.baseline-1.2.0.tgz",
    "hl7.fhir.r2.core-1.0.2.tgz",
    "hl7.fhir.r3.core-3.0.2.tgz",
    "hl7.fhir.r4.core-4.0.1.tgz",
    "hl7.fhir.us.core-3.1.1.tgz",
    "hl7.fhir.us.core-6.1.0.tgz",
    "hl7.fhir.us.core-7.0.0.tgz",
    "hl7.fhir.us.core-8.0.0.tgz",
    "hl7.fhir.us.daf-1.0.2.tgz",
    "hl7.fhir.uv.extensions.r4-5.3.0.tgz",
    "hl7.fhir.uv.ips-1.1.0.tgz",
    "hl7.terminology.r4-7.3.0.tgz",
}
