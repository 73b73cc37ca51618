//! Every layout that is read.

use std::io::Write;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{import, list, only, written};
use crate::support::{accord, folder, path};
use crate::terminologies::{concepts, layouts};

/// Url, version, codes, inactive codes of the one set in a folder.
fn told(folder: &TempDir) -> Value {
    let [one] = list(folder).try_into().unwrap();
    json!([one["url"], one["version"], one["codes"], one["inactive"]])
}

#[test]
fn csv_by_its_columns() {
    let text = "id;name;other;above;state;kind\r\nA1;\"Alpha; first\";\"Al \"\"pha\"\"\nline two\";;on;x\r\n\
                B2;Beta;;A1;off;y\r\n";
    let files = folder(&[("codes.csv", text.as_bytes())]);
    let into = TempDir::new().unwrap();
    let columns =
        ["--code", "id", "--display", "name", "--synonym", "other", "--parent", "above", "--inactive", "state=off"];
    let system = ["--system", "http://here.test/codes", "--version", "7"];
    let run = import(&into, &[&[&path(&files, "codes.csv")[..]][..], &columns, &system].concat()).ended(0);
    assert!(
        run.out.contains("imported: http://here.test/codes|7: code system, 2 codes, 1 inactive, 3 names"),
        "{run:?}"
    );
    assert_eq!(told(&into), json!(["http://here.test/codes", "7", 2, 1]));
}

