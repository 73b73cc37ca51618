//! The package families that a profile belongs to.

use std::collections::BTreeSet;

use crate::definitions::ProfileInfo;

/// `US`, `CA`, `UV`, or another country's code, from the ids of the packages that hold the profile; sorted.
pub fn realms<'i>(infos: impl Iterator<Item = &'i ProfileInfo>) -> Vec<String> {
    let families: BTreeSet<String> = infos.filter_map(|i| family(&i.package_id)).collect();
    families.into_iter().collect()
}

/// The family of a package id: its two-letter part, and `US` for Argonaut's.
fn family(package: &str) -> Option<String> {
    if package.split('.').any(|part| part.starts_with("argonaut")) {
        return Some("US".to_owned());
    }
    let country = |part: &&str| {
        part.split('-').next().is_some_and(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    package.split('.').find(country).and_then(|part| part.split('-').next()).map(str::to_ascii_uppercase)
}
