//! Package sets from embedded packages and from folders made for the test.

mod embedded;
mod folders;
mod locked;
mod names;

use std::fs;
use std::path::{Path, PathBuf};

use super::distill::pack;
use super::*;

fn specs(texts: &[&str]) -> Vec<Spec> {
    texts.iter().map(|t| Spec::parse(t).unwrap()).collect()
}

fn names(resolution: &Resolution) -> Vec<String> {
    resolution.packages.iter().map(Located::name).collect()
}

/// The archive of a package with these dependencies and one value set.
fn archive(id: &str, version: &str, dependencies: &str) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"{id}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{dependencies}}}}}"#
    );
    let value_set = format!(r#"{{"resourceType":"ValueSet","id":"v","url":"http://x/{id}","version":"{version}"}}"#);
    pack(&[("package.json".to_owned(), manifest.into_bytes()), ("ValueSet-v.json".to_owned(), value_set.into_bytes())])
        .unwrap()
}

fn put(folder: &Path, id: &str, version: &str, dependencies: &str) {
    fs::write(folder.join(format!("{id}#{version}.tgz")), archive(id, version, dependencies)).unwrap();
}

fn sources(folders: &[&Path]) -> Sources {
    Sources { folders: folders.iter().map(|f| PathBuf::from(*f)).collect(), ..Sources::default() }
}