#[test]
fn snomed_ct_snapshots_from_a_folder_and_an_archive() {
    let all = concepts(11, 400);
    let mut files = layouts::rf2(&all, "20260101");
    let full = files[0].0.replace("Snapshot", "Full");
    files.push((full, "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n1\t2\r\n".to_owned()));
    let (_kept, place) = written(&files);
    let inactive = all.iter().filter(|m| m.inactive).count();
    let edition = "http://snomed.info/sct/900000000000207008/version/20260101";
    let into = TempDir::new().unwrap();
    let run = import(&into, &[&place]).ended(0);
    assert!(run.err.contains("not a snapshot; only snapshots are read"), "{run:?}");
    assert_eq!(told(&into), json!(["http://snomed.info/sct", edition, 400, inactive]));
    // The same from a zip gives the same file.
    let zipped = TempDir::new().unwrap();
    let archive = path(&zipped, "release.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    for (name, text) in &files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let again = TempDir::new().unwrap();
    import(&again, &[&archive]).ended(0);
    assert_eq!(std::fs::read(only(&into)).unwrap(), std::fs::read(only(&again)).unwrap());
}

#[test]
fn a_national_edition_of_several_modules() {
    let all = concepts(12, 60);
    let mut files = layouts::rf2(&all, "20260101");
    let header = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n";
    // One concept of an extension, and a later row that retires one of the core.
    let own = format!(
        "{header}991000124102\t20260301\t1\t731000124108\t900000000000074008\r\n\
         {}\t20260301\t0\t731000124108\t900000000000074008\r\n",
        all[1].id
    );
    files.push(("Snapshot/Terminology/sct2_Concept_Snapshot_US1000124_20260301.txt".to_owned(), own));
    let (_kept, place) = written(&files);
    let into = TempDir::new().unwrap();
    import(&into, &[&place]).ended(0);
    let inactive = 1 + all.iter().filter(|m| m.inactive).count();
    let edition = "http://snomed.info/sct/731000124108/version/20260301";
    assert_eq!(told(&into), json!(["http://snomed.info/sct", edition, 61, inactive]));
}

#[test]
fn loinc_with_its_release_in_the_archives_name() {
    let all = concepts(13, 300);
    let (_kept, place) = written(&[("Loinc_2.78/LoincTable/Loinc.csv".to_owned(), layouts::loinc(&all))]);
    let into = TempDir::new().unwrap();
    import(&into, &[&place]).ended(0);
    let inactive = all.iter().filter(|m| m.inactive).count();
    assert_eq!(told(&into), json!(["http://loinc.org", "2.78", 300, inactive]));
}

#[test]
fn rxnorm_with_retired_concepts() {
    let all = concepts(14, 200);
    let files = [
        ("RxNorm_full_01052026/rrf/RXNCONSO.RRF".to_owned(), layouts::rxnconso(&all)),
        ("RxNorm_full_01052026/rrf/RXNCUI.RRF".to_owned(), "999999|2010|2011|1|100|\n".to_owned()),
    ];
    let (_kept, place) = written(&files);
    let into = TempDir::new().unwrap();
    import(&into, &[&place]).ended(0);
    let inactive = 1 + all.iter().filter(|m| m.inactive).count();
    assert_eq!(told(&into), json!(["http://www.nlm.nih.gov/research/umls/rxnorm", "01052026", 201, inactive]));
}

#[test]
fn the_newest_release_comes_first() {
    let into = TempDir::new().unwrap();
    let all = concepts(15, 30);
    for date in ["12012025", "01052026", "03032025"] {
        let (_kept, place) = written(&[(format!("RxNorm_full_{date}/rrf/RXNCONSO.RRF"), layouts::rxnconso(&all))]);
        import(&into, &[&place]).ended(0);
    }
    for date in ["20260101", "20251201"] {
        let (_kept, place) = written(&layouts::rf2(&all, date));
        import(&into, &[&place]).ended(0);
    }
    let versions: Vec<String> = list(&into).iter().map(|one| one["version"].as_str().unwrap().to_owned()).collect();
    let edition = "http://snomed.info/sct/900000000000207008/version";
    let [newer, older] = ["20260101", "20251201"].map(|date| format!("{edition}/{date}"));
    assert_eq!(versions, [newer.as_str(), older.as_str(), "01052026", "12012025", "03032025"]);
}

/// Whether a code of a system is called unknown by what is held.
fn is_unknown(held: &TempDir, system: &str, code: &str) -> bool {
    let instance = json!({"resourceType": "Basic", "code": {"coding": [{"system": system, "code": code}]}}).to_string();
    let files = folder(&[("i.json", instance.as_bytes())]);
    let place = held.path().to_string_lossy().into_owned();
    let run = accord(&["validate", &path(&files, "i.json"), "--terminology", &place]);
    run.out.contains(&format!("code `{code}` is not in code system"))
}

#[test]
fn the_prescribable_part_of_rxnorm_leaves_other_codes_open() {
    let all = concepts(16, 30);
    let rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    let full = ("RxNorm_full_01052026/rrf/RXNCONSO.RRF".to_owned(), layouts::rxnconso(&all));
    let of_full = ("RxNorm_full_01052026/prescribe/rrf/RXNCONSO.RRF".to_owned(), layouts::rxnconso(&all[..20]));
    let alone = ("RxNorm_full_prescribe_01052026/rrf/RXNCONSO.RRF".to_owned(), layouts::rxnconso(&all[..20]));
    for (files, content) in
        [(vec![full, of_full.clone()], "complete"), (vec![of_full], "fragment"), (vec![alone], "fragment")]
    {
        let (_kept, place) = written(&files);
        let into = TempDir::new().unwrap();
        let run = import(&into, &[&place]).ended(0);
        assert_eq!(list(&into)[0]["content"], content, "{files:?}");
        assert_eq!(run.err.contains("the prescribable subset"), content == "fragment", "{run:?}");
        assert_eq!(is_unknown(&into, rxnorm, "7777777"), content == "complete", "{files:?}");
    }
}

#[test]
fn an_extension_of_snomed_ct_without_the_core_leaves_other_codes_open() {
    let text = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n\
                991000124102\t20260301\t1\t731000124108\t900000000000074008\r\n";
    let name = "Snapshot/Terminology/sct2_Concept_Snapshot_US1000124_20260301.txt";
    let (_kept, place) = written(&[(name.to_owned(), text.to_owned())]);
    let into = TempDir::new().unwrap();
    let run = import(&into, &[&place]).ended(0);
    assert!(run.out.contains("code system, in part, 1 code, 0 names"), "{run:?}");
    assert!(run.err.contains("no concept `138875005`: an extension without the core"), "{run:?}");
    assert!(run.err.contains("1 code set with codes missing"), "{run:?}");
    assert!(!is_unknown(&into, "http://snomed.info/sct", "73211009"));
    // With the core it is whole.
    let core = TempDir::new().unwrap();
    let (_kept, place) = written(&layouts::rf2(&concepts(17, 30), "20260301"));
    import(&core, &[&place]).ended(0);
    assert!(is_unknown(&core, "http://snomed.info/sct", "73211009"));
}

#[test]
fn icd_10_cm_order_file() {
    let rows = [("A00", false, "Long name"), ("A000", true, "Long name of it"), ("A00X11A", true, "Deep down")];
    let lines = rows
        .iter()
        .zip(1..)
        .map(|((code, billable, long), n)| layouts::icd10cm_line(n, code, *billable, "Short", long));
    let text: String = lines.collect();
    let (_kept, place) = written(&[("icd10cm-order-2026.txt".to_owned(), text)]);
    let into = TempDir::new().unwrap();
    import(&into, &[&place]).ended(0);
    assert_eq!(told(&into), json!(["http://hl7.org/fhir/sid/icd-10-cm", "2026", 3, 0]));
}

#[test]
fn fhir_code_systems_value_sets_and_pages_of_expansions() {
    let system = r#"{"resourceType":"CodeSystem","url":"http://here.test/cs","version":"1","content":"complete",
        "concept":[{"code":"a","display":"A","concept":[{"code":"b"}]}]}"#;
    let vs = |codes: &[(&str, &str)], total, offset| {
        layouts::value_set("http://here.test/vs", "1", "http://here.test/cs", codes, total, offset)
    };
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{system}}}]}}"#);
    let files = [
        ("all.json".to_owned(), bundle),
        ("page-1.json".to_owned(), vs(&[("a", "A"), ("b", "B")], 3, 0)),
        ("page-2.json".to_owned(), vs(&[("c", "C")], 3, 2)),
    ];
    let (_kept, place) = written(&files);
    let into = TempDir::new().unwrap();
    let run = import(&into, &[&place]).ended(0);
    assert!(run.out.contains("http://here.test/vs|1: value set, 3 codes"), "{run:?}");
    assert!(run.out.contains("http://here.test/cs|1: code system, 2 codes"), "{run:?}");
    // One page alone is a part.
    let part = TempDir::new().unwrap();
    let run = import(&part, &[&format!("{place}/page-1.json")]).ended(0);
    assert!(run.out.contains("value set, in part, 2 codes"), "{run:?}");
    assert!(run.err.contains("2 of 3 codes are there"), "{run:?}");
}

