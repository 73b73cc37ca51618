//! The expansion that a value set holds: it says what it was made from, and agrees with the definition
//! (<https://hl7.org/fhir/R4/valueset.html#expansion>).

mod versions;

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Judge, Scene, Weight};
use crate::plan::Handle;
use crate::plan::marks::{CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED};
use versions::{OF_SYSTEM, Used, tell};

/// The parameters that change how codes are shown, not which.
const OF_FORM: [&str; 7] = [
    "used-valueset",
    "used-supplement",
    "includeDesignations",
    "includeDefinition",
    "displayLanguage",
    "excludeNested",
    "designation",
];

/// The most codes that are put together to find those that a definition selects.
const MOST_CODES: usize = 500_000;

/// Codes with their systems.
type Codes = FxHashSet<(String, String)>;

/// Judges the expansion of a value set.
pub fn check<'t>(j: &mut Judge<'_, 't>, value_set: Node<'t>) {
    for expansion in named(value_set, "expansion") {
        if named(expansion, "identifier").next().is_none() {
            tell(j, expansion, Weight::Note, || {
                "the expansion has no identifier by which it could be told apart".into()
            });
        }
        let entries = entries(expansion);
        total(j, expansion, &entries);
        let used = versions::used(expansion);
        if named(expansion, "parameter").next().is_none() {
            tell(j, expansion, Weight::Warning, || {
                "the expansion has no parameters, so nobody can tell what it was made from".into()
            });
        } else {
            versions::stated(j, expansion, &entries, &used);
        }
        versions::compared(j, (value_set, expansion), &entries, &used);
        if is_plain(expansion) {
            agreement(j, value_set, expansion, &entries, &used);
        }
    }
}

/// All entries of an expansion, whatever their place in the tree.
fn entries<'t>(expansion: Node<'t>) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'t>> = named(expansion, "contains").collect();
    let mut next = 0;
    while let Some(entry) = found.get(next).copied() {
        found.extend(named(entry, "contains"));
        next += 1;
    }
    found
}

/// There are no more entries than are stated in total; groupers need not be counted.
fn total<'t>(j: &mut Judge<'_, 't>, expansion: Node<'t>, entries: &[Node<'t>]) {
    let number = |name| text(expansion, name).and_then(|t| t.parse::<u64>().ok());
    let (Some(total), offset) = (number("total"), number("offset").unwrap_or(0)) else { return };
    let is_counted = |e: &&Node<'t>| text(**e, "code").is_some() && text(**e, "abstract").is_none_or(|a| a != "true");
    let found = entries.iter().filter(is_counted).count() as u64;
    if offset.saturating_add(found) > total {
        tell(j, expansion, Weight::Warning, || {
            let behind = if offset > 0 { format!(" after the first {offset}") } else { String::new() };
            let codes = if found == 1 { "code" } else { "codes" };
            format!("the total is {total}, but the expansion has {found} {codes}{behind}")
        });
    }
}

/// Whether nothing is said that changes which codes belong: no filter, no limit, no page, and it is closed.
fn is_plain(expansion: Node<'_>) -> bool {
    let is_harmless = |p: Node<'_>| {
        text(p, "name").is_some_and(|n| OF_SYSTEM.contains(&&*n) || OF_FORM.contains(&&*n) || n.starts_with("warning"))
    };
    named(expansion, "parameter").all(is_harmless)
        && named(expansion, "extension").next().is_none()
        && text(expansion, "offset").is_none_or(|o| o == "0")
}

/// The expansion has the codes that the definition selects, as far as that can be told.
fn agreement<'t>(
    j: &mut Judge<'_, 't>,
    value_set: Node<'t>,
    expansion: Node<'t>,
    entries: &[Node<'t>],
    used: &Used<'t>,
) {
    let Some(compose) = named(value_set, "compose").next() else { return };
    let Some(wanted) = selected(j, compose, used) else { return };
    // What is abstract may be there only to lead to others.
    let (mut given, mut groups) = (Codes::default(), Codes::default());
    for entry in entries {
        match entry.child_text(NameId::SYSTEM).zip(entry.child_text(NameId::CODE)) {
            Some((system, code)) => {
                // Another version may have other codes.
                let version = entry.child_text(NameId::VERSION);
                if version.is_some_and(|v| !is_loaded(j, &system, &v)) {
                    return;
                }
                let of = if text(*entry, "abstract").is_some_and(|a| a == "true") { &mut groups } else { &mut given };
                of.insert((system.into_owned(), code.into_owned()));
            }
            None if entry.child_text(NameId::CODE).is_some() => return,
            None => {}
        }
    }
    differing(j, expansion, &given, &wanted, "also has");
    let total = text(expansion, "total").and_then(|t| t.parse::<usize>().ok());
    given.extend(groups);
    if total.is_none_or(|total| total <= given.len()) {
        differing(j, expansion, &wanted, &given, "does not have");
    }
}

