//! Which room may use which: the direction of the house.

use crate::outside::{IMPURE, OUTSIDE};
use crate::paths::{allows, named};
use crate::source::{Source, rust, shipped};

/// A room and what it may name of its own crate.
type Row = (&'static str, &'static [&'static str]);

/// Inside `profiles`. What is not listed is forbidden; a part of a room stands where the whole of it would be too much.
const PROFILES: &[Row] = &[
    ("issue", &["instance::Place"]),
    ("instance", &["interrupt"]),
    ("model", &["instance", "definition::FhirVersion", "release"]),
    ("interrupt", &[]),
    ("pattern", &[]),
    ("bounded", &[]),
    ("definition", &[]),
    ("embedded", &[]),
    ("release", &["definition::FhirVersion"]),
    ("registry", &["definition", "release"]),
    ("decimal", &[]),
    ("ucum", &["decimal"]),
    ("xhtml", &["instance::is_xml_char", "instance::xml_reference", "model"]),
    ("xml", &["instance", "model", "xhtml"]),
    ("fhirpath", &["decimal", "instance", "interrupt", "model", "pattern", "ucum", "xhtml"]),
    ("script", &["decimal", "fhirpath", "instance", "interrupt", "model", "issue"]),
    ("search", &["bounded", "decimal", "fhirpath", "instance", "interrupt", "model", "ucum"]),
    ("terminology", &["definition", "pattern", "ucum"]),
    ("snapshot", &["definition", "interrupt", "registry", "issue"]),
    (
        "plan",
        &[
            "definition::FhirVersion",
            "definition::VersionRange",
            "definition::compare_versions",
            "definition::is_of_line",
            "registry::Links",
            "release",
            "fhirpath",
            "instance",
            "model",
            "terminology",
            "issue",
        ],
    ),
    (
        "compile",
        &[
            "snapshot",
            "registry",
            "definition",
            "release",
            "plan",
            "fhirpath",
            "instance::NameId",
            "model",
            "terminology",
            "issue",
        ],
    ),
    (
        "judge",
        &["plan", "model", "pattern", "release", "instance", "interrupt", "issue", "terminology", "fhirpath", "script"],
    ),
    (
        "assertion",
        &[
            "decimal",
            "judge",
            "definition::FhirVersion",
            "definition::bare",
            "release",
            "instance",
            "interrupt",
            "model",
            "xhtml",
            "issue",
            "plan",
            "fhirpath",
            "script",
            "terminology",
        ],
    ),
    // Of what is above it, a judge's words only: the walk comes through the port `generate::Judge`.
    ("generate", &["plan", "model", "terminology", "fhirpath", "instance", "issue", "judge::Weight"]),
    (
        "difference",
        &["decimal", "model", "plan", "relation::Inclusion", "relation::Values", "relation::inclusion", "terminology"],
    ),
    ("relation", &["decimal", "fhirpath", "generate", "instance::NameId", "interrupt", "model", "plan", "terminology"]),
    (
        "evaluate",
        &[
            "judge",
            "assertion",
            "generate",
            "plan",
            "fhirpath",
            "script",
            "instance",
            "interrupt",
            "model",
            "issue",
            "terminology::HeldTerminology",
        ],
    ),
    ("explain", &["evaluate", "judge", "assertion", "plan", "instance", "model", "issue"]),
];

/// Inside `capability`, for the rooms that must not know the whole; `negotiate` and `compare` bring them together.
const CAPABILITY: &[Row] = &[
    ("rules", &[]),
    ("reason", &[]),
    ("parties", &[]),
    ("expectation", &[]),
    ("scope", &["reason"]),
    ("policy", &[]),
    ("relation", &[]),
    ("definitions", &["relation"]),
    ("client", &["definitions", "scope"]),
    ("issue", &["reason", "rules"]),
    ("statement", &["definitions", "expectation", "issue", "parties", "reason"]),
    ("agreement", &["expectation", "issue", "observed", "parties", "reason", "relation", "rules", "scope_outcome"]),
    ("weighing", &["agreement", "expectation", "policy", "reason"]),
    ("scope_outcome", &["issue", "reason", "rules"]),
    ("grant", &["agreement", "scope_outcome", "issue", "policy", "reason", "scope"]),
    (
        "dimension",
        &[
            "agreement",
            "scope_outcome",
            "definitions",
            "expectation",
            "grant",
            "issue",
            "need",
            "observed",
            "policy",
            "reason",
            "relation",
            "rename",
            "rules",
            "scope",
            "statement",
            "succession",
        ],
    ),
    (
        "compare",
        &[
            "agreement",
            "scope_outcome",
            "definitions",
            "dimension",
            "expectation",
            "grant",
            "need",
            "policy",
            "reason",
            "rules",
            "statement",
            "weighing",
        ],
    ),
    ("observed", &[]),
    ("drift", &["agreement", "identity"]),
    ("part", &["agreement"]),
    ("prepared", &["definitions", "identity", "issue", "parties", "request", "size", "statement"]),
    ("size", &["request", "statement"]),
    ("without", &["agreement", "expectation", "issue", "part", "reason", "statement"]),
    ("matrix", &["agreement", "expectation", "part", "parties", "reason"]),
    (
        "standard",
        &[
            "agreement",
            "definitions",
            "expectation",
            "issue",
            "negotiate",
            "reason",
            "relation::Coverage",
            "request",
            "rules",
            "statement::parse_canonical",
            "statement::INTERACTION_FLAGS",
        ],
    ),
    ("hooks", &["agreement", "client", "identity", "policy", "request"]),
    ("ask", &["agreement", "grant", "reason", "scope"]),
    ("profile_set", &["agreement", "grant", "scope"]),
    ("broken", &["agreement", "reason", "scope"]),
    ("guard", &["scope"]),
];

/// Inside `src`: what a room may not name, for here most of it may be named.
const SOURCE: &[Row] = &[
    (
        "render",
        &["app", "cli", "http", "images", "packages", "remote", "store", "profiles::evaluate", "profiles::compile"],
    ),
    (
        "page",
        &["app", "cli", "http", "images", "packages", "remote", "store", "profiles::evaluate", "profiles::compile"],
    ),
    ("hl7", &["app", "cli", "http", "images", "packages", "remote", "store"]),
    ("wording", &["app", "cli", "http", "images", "packages", "page", "remote", "render", "store"]),
    ("images", &["app", "cli", "http", "remote", "render", "store"]),
    ("packages", &["app", "cli", "http", "images", "remote", "render", "store"]),
    ("remote", &["app", "cli", "http", "images", "render", "store"]),
    ("parties", &["app", "cli", "config", "http", "images", "packages", "render", "store"]),
    ("store", &["app", "cli", "http", "images", "remote", "render"]),
    ("terminology", &["app", "cli", "http", "remote", "render", "store"]),
    ("app", &["cli", "http", "render", "store"]),
    ("cursor", &["app", "cli", "elements", "fixes", "http", "images", "lsp", "packages", "remote", "render", "store"]),
    ("elements", &["app", "cli", "fixes", "http", "images", "lsp", "packages", "remote", "render", "store"]),
    ("fixes", &["app", "cli", "http", "images", "lsp", "packages", "remote", "render", "store"]),
    ("lsp", &["app", "cli", "http", "images", "packages", "remote", "render", "store"]),
    ("difference", &["cli", "http", "images", "remote", "render", "store"]),
    ("library", &["cli", "http", "images", "store"]),
    ("relations", &["cli", "http", "images", "remote", "render", "store"]),
    ("observed", &["cli", "http", "images", "packages", "remote", "render", "store"]),
    ("config", &["app", "cli", "http", "images", "packages", "remote", "store"]),
    ("telemetry", &["app", "cli", "config", "http", "images", "packages", "remote", "render", "store"]),
    ("schema", &["app", "cli", "config", "http", "images", "packages", "remote", "store"]),
    ("scripts", &["app", "cli", "http", "images", "packages", "remote", "store"]),
    ("fhirpath", &["cli", "http", "packages", "remote", "render", "store"]),
    ("guide_test", &["cli", "config", "http", "images", "remote", "render", "store"]),
    ("guard", &["cli", "config", "http", "images", "packages", "remote", "store"]),
    ("http", &["cli", "proxy", "token"]),
    ("token", &["app", "cli", "config", "http", "images", "packages", "proxy", "remote", "render", "store"]),
    ("proxy", &["app", "cli", "config", "images", "packages", "render", "store"]),
    ("project", &["app", "cli", "http", "images", "remote", "store"]),
    ("cli", &["store"]),
];

/// Files that import one another in a circle: their folder, their names in order, and the recursion or the tie that
/// makes them do so. What is listed here is allowed; a circle that is untied is removed from the list.
pub const CIRCLES: &[(&str, &str, &str)] = &[
    (
        "profiles/src/assertion/questionnaire/",
        "answer bound enable form item mod parts value",
        "the items of a response are judged along the items of its form, whose answers name values and bounds",
    ),
    ("profiles/src/assertion/slicing/", "mod near", "the nearest slice is found by matching an entry again"),
    (
        "profiles/src/fhirpath/",
        "compile compile/words",
        "the words of a part of an expression are compiled by the compiler of the whole",
    ),
    ("profiles/src/fhirpath/eval/", "logic mod", "operands of logic are expressions"),
    ("src/store/", "mod open", "a store is opened from its parts"),
    ("src/telemetry/", "json mod span tracer", "a span that ends goes to the tracer that began it"),
    (
        "profiles/src/issue/",
        "catalogue catalogue/advice catalogue/definitions catalogue/forms catalogue/meaning catalogue/structure \
         catalogue/subjects catalogue/syntax catalogue/terminology",
        "the catalogue is gathered from its parts, which are written in its rows",
    ),
    ("profiles/src/xhtml/", "link mod scan", "the scanner collects the links of what it reads"),
    (
        "capability/src/rules/",
        "capabilities grants guard mod profiles requirements scopes statements",
        "the catalogue is gathered from its parts, which are written in its rows",
    ),
    ("capability/src/weighing/", "mod script", "a script weighs what the room hands to it"),
    ("src/cli/package/", "add distill list lock mod", "the subcommands are gathered, and share how they write"),
];

/// The room of a file: the folder or file below `base`.
fn room<'p>(path: &'p str, base: &str) -> &'p str {
    let below = path.strip_prefix(base).unwrap_or(path);
    below.split(['/', '.']).next().unwrap_or(below)
}

