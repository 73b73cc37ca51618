//! The marks of codes, value sets, code systems, structures and elements in the rows of an image.

pub const CONCEPT_INACTIVE: u32 = 1;
pub const CONCEPT_ABSTRACT: u32 = 2;
/// The code certainly does not belong, although its system is open.
pub const CONCEPT_EXCLUDED: u32 = 4;
/// Whether the code belongs cannot be determined, although its system is closed.
pub const CONCEPT_DOUBTFUL: u32 = 8;
/// The code is compared without regard to case.
pub const CONCEPT_ANY_CASE: u32 = 16;
/// Its code system is about to withdraw it.
pub const CONCEPT_DEPRECATED: u32 = 32;
/// The value set is about to leave it out.
pub const CONCEPT_DEPRECATED_MEMBER: u32 = 64;
/// What warns of a code that belongs.
pub const CONCEPT_OLD: u32 = CONCEPT_INACTIVE | CONCEPT_DEPRECATED | CONCEPT_DEPRECATED_MEMBER;

/// The definition is retired.
pub const STATUS_RETIRED: u32 = 1;
/// The definition is marked as deprecated.
pub const STATUS_DEPRECATED: u32 = 2;
/// The definition is marked as withdrawn.
pub const STATUS_WITHDRAWN: u32 = 4;
/// The definition is a draft.
pub const STATUS_DRAFT: u32 = 8;
/// The definition is for experiments only.
pub const STATUS_EXPERIMENTAL: u32 = 16;
/// A supplement that the value set needs is not loaded.
pub const STATUS_UNSUPPLEMENTED: u32 = 32;
/// What warns of a definition wherever it is used.
pub const STATUS_OLD: u32 = STATUS_RETIRED | STATUS_DEPRECATED | STATUS_WITHDRAWN;

/// What stands for the resource type of a uri that identifies code systems besides their urls.
pub const CODE_SYSTEM_IDENTIFIER: &str = "CodeSystem.identifier";

/// From which bit on the flags of a structure are the marks of its status.
pub const STRUCTURE_STATUS: u32 = 16;
pub const STRUCTURE_CONSTRAINT: u32 = 1;
pub const STRUCTURE_ABSTRACT: u32 = 2;
pub const STRUCTURE_RESOURCE: u32 = 4;
pub const STRUCTURE_PRIMITIVE: u32 = 8;
pub const STRUCTURE_LOGICAL: u32 = 16;
pub const STRUCTURE_EXTENSION: u32 = 32;
/// The definition marks its modifier extensions so.
pub const STRUCTURE_MODIFIER: u32 = 64;
/// A profile that says of itself that it only adds obligations.
pub const STRUCTURE_OBLIGATIONS: u32 = 128;
/// The definition is for experiments only.
pub const STRUCTURE_EXPERIMENTAL: u32 = 2048;

pub const ELEMENT_CHOICE: u32 = 1;
/// The base definition repeats: an array in JSON.
pub const ELEMENT_LIST: u32 = 2;
pub const ELEMENT_MODIFIER: u32 = 4;
pub const ELEMENT_MUST_SUPPORT: u32 = 8;
/// No extension may take the place of a value.
pub const ELEMENT_MUST_HAVE_VALUE: u32 = 16;
/// It is in summaries.
pub const ELEMENT_SUMMARY: u32 = 32;
/// Its definition says whether it is in summaries.
pub const ELEMENT_SUMMARY_SAID: u32 = 64;