/// Tells of codes that are only in the first of two sets: how many, and the first three.
fn differing<'t>(j: &mut Judge<'_, 't>, expansion: Node<'t>, these: &Codes, those: &Codes, verb: &str) {
    let mut only: Vec<&(String, String)> = these.difference(those).collect();
    if only.is_empty() {
        return;
    }
    only.sort_unstable();
    let (count, shown) = (only.len(), only.iter().take(3).map(|(system, code)| format!("`{system}#{code}`")));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = if count > 3 { format!(" and {} more", count - 3) } else { String::new() };
    let clause =
        if verb == "also has" { "which its definition does not select" } else { "which its definition selects" };
    tell(j, expansion, Weight::Warning, || format!("the expansion {verb} {shown}{more}, {clause}"));
}

fn is_loaded(scene: &Scene<'_, '_>, system: &str, version: &str) -> bool {
    scene.code_system(system).is_some_and(|(h, row)| scene.set.str(h.layer, row.version) == version)
}

/// The codes that a definition selects; `None` where that cannot be told here, or with too much work.
fn selected(scene: &Scene<'_, '_>, compose: Node<'_>, used: &Used<'_>) -> Option<Codes> {
    if text(compose, "inactive").is_some_and(|i| i == "false") {
        return None;
    }
    let (mut codes, mut left) = (Codes::default(), MOST_CODES);
    for include in named(compose, "include") {
        codes.extend(part(scene, include, used, &mut left)?);
    }
    for exclude in named(compose, "exclude") {
        for code in part(scene, exclude, used, &mut left)? {
            codes.remove(&code);
        }
    }
    Some(codes)
}

/// The codes of one include or exclude; `left` is how many may still be put together.
fn part(scene: &Scene<'_, '_>, include: Node<'_>, used: &Used<'_>, left: &mut usize) -> Option<Codes> {
    let mut spend = |codes: Codes| {
        *left = left.checked_sub(codes.len() + 1)?;
        Some(codes)
    };
    let mut codes = match include.child_text(NameId::SYSTEM) {
        Some(system) => Some(spend(of_system(scene, include, &system, used)?)?),
        None => None,
    };
    let mut imports = named(include, "valueSet").filter(|v| v.has_value());
    if let Some(import) = imports.next() {
        // R4 says of several both that the codes of any are meant, and those that are in all.
        if imports.next().is_some() {
            return None;
        }
        let imported = spend(of_value_set(scene, scene.set.find_value_set(&import.text(), None)?, used)?)?;
        codes = Some(match codes {
            Some(mut own) => {
                own.retain(|code| imported.contains(code));
                own
            }
            None => imported,
        });
    }
    Some(codes.unwrap_or_default())
}

/// The codes that an include lists, or all of a code system that is loaded in the version that was used.
fn of_system(scene: &Scene<'_, '_>, include: Node<'_>, system: &str, used: &Used<'_>) -> Option<Codes> {
    if named(include, "filter").next().is_some() {
        return None;
    }
    if named(include, "concept").next().is_some() {
        let codes = named(include, "concept").filter_map(|c| c.child_text(NameId::CODE));
        return Some(codes.map(|code| (system.to_owned(), code.into_owned())).collect());
    }
    let (handle, row) = match include.child_text(NameId::VERSION) {
        Some(version) => scene.code_system_version(system, &version)?,
        None => scene.code_system(system)?,
    };
    let loaded = scene.set.str(handle.layer, row.version);
    let is_other = |versions: &FxHashSet<Cow<'_, str>>| versions.iter().any(|v| !v.is_empty() && v != loaded);
    if !row.is_complete() || used.get(system).is_some_and(is_other) {
        return None;
    }
    let image = scene.set.layer(handle.layer);
    let concepts = image.concepts_in(row.slots).filter_map(|c| image.concept(c));
    Some(concepts.map(|c| (system.to_owned(), image.str(c.code).to_owned())).collect())
}

/// The codes of a value set that is loaded; `None` where it is open, or of other versions than were used.
fn of_value_set(scene: &Scene<'_, '_>, value_set: Handle, used: &Used<'_>) -> Option<Codes> {
    let image = scene.set.layer(value_set.layer);
    let row = scene.set.value_set(value_set)?;
    if !row.incomplete.is_empty() || row.open.len > 0 || !versions::is_of_used(scene, value_set, used) {
        return None;
    }
    let mut codes = Codes::default();
    for concept in image.concepts_in(row.slots).filter_map(|c| image.concept(c)) {
        match concept.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) {
            0 => codes.insert((image.str(concept.system).to_owned(), image.str(concept.code).to_owned())),
            CONCEPT_EXCLUDED => continue,
            _ => return None,
        };
    }
    Some(codes)
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::VALUE_SET_EXPANSION, |t| t.given().into())];

