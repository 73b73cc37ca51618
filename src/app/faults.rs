//! What is wrong with the definitions of a loaded package.

use fhir_accord_profiles::plan::{Handle, ImageSet};
use fhir_accord_profiles::relation::{Contradiction, element_id, unsatisfiable};

use super::App;
use crate::packages::Origin;

/// Bound on the profiles of a package that are looked at for demands that contradict each other; the rest is
/// told as any other when an instance is validated against it.
const PROFILES_TRIED: usize = 2_000;

/// A fault of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionFault {
    /// The canonical url of the definition at fault, which may be a base in another package; the name of a file that
    /// cannot be read.
    pub definition: String,
    /// The id (or path) of its element; empty where it is the whole.
    pub element: String,
    /// The id of the rule.
    pub rule: &'static str,
    /// Lower case, no full stop.
    pub text: String,
    /// Whether nothing stays open by it: the definition loosens what its base demands, and the base's demand holds.
    pub is_overruled: bool,
}

/// What is wrong with the definitions of a package.
#[derive(Clone, Debug, Default)]
pub struct PackageFaults {
    /// How many faults there are.
    pub count: usize,
    /// The first of them, those that leave something open before others.
    pub listed: Vec<DefinitionFault>,
    /// StructureDefinitions of the package.
    pub structures: usize,
    /// How many of them are at fault so that it is left open what they demand.
    pub faulty: usize,
}

/// What to say of a profile that no instance can meet.
fn unsatisfiable_text(set: &ImageSet, root: Handle, why: &Contradiction) -> String {
    let place = element_id(set, Some(why.right));
    format!("no instance can be valid for `{}`: {place}: {}", set.canonical_of(root), why.reason)
}

impl App {
    /// What is wrong with the definitions of the packages that are not embedded: package and fault, in order. Of
    /// profiles that no instance can meet, too, of the first `PROFILES_TRIED` of a package.
    pub fn definition_issues(&self) -> Vec<(String, String)> {
        let set = self.set();
        let mut out = Vec::new();
        for located in self.resolution().packages.iter().filter(|p| p.origin != Origin::Embedded) {
            let name = located.manifest.name();
            for (layer, image) in set.layers().iter().enumerate().filter(|(_, i)| i.package() == name) {
                out.extend(image.issues().map(|issue| (name.clone(), issue.to_string())));
                let profiles = set.all_profiles(layer).take(PROFILES_TRIED);
                let broken = unsatisfiable(self.plans(), profiles);
                out.extend(broken.map(|(root, why)| (name.clone(), unsatisfiable_text(set, root, &why))));
            }
        }
        out
    }

    /// What is wrong with the definitions of a package (`id#version`), the first `limit` faults; nothing where it is
    /// not loaded.
    pub fn faults_of(&self, package: &str, limit: usize) -> PackageFaults {
        let set = self.set();
        let Some(layer) = set.layers().iter().position(|image| image.package() == package) else {
            return PackageFaults::default();
        };
        let (structures, faulty) = set.structure_counts(layer);
        let issues = || set.layers().get(layer).into_iter().flat_map(|image| image.issues());
        let sorted = issues().filter(|i| !i.is_overruled).chain(issues().filter(|i| i.is_overruled));
        let listed = sorted.take(limit).map(|issue| DefinitionFault {
            definition: issue.profile.to_owned(),
            element: issue.element.to_owned(),
            rule: issue.rule.as_str(),
            text: issue.message.to_owned(),
            is_overruled: issue.is_overruled,
        });
        PackageFaults { count: issues().count(), listed: listed.collect(), structures, faulty }
    }
}
