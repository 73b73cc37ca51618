//! CapabilityStatement (STU3 and later) and Conformance (DSTU2) to the normal form. Parts of the wrong shape are
//! ignored: a statement is never refused because of one of its parts.

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::model::is_absolute_uri;
use serde_json::Value;

use super::extension::{combinations, expectation, selectors, unknown_modifier};
use super::limits::Left;
use super::merge::Merger;
use super::{Named, ProfileClaim, Resource, Rest, Stated, Statement, parse_canonical};
use crate::issue::{Issue, Party};
use crate::parties::PartyInfo;
use crate::reason::Reason;

/// The flags of a resource entry that speak of single interactions.
pub(crate) const INTERACTION_FLAGS: [&str; 6] = [
    "updateCreate",
    "conditionalCreate",
    "conditionalRead",
    "conditionalUpdate",
    "conditionalPatch",
    "conditionalDelete",
];

/// The flags of a resource entry that speak of its history.
const HISTORY_FLAGS: [&str; 2] = ["versioning", "readHistory"];

/// Reads a statement of `party`; `None` where the JSON is neither a CapabilityStatement nor a Conformance.
/// Imports are not resolved and top-level profiles not assigned yet.
pub fn read_statement(value: &Value, party: Party, issues: &mut Vec<Issue>) -> Option<Statement> {
    let mut statement = read_within(value, party, Left::default(), issues)?;
    statement.tell_short(issues);
    Some(statement)
}

/// The same, as far as entries are left.
pub(super) fn read_within(value: &Value, party: Party, mut left: Left, issues: &mut Vec<Issue>) -> Option<Statement> {
    let resource_type = text(value, "resourceType")?;
    if resource_type != "CapabilityStatement" && resource_type != "Conformance" {
        return None;
    }
    let kind = kind(value, party, issues);
    let subsetted =
        items(value.get("meta").unwrap_or(&Value::Null), "tag").any(|(_, tag)| text(tag, "code") == Some("SUBSETTED"));
    let modifier = unknown_modifier(value);
    if let Some((path, url)) = &modifier {
        let text = format!(
            "the modifier extension `{url}` is unknown and may change the meaning of everything in the statement"
        );
        issues.push(Issue::error(Reason::ModifierExtension, party, path, text));
    }
    let narrow = kind == CapabilityKind::Requirements || subsetted;
    let fhir_version = text(value, "fhirVersion")
        .map(str::to_owned)
        .or_else(|| (resource_type == "Conformance").then(|| "1.0.2".to_owned()));
    // The entries of types come first where not all entries are read, and what is told about them comes last.
    let mut of_rest = Vec::new();
    let rest = rest(value, party, kind, &mut left, &mut of_rest);
    let top_level_profiles = absolute(left.take(references(value, "profile", "")), party, issues);
    issues.extend(of_rest);
    Some(Statement {
        party,
        about: about(value),
        is_guide: false,
        canonical: text(value, "url")
            .map(|url| Canonical { url: url.to_owned(), version: text(value, "version").map(str::to_owned) }),
        fhir_version,
        open: narrow || modifier.is_some(),
        promises_shall_only: narrow,
        usable: modifier.is_none(),
        formats: left.take(primitives(value, "format", "")),
        patch_formats: left.take(primitives(value, "patchFormat", "")),
        imports: left.take(canonicals(value, "imports")),
        instantiates: left.take(canonicals(value, "instantiates")),
        guides: left.take(canonicals(value, "implementationGuide")),
        top_level_profiles,
        rest,
        left,
    })
}

/// What a statement says of itself.
fn about(value: &Value) -> PartyInfo {
    let own = |name: &str| text(value, name).filter(|t| !t.is_empty()).map(str::to_owned);
    let software = value.get("software").and_then(|s| {
        let version = text(s, "version").map(|v| format!(" {v}")).unwrap_or_default();
        Some(format!("{}{version}", text(s, "name")?))
    });
    PartyInfo {
        title: own("title").or_else(|| own("name")),
        url: own("url"),
        version: own("version"),
        software,
        kind: own("kind"),
        from: None,
    }
}

/// What a statement describes (<https://hl7.org/fhir/R4/valueset-capability-statement-kind.html>).
#[derive(Clone, Copy, PartialEq, Eq)]
enum CapabilityKind {
    Instance,
    Capability,
    Requirements,
}