#[test]
fn what_is_imported_is_listed_and_removed() {
    let files = folder(&[("a.csv", b"code,name\nx,X\n")]);
    let into = TempDir::new().unwrap();
    for version in ["1", "2"] {
        let system = ["--system", "http://here.test/a", "--version", version, "--code", "code", "--display", "name"];
        import(&into, &[&[&path(&files, "a.csv")[..]][..], &system].concat()).ended(0);
    }
    let place = into.path().to_string_lossy().into_owned();
    let with = |words: &[&str]| accord(&[&["terminology"], words, &["--terminology", &place]].concat());
    let text = with(&["list"]).ended(0).out;
    assert_eq!(text.lines().count(), 2);
    assert!(text.starts_with("http://here.test/a|2: code system, 1 code, 1 name, "), "{text}");
    let run = with(&["remove", "http://here.test/a|1"]).ended(0);
    assert!(run.out.starts_with("removed: http://here.test/a|1 ("), "{run:?}");
    assert_eq!(list(&into).len(), 1);
    let run = with(&["remove", "http://here.test/b"]).ended(3);
    assert!(run.err.contains("`http://here.test/b` is not among the imported terminology"), "{run:?}");
    with(&["remove", "http://here.test/a"]).ended(0);
    assert_eq!(with(&["list"]).ended(0).out, "");
}
