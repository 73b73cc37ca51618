//! What a token of a scope string is.

use std::fmt;

use super::permission::Permissions;
use super::query::Query;
use crate::reason::Reason;

/// Whose data a resource scope is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// That of the patient in context.
    Patient,
    /// That which the user may access.
    User,
    /// That which the client itself may access.
    System,
}

impl Context {
    /// All contexts.
    pub const ALL: [Context; 3] = [Context::Patient, Context::User, Context::System];

    /// `patient`, `user` or `system`.
    pub fn name(self) -> &'static str {
        match self {
            Context::Patient => "patient",
            Context::User => "user",
            Context::System => "system",
        }
    }
}

/// A resource scope: context, type (`*`: all current and future ones), permissions, filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceScope {
    /// Whose data.
    pub context: Context,
    /// The type's name, or `*`.
    pub resource_type: String,
    /// What may be done with it.
    pub permissions: Permissions,
    /// Which instances; empty: all.
    pub query: Query,
}

impl ResourceScope {
    /// The bytes of its type and its query, before they are encoded.
    pub fn bytes(&self) -> usize {
        self.resource_type.len() + self.query.bytes()
    }

    /// True where this scope's type is `*` or the given one.
    pub fn covers_type(&self, resource_type: &str) -> bool {
        self.resource_type == "*" || self.resource_type == resource_type
    }
}

impl fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.context.name(), self.resource_type, self.permissions)?;
        if !self.query.is_empty() {
            write!(f, "?{}", self.query)?;
        }
        Ok(())
    }
}

/// Which SMART version a resource scope is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `.read`, `.write`, `.*`.
    V1,
    /// Letters from `cruds`, with a query.
    V2,
}

/// Why a token is not a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A rule id, see [`crate::rules`].
    pub rule: Reason,
    /// The corrected token where there is one, else what to write.
    pub hint: String,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `patient/Observation.rs`
    Resource(ResourceScope, Syntax),
    /// `launch`, `launch/patient`, `launch/questionnaire?role=…`
    Launch,
    /// `openid`, `fhirUser`, `profile`
    Identity,
    /// `online_access`, `offline_access`
    Refresh,
    /// An absolute URI, or `__` and a name.
    Extension,
    /// Valid by RFC 6749, unknown to SMART.
    Foreign,
    /// Not valid.
    Faulty(Fault),
}

/// A token of a scope string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it was written.
    pub text: String,
    /// Byte offset in the scope string, from 0.
    pub at: usize,
    /// What it is.
    pub kind: Kind,
    /// The normal form: v1 as v2, letters, pairs and values sorted; the text itself for other tokens.
    pub normal: String,
    /// Advice on a token that is valid.
    pub hint: Option<String>,
}

impl Token {
    /// The fault of a token that is not valid.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.kind {
            Kind::Faulty(fault) => Some(fault),
            _ => None,
        }
    }

    /// The scope of a token that is a resource scope.
    pub fn resource(&self) -> Option<&ResourceScope> {
        match &self.kind {
            Kind::Resource(scope, _) => Some(scope),
            _ => None,
        }
    }
}
