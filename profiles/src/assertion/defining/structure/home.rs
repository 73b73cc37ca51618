//! The package that a definition is from, and what its canonicals name there: one that names no version means what it
//! means for that package (<https://hl7.org/fhir/R4/references.html#canonical>).

use super::super::text;
use crate::instance::Node;
use crate::judge::Scene;
use crate::plan::Handle;

/// The package of a definition; none where no loaded package has it.
#[derive(Clone, Copy)]
pub struct Home(Option<u32>);

impl Home {
    /// The package that has this definition in its version, or the version of the base that is published beside it.
    pub fn of(scene: &Scene<'_, '_>, n: Node<'_>) -> Home {
        let set = scene.set;
        let (Some(url), Some(version)) = (text(n, "url"), text(n, "version").filter(|v| !v.is_empty())) else {
            return Home(None);
        };
        let own = set.find_structure(&format!("{url}|{version}"), None);
        let beside = || {
            let base = text(n, "baseDefinition")?;
            let place = |u: &str| u.rsplit_once("/StructureDefinition/").map(|(place, _)| place.to_owned());
            let is_near = !base.contains('|') && place(&url).is_some() && place(&url) == place(&base);
            if is_near { set.find_structure(&format!("{base}|{version}"), None) } else { None }
        };
        Home(own.or_else(beside).map(|h| h.layer))
    }

    /// The structure that a canonical names.
    pub fn structure(self, scene: &Scene<'_, '_>, canonical: &str) -> Option<Handle> {
        match self.0 {
            Some(_) => scene.set.find_structure(canonical, self.0),
            None => scene.structure(canonical),
        }
    }

    /// The value set that a canonical names.
    pub fn value_set(self, scene: &Scene<'_, '_>, canonical: &str) -> Option<Handle> {
        scene.set.find_value_set(canonical, self.0)
    }
}
