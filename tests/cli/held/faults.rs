//! What real files have: nothing is lost in silence, and nothing that is damaged is used.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::{import, list, only, written};
use crate::support::{accord, folder, path};
use crate::terminologies::{concepts, layouts};

/// Imports a CSV file with the columns `code`, `name` and `above`.
fn csv(text: &[u8]) -> (TempDir, crate::support::Run) {
    let files = folder(&[("a.csv", text)]);
    let into = TempDir::new().unwrap();
    let file = path(&files, "a.csv");
    let columns = ["--system", "http://here.test/a", "--code", "code", "--display", "name", "--parent", "above"];
    let run = import(&into, &[&[&file[..]][..], &columns].concat());
    (into, run)
}

#[test]
fn rows_of_csv_files() {
    let text =
        b"\xEF\xBB\xBFcode,name,above\r\na,A,\r\nb,B\r\n,C,\r\na,\"Another\nA\",\r\nd,D,nowhere\r\ne,M\xFCller,a\r\n";
    let (into, run) = csv(text);
    let run = run.ended(1);
    for line in [
        "a.csv`, line 3: expected 3 columns, found 2",
        "1 row with a wrong number of columns skipped",
        "a.csv`, line 4: `code` is empty",
        "a.csv`, line 5: code `a` came before",
        "a.csv`, line 7: no code `nowhere`",
        "1 link to a parent that is not among the codes left out",
        "a.csv`, line 8: the text is not UTF-8; it was read as Latin-1",
    ] {
        assert!(run.err.contains(line), "{line}: {run:?}");
    }
    assert_eq!(list(&into)[0]["codes"], 3);
}

#[test]
fn circles_are_cut_and_told() {
    let (into, run) = csv(b"code,name,above\na,A,c\nb,B,a\nc,C,b\nd,D,d\n");
    let run = run.ended(1);
    assert!(run.err.contains("2 links of the hierarchy that close a circle left out"), "{run:?}");
    assert_eq!(list(&into)[0]["codes"], 4);
}

#[test]
fn files_without_codes_or_columns() {
    for (text, why) in [
        (&b""[..], "a.csv`: the file is empty"),
        (b"code,name,above\n", "no codes found for `http://here.test/a`"),
        (b"id,name,above\nx,X,\n", "line 1: no column `code`; found id, name, above"),
    ] {
        let (into, run) = csv(text);
        let run = run.ended(3);
        assert!(run.err.contains(why), "{run:?}");
        assert!(list(&into).is_empty());
    }
}

#[test]
fn snomed_ct_rows_that_do_not_fit() {
    let all = concepts(21, 50);
    let mut files = layouts::rf2(&all, "20260101");
    files[0].1.push_str("12345678\t20260101\r\nnot-an-id\t20260101\t1\tx\ty\r\n");
    files[1].1.push_str("77770011\t20260101\t1\tx\t5550005\ten\t900000000000013009\tLost\tx\r\n");
    files[2].1.push_str("88880021\t20260101\t1\tx\t138875005\t5550005\t0\t116680003\tx\ty\r\n");
    let (_kept, place) = written(&files);
    let into = TempDir::new().unwrap();
    let run = import(&into, &[&place]).ended(1);
    for line in [
        "20260101.txt`, line 52: expected 5 columns, found 2",
        "line 53: `not-an-id` is not an identifier of SNOMED CT",
        "no concept `5550005`",
        "1 link to a parent that is not among the codes left out",
        "1 row about a code that is not among the codes left out",
    ] {
        assert!(run.err.contains(line), "{line}: {run:?}");
    }
    assert_eq!(list(&into)[0]["codes"], 50);
}

#[test]
fn wrong_files_of_a_release() {
    let all = concepts(22, 5);
    let snomed = layouts::rf2(&all, "20260101");
    let cases: Vec<(Vec<(String, String)>, &str)> = vec![
        (vec![snomed[1].clone()], "no snapshot of concepts"),
        (vec![("x/sct2_Concept_Full_INT_20260101.txt".to_owned(), snomed[0].1.clone())], "no snapshot of concepts"),
        (vec![("sct2_Concept_Snapshot_INT_1.txt".to_owned(), "a\tb\n".to_owned())], "line 1: expected the columns id"),
        (vec![("Part.csv".to_owned(), "PartNumber,PartName\nLP1-1,x\n".to_owned())], "no Loinc.csv among the files"),
        (vec![("RXNCUI.RRF".to_owned(), "1|\n".to_owned())], "no RXNCONSO.RRF among the files"),
        (
            vec![("icd10cm-codes-2026.txt".to_owned(), "A000    Cholera\n".to_owned())],
            "nothing found that can be imported",
        ),
        (vec![("a.json".to_owned(), "{\"resourceType\":\"Patient\"}".to_owned())], "Patient; expected a ValueSet"),
        (vec![("a.json".to_owned(), "{\"resourceType\":".to_owned())], "EOF while parsing"),
        (vec![("a.zip".to_owned(), "no zip".to_owned())], "the archive is damaged"),
    ];
    for (files, why) in cases {
        let (_kept, place) = written(&files);
        let into = TempDir::new().unwrap();
        let run = import(&into, &[&place]).ended(3);
        assert!(run.err.contains(why), "{why}: {run:?}");
        assert!(list(&into).is_empty());
    }
}