fn forbidden(source: &Source, code: &str, base: &str, rows: &[Row]) -> Vec<String> {
    let own = room(&source.path, base);
    if own == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = rows.iter().find(|(r, _)| *r == own) else {
        return vec![format!("{}: the room `{own}` has no row in tests/tidy/walls.rs", source.path)];
    };
    let foreign =
        named(code, "crate::").into_iter().filter(|p| p.split("::").next() != Some(own) && !allows(allowed, p));
    foreign.map(|p| format!("{}: `{own}` may not use `crate::{p}`", source.path)).collect()
}

#[test]
fn rooms_of_profiles_keep_their_direction() {
    let all: Vec<String> =
        rust("profiles/src").iter().flat_map(|s| forbidden(s, &shipped(s), "profiles/src/", PROFILES)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn rooms_of_capability_keep_their_direction() {
    let known = |s: &Source| CAPABILITY.iter().any(|(r, _)| *r == room(&s.path, "capability/src/"));
    let all: Vec<String> = rust("capability/src")
        .iter()
        .filter(|s| known(s))
        .flat_map(|s| forbidden(s, &shipped(s), "capability/src/", CAPABILITY))
        .collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

fn forbidden_in_src(source: &Source, code: &str) -> Vec<String> {
    let below = source.path.strip_prefix("src/").unwrap_or(&source.path);
    let own = room(&source.path, "src/");
    let mut out = Vec::new();
    if let Some((_, refused)) = SOURCE.iter().find(|(r, _)| *r == own)
        && !(own == "cli" && below == "cli/serve.rs")
    {
        let mut paths = named(code, "crate::");
        paths.extend(named(code, "fhir_accord_profiles::").into_iter().map(|p| format!("profiles::{p}")));
        out.extend(
            paths
                .iter()
                .filter(|p| allows(refused, p))
                .map(|p| format!("{}: `{own}` may not use `crate::{p}`", source.path)),
        );
    }
    for (name, rooms) in OUTSIDE {
        let home = rooms.iter().any(|r| own == *r || below == *r);
        if !home && !named(code, &format!("{name}::")).is_empty() {
            out.push(format!("{}: only {} may use the crate `{name}`", source.path, rooms.join(" and ")));
        }
    }
    out
}

#[test]
fn rooms_of_src_keep_their_direction() {
    let all: Vec<String> = rust("src").iter().flat_map(|s| forbidden_in_src(s, &shipped(s))).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

fn impure(code: &str) -> Vec<&'static str> {
    IMPURE.iter().copied().filter(|w| code.contains(w)).collect()
}

#[test]
fn profiles_and_capability_do_no_io() {
    let sources = rust("profiles/src").into_iter().chain(rust("capability/src"));
    let all: Vec<String> = sources
        .flat_map(|s| impure(&shipped(&s)).into_iter().map(move |w| format!("{}: `{w}` is input or output", s.path)))
        .collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// The members of the workspace that a manifest depends on.
fn members(manifest: &str) -> Vec<&str> {
    let table = manifest.split("[dependencies]").nth(1).and_then(|t| t.split("\n[").next()).unwrap_or_default();
    ["fhir-accord-profiles", "fhir-accord-capability", "fhir-accord"]
        .into_iter()
        .filter(|m| table.lines().any(|l| l.split([' ', '.', '=']).next() == Some(m)))
        .collect()
}

#[test]
fn crates_keep_their_direction() {
    let read = |path: &str| std::fs::read_to_string(crate::source::root().join(path)).expect(path);
    assert_eq!(members(&read("profiles/Cargo.toml")), [""; 0]);
    assert_eq!(members(&read("capability/Cargo.toml")), ["fhir-accord-profiles"]);
    assert_eq!(members(&read("Cargo.toml")), ["fhir-accord-profiles", "fhir-accord-capability"]);
}

#[test]
fn each_wall_can_be_hit() {
    let made_up = |path: &str, code: &str| Source { path: path.to_owned(), text: code.to_owned() };
    let hits = |path: &str, code: &str| forbidden(&made_up(path, code), code, "profiles/src/", PROFILES).len();
    assert_eq!(hits("profiles/src/instance/json.rs", "use crate::plan::Handle;"), 1);
    assert_eq!(hits("profiles/src/instance/json.rs", "use crate::instance::Tape;"), 0);
    assert_eq!(hits("profiles/src/fhirpath/eval/mod.rs", "use crate::{model::Model, registry::PackageGraph};"), 1);
    assert_eq!(hits("profiles/src/assertion/value.rs", "use crate::definition::{Canonical, FhirVersion};"), 1);
    assert_eq!(hits("profiles/src/compile/mod.rs", "fn f(e: &crate::evaluate::Evaluator) {}"), 1);
    assert_eq!(hits("profiles/src/issue/mod.rs", "use crate::instance::{Place, Tape};"), 1);
    assert_eq!(hits("profiles/src/attic/mod.rs", ""), 1);
    let outside = |path: &str, code: &str| forbidden_in_src(&made_up(path, code), code).len();
    assert_eq!(outside("src/render/text.rs", "use fhir_accord_profiles::evaluate::Finding;"), 1);
    assert_eq!(outside("src/cli/validate.rs", "use crate::store::Store; fn f(db: sled::Db) {}"), 2);
    assert_eq!(outside("src/cli/serve.rs", "use crate::store::Store;"), 0);
    assert_eq!(impure("let now = std::time::SystemTime::now();").len(), 2);
    assert_eq!(impure("use std::fmt;").len(), 0);
    assert_eq!(
        members("[dependencies]\nfhir-accord.workspace = true\n[dev-dependencies]\nfhir-accord-profiles = 1"),
        ["fhir-accord"]
    );
}
