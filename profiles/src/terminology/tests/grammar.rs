//! Languages, media types, units, countries, currencies; against what is recorded of terminology servers where that is
//! here.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;

use serde_json::Value;

use super::super::*;
use crate::ucum::Unit;

/// A file of the shared folder; `None`, and a word about it, where it is not here.
pub(super) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ACCORD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = root.join(path);
    let found = file.exists();
    if !found {
        println!("not here: {}", file.display());
    }
    found.then_some(file)
}

#[test]
fn languages() {
    for tag in [
        "en",
        "EN-us",
        "de-CH-1996",
        "zh-Hans-CN",
        "zh-yue",
        "es-419",
        "i-klingon",
        "x-mine",
        "en-x-mine",
        "sl-rozaj-biske",
        "de-a-bcdef",
        "qaa",
        "sr-Latn",
    ] {
        assert!(language_tag(tag).is_some(), "{tag}");
    }
    for tag in
        ["", "e", "changed", "17", "en_US", "en-", "en-ZZZZ9", "xq", "no such", "en-US-US", "deutsch", "en--US", "é"]
    {
        assert!(language_tag(tag).is_none(), "{tag}");
    }
    let parts = language_tag("zh-Hans-CN").unwrap();
    assert!(
        parts.contains(LanguageParts::SCRIPT)
            && parts.contains(LanguageParts::REGION)
            && !parts.meets(LanguageParts::VARIANT)
    );
}

#[test]
fn media_types() {
    for text in [
        "text/plain",
        "application/fhir+json",
        "text/html; charset=UTF-8",
        "image/*",
        "multipart/related;type=\"application/dicom+xml\"",
        "json",
        "x-a/y.z+w",
    ] {
        assert!(is_media_type(text), "{text}");
    }
    for text in [
        "",
        "changed",
        "17",
        "text/",
        "/plain",
        "text plain",
        "text/pl ain",
        "text/plain;",
        "text/plain; charset",
        "[%x%]",
        "text/plain\u{7}",
    ] {
        assert!(!is_media_type(text), "{text}");
    }
}

#[test]
fn countries_and_currencies() {
    let all = Grammar::of_system("urn:iso:std:iso:3166").unwrap();
    assert!(
        ["DE", "DEU", "276", "US"].iter().all(|c| all.holds(c))
            && !["XQ", "de", "4217", "AND AD", ""].iter().any(|c| all.holds(c))
    );
    let money = Grammar::of_system("urn:iso:std:iso:4217").unwrap();
    assert!(
        ["EUR", "USD", "HRK", "XXX"].iter().all(|c| money.holds(c))
            && !["eur", "DEM1", "changed", "DEU"].iter().any(|c| money.holds(c))
    );
}

#[test]
fn units() {
    for text in [
        "1",
        "m",
        "/m",
        "10*3/uL",
        "10*-3",
        "m[H2O]",
        "mm[Hg]",
        "kg/m2",
        "{score}",
        "mL/min/{1.73_m2}",
        "[iU]/L",
        "L/(24.h)",
        "s-1",
        "%",
        "Cel",
        "m2.s-2",
        "[m/s2/Hz^(1/2)]",
        "1{c}",
        "U/(10.g){feces}",
        "10.nm",
        "umol/L",
        "dar",
    ] {
        assert!(Unit::parse(text).is_some(), "{text}");
    }
    for text in [
        "",
        "m/",
        "10+3/ul",
        "iU",
        "12h",
        "kgg",
        "k%",
        "m2m",
        "(m",
        "m)",
        "{a}m",
        "m{",
        "not a code",
        "changed",
        "m{é}",
        "KG",
        "/",
        "..",
        "m^2",
        "[m",
        "-1",
        "m9999999999999",
    ] {
        assert!(Unit::parse(text).is_none(), "{text}");
    }
    let dimension = |code: &str| Unit::parse(code).unwrap().dimension();
    assert_eq!(dimension("L/min"), dimension("m3.s-1"));
    assert_eq!(dimension("J"), dimension("kg.m2/s2"));
    assert_ne!(dimension("J"), dimension("W"));
    assert_eq!(dimension("[iU]/L"), None);
    assert!(Unit::parse(&"(".repeat(100_000)).is_none());
}

#[test]
fn functional_tests_of_ucum() {
    let Some(file) = shared("terminology/UcumFunctionalTests.xml") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let attribute = |tag: &str, name: &str| {
        tag.split_once(&format!(" {name}=\""))
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(value, _)| value.replace("&quot;", "\"").replace("&amp;", "&"))
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    let without_comments: String =
        text.split("<!--").map(|part| part.split_once("-->").map_or(part, |(_, rest)| rest)).collect();
    for tag in without_comments.split("<case ").skip(1) {
        let tag = format!(" {tag}");
        let (Some(id), Some(unit), Some(valid)) =
            (attribute(&tag, "id"), attribute(&tag, "unit"), attribute(&tag, "valid"))
        else {
            continue;
        };
        count += 1;
        if Unit::parse(&unit).is_some() != (valid == "true") {
            wrong.push(format!("{id} {unit} {valid}"));
        }
    }
    println!("{count} cases");
    assert!(count > 200 && wrong.is_empty(), "{wrong:?}");
}

#[test]
fn recorded_answers_of_terminology_servers() {
    let Some(file) = shared("tx-replay/entries.jsonl") else { return };
    let (mut count, mut wrong) = (0, std::collections::BTreeSet::new());
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let known: Vec<&Value> = if entry["kind"] == "expand" {
            entry["result"]["valueSet"]["expansion"]["contains"].as_array().into_iter().flatten().collect()
        } else {
            vec![&entry["result"]]
        };
        for answer in known {
            let (Some(system), Some(code)) = (answer["system"].as_str(), answer["code"].as_str()) else { continue };
            let Some(grammar) = Grammar::of_system(system) else { continue };
            count += 1;
            let unknown = answer["error"].as_str().is_some_and(|e| e.contains("Unknown code"));
            if grammar.holds(code) == unknown {
                wrong.insert(format!("{system}#{code}"));
            }
        }
    }
    println!("{count} answers, {} otherwise: {wrong:?}", wrong.len());
    assert!(count > 500 && wrong.is_empty());
}