#[test]
fn a_format_that_is_named_wins_over_the_name() {
    let all = concepts(23, 5);
    let (_kept, place) = written(&[("table.txt".to_owned(), layouts::rxnconso(&all))]);
    let into = TempDir::new().unwrap();
    let file = format!("{place}/table.txt");
    import(&into, &[&file]).ended(3);
    // A file of one format is not read as another either.
    let run = import(&into, &["--format", "icd10cm", &file]).ended(3);
    assert!(run.err.contains("expected number, code, 0 or 1, and descriptions"), "{run:?}");
    assert!(list(&into).is_empty());
}

#[test]
fn damaged_files_are_refused_and_never_used() {
    let (into, run) = csv(b"code,name,above\na,A,\n");
    run.ended(0);
    let file = only(&into);
    let whole = std::fs::read(&file).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let instance = br#"{"resourceType":"Basic","code":{"coding":[{"system":"http://here.test/a","code":"z"}]}}"#;
    let place = into.path().to_string_lossy().into_owned();
    let instances = folder(&[("i.json", instance)]);
    let input = path(&instances, "i.json");
    let validate = || accord(&["validate", &input, "--terminology", &place]);
    let run = validate().ended(1);
    assert!(run.out.contains("code `z` is not in code system `http://here.test/a`"), "{run:?}");
    let mut changed = whole.clone();
    let at = changed.len() - 9;
    changed[at] ^= 1;
    let mut head = whole.clone();
    head[20] ^= 1;
    for (bytes, why) in [
        (&whole[..whole.len() - 8], "it is cut off"),
        (&whole[..100], "damaged"),
        (&changed, "it is damaged"),
        (&head, "damaged"),
        (b"accterms", "damaged"),
        (b"", "it is not a code set"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let run = validate().ended(3);
        assert!(run.err.contains(&file) && run.err.contains(why), "{why}: {run:?}");
        assert!(!run.out.contains("is not in code system"), "{run:?}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let files = folder(&[("a.csv", b"code\nx\n"), ("taken", b"")]);
    let (file, taken) = (path(&files, "a.csv"), path(&files, "taken"));
    let run = accord(&[
        "terminology",
        "import",
        &file,
        "--system",
        "http://here.test/a",
        "--code",
        "code",
        "--terminology",
        &taken,
    ])
    .ended(3);
    assert!(run.err.contains(&taken), "{run:?}");
}

#[test]
fn options_that_do_not_fit_the_files() {
    let files = folder(&[("a.csv", b"code\nx\n")]);
    let into = TempDir::new().unwrap();
    let file = path(&files, "a.csv");
    for (arguments, why) in [
        (&["--format", "csv"][..], "a CSV file needs --code COLUMN"),
        (&["--code", "code"], "a CSV file needs --system URL"),
        (&["--format", "xls"], "invalid value 'xls'"),
        (&["--code", "code", "--inactive", "x"], "expected COLUMN=VALUE"),
    ] {
        let run = import(&into, &[&[&file[..]][..], arguments].concat()).ended(3);
        assert!(run.err.contains(why), "{why}: {run:?}");
    }
}

#[test]
fn archives_that_unpack_to_far_more_are_refused() {
    let files = folder(&[]);
    let archive = path(&files, "a.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("RXNCONSO.RRF", options).unwrap();
    zip.write_all(&vec![b'\n'; (16 << 20) + 1]).unwrap();
    zip.finish().unwrap();
    let into = TempDir::new().unwrap();
    let run = import(&into, &[&archive]).ended(3);
    assert!(run.err.contains("RXNCONSO.RRF`: it exceeds the limit of 16777216 unpacked bytes"), "{run:?}");
}
