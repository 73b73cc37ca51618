//! Capability statements of every FHIR version in one normal form. Nothing is compared or judged here.

mod canonical;
mod extension;
mod guide;
mod import;
mod limits;
mod merge;
mod profiles;
mod read;
mod short;
mod types;

pub use canonical::{parse_canonical, release_of};
pub use guide::statement_of_guide;
pub use import::resolve_imports;
pub use profiles::{is_core, settle_profiles};
pub(crate) use read::INTERACTION_FLAGS;
pub use read::read_statement;

pub use limits::Left;
pub use types::Types;

use fhir_accord_profiles::definition::Canonical;

use crate::expectation::Expectation;
use crate::issue::Party;
use crate::parties::PartyInfo;

/// Something that a statement lists, with its place and its expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    pub value: T,
    /// The item's own expectation, if it has one.
    pub expectation: Option<Expectation>,
    /// The element, as `rest[0].resource[3].interaction[0]`.
    pub path: String,
}

/// A search parameter or an operation: a name and the definition behind it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub name: String,
    pub definition: Option<String>,
    /// The type of a search parameter, as `token`.
    pub kind: Option<String>,
}

impl Named {
    /// One of which nothing is known but its name.
    pub fn by_name(name: &str) -> Named {
        Named { name: name.to_owned(), definition: None, kind: None }
    }
}

/// A search-parameter combination.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Combination {
    pub required: Vec<String>,
    pub optional: Vec<String>,
}

/// A profile that a resource entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileClaim {
    pub canonical: Canonical,
    /// True for `profile` (for all instances), false for `supportedProfile` (for a use case).
    pub for_all: bool,
    /// True where it comes from the statement's top-level list (DSTU2 and STU3).
    pub top_level: bool,
}

/// One resource type of a statement.
#[derive(Clone, Debug)]
pub struct Resource {
    pub resource_type: String,
    pub expectation: Option<Expectation>,
    pub path: String,
    pub profiles: Vec<Stated<ProfileClaim>>,
    /// Profiles that the entry names, and that are on another type.
    pub mistyped: Vec<Stated<ProfileClaim>>,
    pub interactions: Vec<Stated<String>>,
    pub search_params: Vec<Stated<Named>>,
    pub combinations: Vec<Stated<Combination>>,
    /// `_include` values.
    pub includes: Vec<Stated<String>>,
    /// `_revinclude` values.
    pub rev_includes: Vec<Stated<String>>,
    pub operations: Vec<Stated<Named>>,
    /// `updateCreate`, `conditionalCreate` and the like: name and value; what is off is not listed.
    pub flags: Vec<Stated<(String, String)>>,
    /// Profiles with the search strings that fetch their instances.
    pub selectors: Vec<(Canonical, String)>,
}

impl Resource {
    pub fn new(resource_type: &str, path: &str) -> Resource {
        Resource {
            resource_type: resource_type.to_owned(),
            expectation: None,
            path: path.to_owned(),
            profiles: Vec::new(),
            mistyped: Vec::new(),
            interactions: Vec::new(),
            search_params: Vec::new(),
            combinations: Vec::new(),
            includes: Vec::new(),
            rev_includes: Vec::new(),
            operations: Vec::new(),
            flags: Vec::new(),
            selectors: Vec::new(),
        }
    }
}

/// The RESTful part of a statement in one mode.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    pub expectation: Option<Expectation>,
    pub interactions: Vec<Stated<String>>,
    pub search_params: Vec<Stated<Named>>,
    pub operations: Vec<Stated<Named>>,
    /// Codes of `security.service`.
    pub security: Vec<Stated<String>>,
    /// In the statement's order, each type once.
    pub resources: Vec<Resource>,
    /// Where the types are.
    pub types: Types,
}

impl Rest {
    /// The place of a type's entry.
    pub fn place_of(&self, resource_type: &str) -> Option<usize> {
        self.types.find(&self.resources, |r| r.resource_type.as_str(), resource_type)
    }
}

/// A statement in normal form.
#[derive(Clone, Debug)]
pub struct Statement {
    pub party: Party,
    /// What the statement says of itself.
    pub about: PartyInfo,
    /// True where it stands for a guide.
    pub is_guide: bool,
    /// The statement's own url and version.
    pub canonical: Option<Canonical>,
    /// As the statement writes it.
    pub fhir_version: Option<String>,
    /// True where what is not listed is unknown: requirements, a SUBSETTED statement, an import that is not loaded.
    pub open: bool,
    /// True where only what weighs SHALL is promised: requirements, a SUBSETTED statement.
    pub promises_shall_only: bool,
    /// False where an unknown modifier extension may change the meaning of everything in it.
    pub usable: bool,
    pub formats: Vec<Stated<String>>,
    pub patch_formats: Vec<Stated<String>>,
    pub imports: Vec<Stated<Canonical>>,
    pub instantiates: Vec<Stated<Canonical>>,
    pub guides: Vec<Stated<Canonical>>,
    /// The top-level profile list of DSTU2 and STU3, before it is assigned to types.
    pub top_level_profiles: Vec<Stated<Canonical>>,
    pub rest: Rest,
    /// What may still be read.
    pub left: Left,
}

impl Statement {
    /// The entry of this type.
    pub fn resource(&self, resource_type: &str) -> Option<&Resource> {
        self.rest.place_of(resource_type).and_then(|at| self.rest.resources.get(at))
    }

    /// The FHIR release as major.minor, as `4.0`.
    pub fn release(&self) -> Option<String> {
        self.fhir_version.as_deref().and_then(release_of)
    }
}

#[cfg(test)]
mod tests;