fn kind(value: &Value, party: Party, issues: &mut Vec<Issue>) -> CapabilityKind {
    match text(value, "kind") {
        Some("instance") => CapabilityKind::Instance,
        Some("capability") => CapabilityKind::Capability,
        Some("requirements") => CapabilityKind::Requirements,
        other => {
            let found = other.map_or("no kind".to_owned(), |k| format!("the unknown kind `{k}`"));
            issues.push(Issue::warning(
                Reason::Kind,
                party,
                "kind",
                format!("the statement has {found} and is read as one of an instance"),
            ));
            CapabilityKind::Instance
        }
    }
}

/// The entries with the party's mode, merged; those with another mode where there is none.
fn rest(value: &Value, party: Party, kind: CapabilityKind, left: &mut Left, issues: &mut Vec<Issue>) -> Rest {
    let wanted = if party == Party::Client { "client" } else { "server" };
    let entries: Vec<(usize, &Value)> = items(value, "rest").collect();
    let of_mode: Vec<(usize, &Value)> =
        entries.iter().filter(|(_, r)| text(r, "mode") == Some(wanted)).copied().collect();
    let chosen = if of_mode.is_empty() { &entries } else { &of_mode };
    if of_mode.is_empty() && !entries.is_empty() && !(party == Party::Client && kind == CapabilityKind::Requirements) {
        issues.push(Issue::warning(
            Reason::RestMode,
            party,
            "rest[0].mode",
            format!("the statement has no `rest` entry with mode `{wanted}`; the one that it has is read instead"),
        ));
    }
    let (mut all, mut merger) = (Rest::default(), Merger::default());
    for (i, entry) in chosen {
        let path = format!("rest[{i}]");
        all.expectation = all.expectation.or(expectation(entry));
        all.interactions.extend(left.take(codes(entry, "interaction", &path)));
        all.interactions.extend(left.take(transaction_modes(entry, &path)));
        all.search_params.extend(left.take(named(entry, "searchParam", &path)));
        all.operations.extend(left.take(named(entry, "operation", &path)));
        all.security.extend(left.take(security(entry, &path)));
        for (j, resource) in items(entry, "resource") {
            let read = read_resource(resource, &format!("{path}.resource[{j}]"), party, left, issues);
            if let Some(read) = read {
                merger.resource(&mut all.resources, read);
            }
        }
    }
    all
}

/// A type's entry; `None` where it names no type, or no further entry may be read.
fn read_resource(
    value: &Value,
    path: &str,
    party: Party,
    left: &mut Left,
    issues: &mut Vec<Issue>,
) -> Option<Resource> {
    let resource_type = text(value, "type").filter(|t| !t.is_empty() && left.entry())?;
    let claim = |for_all: bool| {
        move |s: Stated<_>| Stated {
            value: ProfileClaim { canonical: s.value, for_all, top_level: false },
            expectation: s.expectation,
            path: s.path,
        }
    };
    let mut read = Resource::new(resource_type, path);
    read.expectation = expectation(value);
    for (name, for_all) in [("profile", true), ("supportedProfile", false)] {
        let claims = absolute(left.take(references(value, name, path)), party, issues);
        read.profiles.extend(claims.into_iter().map(claim(for_all)));
    }
    read.interactions = left.take(codes(value, "interaction", path));
    read.search_params = left.take(named(value, "searchParam", path));
    read.combinations = left.take(combinations(value, path));
    read.includes = left.take(primitives(value, "searchInclude", path));
    read.rev_includes = left.take(primitives(value, "searchRevInclude", path));
    read.operations = left.take(named(value, "operation", path));
    read.flags = left.take(flags(value, path));
    read.selectors = left.take(selectors(value));
    Some(read)
}

fn flags(value: &Value, path: &str) -> Vec<Stated<(String, String)>> {
    let of = |name: &&str| {
        let on = match value.get(*name)? {
            Value::Bool(true) => "true",
            Value::String(code) if code != "not-supported" && code != "no-version" => code.as_str(),
            _ => return None,
        };
        let own = value.get(format!("_{name}")).and_then(expectation);
        Some(Stated { value: ((*name).to_owned(), on.to_owned()), expectation: own, path: format!("{path}.{name}") })
    };
    INTERACTION_FLAGS.iter().chain(&HISTORY_FLAGS).filter_map(of).collect()
}

/// DSTU2 states in `transactionMode` what later versions list as system interactions.
fn transaction_modes(rest: &Value, path: &str) -> Vec<Stated<String>> {
    let codes: &[&str] = match text(rest, "transactionMode") {
        Some("batch") => &["batch"],
        Some("transaction") => &["transaction"],
        Some("both") => &["transaction", "batch"],
        _ => &[],
    };
    let listed = |code: &str| items(rest, "interaction").any(|(_, i)| text(i, "code") == Some(code));
    codes
        .iter()
        .filter(|c| !listed(c))
        .map(|c| Stated { value: (*c).to_owned(), expectation: None, path: format!("{path}.transactionMode") })
        .collect()
}

