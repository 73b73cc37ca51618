//! The layouts of publishers.

use std::fmt::Write;

use super::Made;

const CORE: &str = "900000000000207008";
const SYNONYM: &str = "900000000000013009";
const FULL: &str = "900000000000003001";
const ENGLISH: &str = "900000000000509007";
const PREFERRED: &str = "900000000000548007";
const ACCEPTABLE: &str = "900000000000549004";
const IS_A: &str = "116680003";
const SOME: &str = "900000000000451002";
const CASE: &str = "900000000000448009";

/// Files by name.
pub type Files = Vec<(String, String)>;

/// A snapshot of SNOMED CT's Release Format 2, lines ended by CR LF.
pub fn rf2(all: &[Made], date: &str) -> Files {
    let mut concepts = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n".to_owned();
    let mut descriptions =
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\r\n".to_owned();
    let mut relationships = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\t\
                             characteristicTypeId\tmodifierId\r\n"
        .to_owned();
    let mut languages =
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId\r\n".to_owned();
    let mut number = 1_000_000u64;
    for made in all {
        let (id, active) = (&made.id, u8::from(!made.inactive));
        let _ = write!(concepts, "{id}\t{date}\t{active}\t{CORE}\t900000000000074008\r\n");
        // The preferred name is not the first one.
        let synonyms = made.synonyms.iter().map(|s| (s, SYNONYM, ACCEPTABLE));
        let names = synonyms.chain([(&made.full, FULL, PREFERRED), (&made.name, SYNONYM, PREFERRED)]);
        for (text, kind, how) in names {
            number += 1;
            let _ = write!(descriptions, "{number}011\t{date}\t1\t{CORE}\t{id}\ten\t{kind}\t{text}\t{CASE}\r\n");
            let _ = write!(languages, "{number}-a\t{date}\t1\t{CORE}\t{ENGLISH}\t{number}011\t{how}\r\n");
        }
        for parent in &made.parents {
            number += 1;
            let above = &all[*parent].id;
            let _ = write!(
                relationships,
                "{number}021\t{date}\t1\t{CORE}\t{id}\t{above}\t0\t{IS_A}\t900000000000011006\t{SOME}\r\n"
            );
        }
    }
    vec![
        (format!("Snapshot/Terminology/sct2_Concept_Snapshot_INT_{date}.txt"), concepts),
        (format!("Snapshot/Terminology/sct2_Description_Snapshot-en_INT_{date}.txt"), descriptions),
        (format!("Snapshot/Terminology/sct2_Relationship_Snapshot_INT_{date}.txt"), relationships),
        (format!("Snapshot/Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_{date}.txt"), languages),
    ]
}

/// A code as LOINC writes them.
pub fn loinc_code(place: usize) -> String {
    format!("{}-{}", 1000 + place, place % 10)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// LOINC's main table, with a byte order mark and all fields quoted, as it is published.
pub fn loinc(all: &[Made]) -> String {
    let mut out =
        "\u{FEFF}\"LOINC_NUM\",\"COMPONENT\",\"PROPERTY\",\"TIME_ASPCT\",\"SYSTEM\",\"SCALE_TYP\",\"METHOD_TYP\",\
                   \"CLASS\",\"VersionLastChanged\",\"STATUS\",\"CLASSTYPE\",\"SHORTNAME\",\"ORDER_OBS\",\
                   \"LONG_COMMON_NAME\",\"DisplayName\"\r\n"
            .to_owned();
    for (place, made) in all.iter().enumerate() {
        let scale = if place % 3 == 0 { "Doc" } else { "Qn" };
        let status = if made.inactive { "DEPRECATED" } else { "ACTIVE" };
        let short = made.synonyms.first().map_or("", String::as_str);
        let row = [
            &loinc_code(place),
            &made.name,
            "MCnc",
            "Pt",
            "Ser/Plas",
            scale,
            "",
            "CHEM",
            "2.77",
            status,
            "1",
            short,
            "Both",
            &made.full,
            "",
        ];
        let row: Vec<String> = row.iter().map(|t| quoted(t)).collect();
        let _ = write!(out, "{}\r\n", row.join(","));
    }
    out
}

/// RxNorm's names: RxNorm's own, and one of another source for each.
pub fn rxnconso(all: &[Made]) -> String {
    let mut out = String::new();
    for (place, made) in all.iter().enumerate() {
        let (code, suppressed) = (place + 100, if made.inactive { "O" } else { "N" });
        let _ = writeln!(out, "{code}|ENG||||||A{place}|||{code}|MTHSPL|DP|x|{} tablet|||N||", made.name);
        for (kind, text) in made.synonyms.iter().map(|s| ("SY", s)).chain([("SCD", &made.name)]) {
            let _ = writeln!(
                out,
                "{code}|ENG||||||B{place}|{code}|{code}||RXNORM|{kind}|{code}|{text}||{suppressed}|4096|"
            );
        }
    }
    out
}

/// One line of ICD-10-CM's order file.
pub fn icd10cm_line(number: usize, code: &str, billable: bool, short: &str, long: &str) -> String {
    format!("{number:05} {code:<7} {} {short:<60} {long}\r\n", u8::from(billable))
}

/// A ValueSet with the expansion of some codes.
pub fn value_set(
    url: &str,
    version: &str,
    system: &str,
    codes: &[(&str, &str)],
    total: usize,
    offset: usize,
) -> String {
    let contains: Vec<serde_json::Value> = codes
        .iter()
        .map(|(code, display)| serde_json::json!({"system": system, "code": code, "display": display}))
        .collect();
    serde_json::json!({"resourceType": "ValueSet", "url": url, "version": version, "status": "active",
        "expansion": {"timestamp": "2026-01-01", "total": total, "offset": offset,
            "parameter": [{"name": "offset", "valueInteger": offset}], "contains": contains}})
    .to_string()
}