/// A value set of genders with these members, and an expansion of them with these.
macro_rules! expanded {
    ($include:literal, $expansion:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{
            "system":"http://hl7.org/fhir/administrative-gender""#,
            $include,
            r#"}]},"expansion":{"timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1",
            "contains":[{"system":"http://hl7.org/fhir/administrative-gender","code":"male"}]"#,
            $expansion,
            "}}"
        )
    };
}

/// The parameter that names the version of the genders.
macro_rules! used {
    ($version:literal) => {
        concat!(
            r#"{"name":"used-codesystem","valueUri":"http://hl7.org/fhir/administrative-gender|"#,
            $version,
            r#""}"#
        )
    };
}

/// A code system, and a value set of all its codes.
const TONES: &[&str] = &[
    r#"{"resourceType":"CodeSystem","id":"tones","url":"http://firing.test/tones","version":"2","status":"active",
    "content":"complete","concept":[{"code":"a"},{"code":"b"}]}"#,
    r#"{"resourceType":"ValueSet","id":"all-tones","url":"http://firing.test/ValueSet/all-tones","status":"active",
    "compose":{"include":[{"system":"http://firing.test/tones"}]}}"#,
];

/// A value set with this include, and the codes of a version of the tones.
macro_rules! tones {
    ($include:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"#,
            $include,
            r#"}]},"expansion":{"timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1","parameter":[{
            "name":"used-codesystem","valueUri":"http://firing.test/tones|§"}],"contains":[
            {"system":"http://firing.test/tones","code":"a"},{"system":"http://firing.test/tones","code":"b"}]}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    // Made from another version than the one that is loaded, or that the definition names.
    example(RuleId::VALUE_SET_EXPANSION, tones!(r#""system":"http://firing.test/tones""#), "1", "2").with(TONES),
    example(RuleId::VALUE_SET_EXPANSION, tones!(r#""valueSet":["http://firing.test/ValueSet/all-tones"]"#), "1", "2")
        .with(TONES),
    example(RuleId::VALUE_SET_EXPANSION, tones!(r#""system":"http://firing.test/tones","version":"2""#), "1", "2")
        .with(TONES),
    example(RuleId::VALUE_SET_EXPANSION, expanded!(r#","concept":[{"code":"male"}]"#, "§"), "",
        concat!(r#","parameter":["#, used!("4.0.1"), "]")),
    example(RuleId::VALUE_SET_EXPANSION, expanded!(r#","concept":[{"code":"male"}]"#,
        r#","parameter":[{"name":"used-codesystem","valueUri":"http://§"}]"#), "a.test|1",
        "hl7.org/fhir/administrative-gender|4.0.1"),
    example(RuleId::VALUE_SET_EXPANSION, concat!(r#"{"resourceType":"ValueSet","status":"draft","expansion":{
        "timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1","contains":[{
        "system":"http://hl7.org/fhir/administrative-gender","code":"male"}],"parameter":["#, used!("4.0.1"), "§]}}"),
        concat!(",", used!("4.0.0")), ""),
    example(RuleId::VALUE_SET_EXPANSION, concat!(r#"{"resourceType":"ValueSet","status":"draft","expansion":{
        "timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1","total":§,"contains":[{
        "system":"http://hl7.org/fhir/administrative-gender","code":"male"}],"parameter":["#, used!("4.0.1"), "]}}"),
        "0", "1"),
    example(RuleId::VALUE_SET_EXPANSION, concat!(r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{
        "system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"§"}]}]},"expansion":{
        "timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1","contains":[{
        "system":"http://hl7.org/fhir/administrative-gender","code":"male"}],"parameter":["#, used!("4.0.1"), "]}}"),
        r#"male"},{"code":"other"#, "male"),
    example(RuleId::VALUE_SET_EXPANSION, concat!(r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{
        "system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"§"}]}]},"expansion":{
        "timestamp":"2024-01-01T00:00:00Z","identifier":"urn:uuid:1","contains":[{
        "system":"http://hl7.org/fhir/administrative-gender","code":"male"}],"parameter":["#, used!("4.0.1"), "]}}"),
        "other", "male"),
    example(RuleId::VALUE_SET_EXPANSION, r#"{"resourceType":"ValueSet","status":"draft","expansion":{
        "timestamp":"2024-01-01T00:00:00Z","contains":[{§
        "system":"http://hl7.org/fhir/administrative-gender","code":"male"}],"identifier":"urn:uuid:1",
        "parameter":[{"name":"a","valueString":"b"}]}}"#, "", r#""version":"4.0.1","#),
];
