//! The port to definitions: what a negotiation needs to know of profiles, guides and published statements.

use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;
use serde_json::Value;

/// What is known of one version of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileInfo {
    pub url: String,
    /// The business version, which need not be the package's.
    pub version: Option<String>,
    /// The resource type that it constrains.
    pub resource_type: String,
    /// What it is derived from, with the version that its own package resolves it to.
    pub base: Option<Canonical>,
    /// True for a constraint on a resource type; false for the core definition of a type, extensions, data types.
    pub is_resource_profile: bool,
    pub package_id: String,
    pub package_version: String,
    /// As `4.0.1`.
    pub fhir_version: Option<String>,
    /// `imposeProfile`: its instances shall satisfy these too.
    pub imposes: Vec<Canonical>,
    /// `compliesWithProfile`: a claim that its instances satisfy these.
    pub complies_with: Vec<Canonical>,
}

impl ProfileInfo {
    /// `url|version`.
    pub fn canonical(&self) -> Canonical {
        Canonical { url: self.url.clone(), version: self.version.clone() }
    }
}

/// A loaded implementation guide.
#[derive(Clone, Debug, Default)]
pub struct GuideInfo {
    /// The package's id and version.
    pub id: String,
    pub version: String,
    /// The ImplementationGuide resource's url.
    pub url: Option<String>,
    pub fhir_version: Option<String>,
    /// Its resource profiles.
    pub profiles: Vec<Arc<ProfileInfo>>,
    /// Its CapabilityStatements and Conformances.
    pub statements: Vec<Arc<Value>>,
}

/// Definitions of one locked package set. Answers are the same for the same question, in the same order.
pub trait Definitions {
    /// `id#version` of every package, with its content hash; the same set gives the same list.
    fn packages(&self) -> Vec<String>;

    /// Every loaded version of a StructureDefinition url, in the order in which the package set looks: the newest of
    /// a guide first.
    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>>;

    /// A guide by package id; without a version the newest that is loaded.
    fn guide(&self, id: &str, version: Option<&str>) -> Option<Arc<GuideInfo>>;

    /// The loaded guides that an ImplementationGuide canonical names, the newest first.
    fn guides(&self, canonical: &Canonical) -> Vec<Arc<GuideInfo>>;

    /// A CapabilityStatement or Conformance by canonical.
    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>>;

    /// The known canonical that is most like this unknown url, if any is like it.
    fn nearest(&self, url: &str) -> Option<String>;
}