fn security(rest: &Value, path: &str) -> Vec<Stated<String>> {
    let security = rest.get("security").unwrap_or(&Value::Null);
    let code = |service: &Value| {
        items(service, "coding")
            .find_map(|(_, c)| text(c, "code").map(str::to_owned))
            .or_else(|| text(service, "text").map(str::to_owned))
    };
    items(security, "service")
        .filter_map(|(i, s)| {
            Some(Stated { value: code(s)?, expectation: expectation(s), path: format!("{path}.security.service[{i}]") })
        })
        .collect()
}

fn codes(value: &Value, name: &str, path: &str) -> Vec<Stated<String>> {
    items(value, name)
        .filter_map(|(i, e)| {
            Some(Stated {
                value: text(e, "code")?.to_owned(),
                expectation: expectation(e),
                path: format!("{path}.{name}[{i}]"),
            })
        })
        .collect()
}

/// Search parameters and operations; a `$` before an operation's name is dropped.
fn named(value: &Value, name: &str, path: &str) -> Vec<Stated<Named>> {
    let of = |(i, e): (usize, &Value)| {
        let definition =
            e.get("definition").and_then(|d| d.as_str().or_else(|| text(d, "reference"))).filter(|d| !d.is_empty());
        let item = text(e, "name").unwrap_or_default();
        let item = if name == "operation" { item.trim_start_matches('$') } else { item };
        let named = Named {
            name: item.to_owned(),
            definition: definition.map(str::to_owned),
            kind: text(e, "type").filter(|_| name == "searchParam").map(str::to_owned),
        };
        (!item.is_empty() || definition.is_some()).then(|| Stated {
            value: named,
            expectation: expectation(e),
            path: format!("{path}.{name}[{i}]"),
        })
    };
    items(value, name).filter_map(of).collect()
}

/// The strings of a primitive list without its nulls, with the expectations of its primitive extension (`_name`).
fn primitives(value: &Value, name: &str, path: &str) -> Vec<Stated<String>> {
    let primitive_extensions = value.get(format!("_{name}")).and_then(Value::as_array);
    let lead = if path.is_empty() { String::new() } else { format!("{path}.") };
    let own = |i: usize| primitive_extensions.and_then(|t| t.get(i)).and_then(expectation);
    items(value, name)
        .filter_map(|(i, v)| {
            Some(Stated {
                value: v.as_str().filter(|s| !s.is_empty())?.to_owned(),
                expectation: own(i),
                path: format!("{lead}{name}[{i}]"),
            })
        })
        .collect()
}

fn canonicals(value: &Value, name: &str) -> Vec<Stated<Canonical>> {
    primitives(value, name, "")
        .into_iter()
        .map(|s| Stated { value: parse_canonical(&s.value), expectation: s.expectation, path: s.path })
        .collect()
}

/// Canonicals or, before R4, References: one or a list.
fn references(value: &Value, name: &str, path: &str) -> Vec<Stated<Canonical>> {
    let lead = if path.is_empty() { String::new() } else { format!("{path}.") };
    let primitive_extension = value.get(format!("_{name}"));
    let one = |element: &Value, primitive_extension: Option<&Value>, path: String| {
        let target = element.as_str().or_else(|| text(element, "reference")).filter(|s| !s.is_empty())?;
        Some(Stated {
            value: parse_canonical(target),
            expectation: expectation(element).or_else(|| primitive_extension.and_then(expectation)),
            path,
        })
    };
    match value.get(name) {
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .filter_map(|(i, e)| one(e, primitive_extension.and_then(|t| t.get(i)), format!("{lead}{name}[{i}]")))
            .collect(),
        Some(element) => one(element, primitive_extension, format!("{lead}{name}")).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Drops relative references, which mean nothing outside their server, with an issue for each.
fn absolute(claims: Vec<Stated<Canonical>>, party: Party, issues: &mut Vec<Issue>) -> Vec<Stated<Canonical>> {
    let mut kept = Vec::with_capacity(claims.len());
    for claim in claims {
        if is_absolute_uri(&claim.value.url) {
            kept.push(claim);
        } else {
            issues.push(Issue::information(
                Reason::RelativeReference,
                party,
                &claim.path,
                format!("the relative reference `{}` has no meaning outside its server and is ignored", claim.value),
            ));
        }
    }
    kept
}

fn items<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (usize, &'v Value)> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().enumerate()
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}
