//! What is not stated, and why: counted by kind, with the place of the first.

use super::limits::{BODY_BYTES, COMBINATION_LIMIT, ITEMS_LIMIT};
use super::place::Place;

/// Why something is not in the statement, or what is to be known of how it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A request outside the base address that was given.
    OtherAddress,
    /// A request to another base address than the first that was found.
    OtherBase,
    /// A request whose path names no resource type.
    NoType,
    /// A request for a type that no FHIR version has.
    UnknownType,
    /// A request for a type that R4 does not have.
    OtherVersion,
    /// A request whose method and path are not an interaction.
    NoInteraction,
    /// A request by which browsers ask for permission.
    Preflight,
    /// A request for the server's own description.
    SelfDescription,
    /// A request for a further page of a search.
    NextPage,
    /// A POST that may be a batch or transaction, without its body.
    BodyUnseen,
    /// A search by POST without its body.
    SearchUnseen,
    /// A body that should be a batch or transaction and cannot be read as one.
    Body,
    /// A body beyond the limit.
    BodyBytes,
    /// An entry of a HAR file, batch or transaction that is not a request.
    Entry,
    /// A line without a request.
    Line,
    /// A line beyond the limit.
    LongLine,
    /// A part of a query that names no search parameter.
    Nameless,
    /// A value of `_include` or `_revinclude` that names nothing.
    IncludeValue,
    /// A search with more parameters than a combination may have.
    Combination,
    /// An item beyond the limit.
    Items,
    /// A scope for all types.
    Wildcard,
    /// A scope in SMART v1 syntax.
    CoarseScope,
    /// A scope with a query.
    ScopeQuery,
    /// A scope for a type that R4 does not have.
    ScopeType,
    /// A token that is not a scope.
    FaultyScope,
    /// A token that SMART does not know.
    ForeignScope,
    /// A guide for another FHIR version.
    GuideVersion,
    /// A profile of a guide on a type that R4 does not have.
    ProfileType,
}

/// How many there are, and where the first one is.
#[derive(Debug)]
struct Notice {
    kind: Kind,
    count: u64,
    first: Place,
}

/// The notices of a client, in the order of their first places.
#[derive(Debug, Default)]
pub(super) struct Notices(Vec<Notice>);

impl Notices {
    /// Counts `count` of a kind.
    pub fn add(&mut self, kind: Kind, count: u64, place: Place) {
        match self.0.iter_mut().find(|n| n.kind == kind) {
            Some(notice) => notice.count += count,
            None if count > 0 => self.0.push(Notice { kind, count, first: place }),
            None => {}
        }
    }

    /// One line for each kind.
    pub fn lines(&self, names: &[String]) -> Vec<String> {
        let line = |notice: &Notice| {
            let (one, many, what) = words(notice.kind);
            let noun = if notice.count == 1 { one } else { many };
            format!("{} {noun} {what} (first: {})", notice.count, notice.first.describe(names))
        };
        self.0.iter().map(line).collect()
    }
}

/// The noun in singular and plural, and what follows it.
fn words(kind: Kind) -> (&'static str, &'static str, String) {
    let text = match kind {
        Kind::BodyBytes => format!("of more than {} MiB not read", BODY_BYTES >> 20),
        Kind::Items => format!("beyond the limit of {ITEMS_LIMIT} different items not stated"),
        Kind::Combination => format!("with more than {COMBINATION_LIMIT} parameters, not stated as a combination"),
        other => sentence(other).to_owned(),
    };
    let (one, many) = match kind {
        Kind::SearchUnseen | Kind::Combination => ("search", "searches"),
        Kind::Body | Kind::BodyBytes => ("body", "bodies"),
        Kind::Entry => ("entry", "entries"),
        Kind::Line | Kind::LongLine => ("line", "lines"),
        Kind::Nameless => ("part of a query", "parts of queries"),
        Kind::IncludeValue => ("value of _include or _revinclude", "values of _include or _revinclude"),
        Kind::Items => ("item", "items"),
        Kind::Wildcard | Kind::CoarseScope | Kind::ScopeQuery | Kind::ScopeType => ("scope", "scopes"),
        Kind::FaultyScope | Kind::ForeignScope => ("scope token", "scope tokens"),
        Kind::GuideVersion => ("guide", "guides"),
        Kind::ProfileType => ("profile", "profiles"),
        _ => ("request", "requests"),
    };
    (one, many, text)
}

fn sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::OtherAddress => "outside the base address not read",
        Kind::OtherBase => "to another base address than the first one read as well; give the base address to choose",
        Kind::NoType => "without a resource type in the path not read",
        Kind::UnknownType => "for an unknown resource type not read",
        Kind::OtherVersion => "for a resource type that FHIR R4 does not have, not read",
        Kind::NoInteraction => "whose method and path are not a FHIR interaction, not read",
        Kind::Preflight => "with the method OPTIONS: nothing to state",
        Kind::SelfDescription => "for the server's own description: nothing to state",
        Kind::NextPage => "for a further page of a search: nothing more to state",
        Kind::BodyUnseen => "by POST without a resource type and without a body: a batch or transaction is not visible",
        Kind::SearchUnseen => "by POST whose parameters are not visible",
        Kind::Body => "not readable as a batch or transaction in JSON",
        Kind::Entry => "without a method and a url not read",
        Kind::Line => "without a request not read",
        Kind::LongLine => "beyond the limit of length not read",
        Kind::Nameless => "without the name of a search parameter not read",
        Kind::IncludeValue => "without a type and a search parameter not read",
        Kind::Wildcard => "for all resource types, naming none: nothing to state",
        Kind::CoarseScope => "in SMART v1 syntax read at full width: remove interactions that the app does not use",
        Kind::ScopeQuery => "with a query, which is not taken as a search of the app",
        Kind::ScopeType => "for a resource type that FHIR R4 does not have, not read",
        Kind::FaultyScope => "with a fault not read; `accord scope explain` tells the fault",
        Kind::ForeignScope => "unknown to SMART not read",
        Kind::GuideVersion => "for another FHIR version than R4, the version of the statement",
        Kind::ProfileType => "on a type that is not a resource type of FHIR R4 not stated",
        Kind::BodyBytes | Kind::Items | Kind::Combination => "beyond a limit",
    }
}
