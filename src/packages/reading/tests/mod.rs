//! Archives and folders made for the test.

mod archives;
mod folders;
mod refusals;
mod xml;

use std::io::Write;

use super::*;

/// A gzipped tar of these (path, text), paths unchecked.
fn tgz(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, text) in entries {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(text.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).unwrap();
    }
    gzip(&tar.into_inner().unwrap())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

const MANIFEST: &str = concat!(
    r#"{"name":"my.guide","version":"1.0.0","fhirVersions":["4.0.1"],"#,
    r#""dependencies":{"hl7.fhir.r4.core":"4.0.1","b":"1.x"}}"#,
);
const PATIENT: &str = concat!(
    r#"{"resourceType":"StructureDefinition","id":"p","url":"http://x/p","version":"2.0","#,
    r#""fhirVersion":"4.0.1","snapshot":{"element":[{"id":"no","url":1}]}}"#,
);
