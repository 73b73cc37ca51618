//! What keeps a profile or a guide that was asked for out of the statement.

use std::fmt;

/// Why a profile or a guide cannot be stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// The profile is not in the package set.
    UnknownProfile {
        /// The canonical, as it was asked for.
        canonical: String,
        /// The known canonical that is most similar.
        nearest: Option<String>,
    },
    /// The definition is not one of a resource type of R4.
    NotAResource {
        /// The canonical, as it was asked for.
        canonical: String,
    },
    /// The guide is not in the package set.
    UnknownGuide {
        /// As it was asked for.
        name: String,
    },
    /// The guide has no profiles on resource types of R4.
    EmptyGuide {
        /// As it was asked for.
        name: String,
    },
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::UnknownProfile { canonical, nearest } => {
                write!(f, "unknown profile `{canonical}`; load its package with --package")?;
                nearest.iter().try_for_each(|n| write!(f, "; the nearest known canonical is `{n}`"))
            }
            ClientError::NotAResource { canonical } => {
                write!(f, "`{canonical}` is not a profile on a resource type of FHIR R4")
            }
            ClientError::UnknownGuide { name } => {
                write!(f, "unknown guide `{name}`; name it as ID#VERSION, and load it with --package")
            }
            ClientError::EmptyGuide { name } => {
                write!(f, "the guide `{name}` has no profiles on resource types of FHIR R4")
            }
        }
    }
}

impl std::error::Error for ClientError {}
