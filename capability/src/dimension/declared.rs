//! Where a server declares which profile.

use rustc_hash::FxHashMap;

use crate::statement::Statement;

/// Which types a server declares each profile on, those that it cannot be on among them.
#[derive(Default)]
pub struct Declared<'s>(FxHashMap<&'s str, Vec<&'s str>>);

impl<'s> Declared<'s> {
    /// Those of a server's statement.
    pub fn of(server: &'s Statement) -> Declared<'s> {
        let mut all: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for resource in &server.rest.resources {
            for claim in resource.profiles.iter().chain(&resource.mistyped) {
                all.entry(&claim.value.canonical.url).or_default().push(&resource.resource_type);
            }
        }
        Declared(all)
    }

    /// The types on which a profile is declared.
    pub fn types(&self, url: &str) -> &[&'s str] {
        self.0.get(url).map_or(&[], Vec::as_slice)
    }
}
