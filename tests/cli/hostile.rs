//! Input that was made to hurt: each is answered with its own issue or message, and nothing ends but the run.

use std::time::{Duration, Instant};

use crate::support::{
    INVALID, PATIENT, accord, accord_reading, accord_with_images, archive, folder, guide, issues, path,
};

/// The rules that an instance breaks.
fn rules(text: &[u8]) -> Vec<String> {
    rules_of(text, 1)
}

/// The rules that the outcome lists, of a run that ends so.
fn rules_of(text: &[u8], code: i32) -> Vec<String> {
    let started = Instant::now();
    let run = accord_reading(text, &["validate", "-", "--format", "json"]).ended(code);
    assert!(started.elapsed() < Duration::from_secs(60), "it took {:?}", started.elapsed());
    issues(&run.json()).into_iter().filter_map(|i| i.split(' ').nth(1).map(str::to_owned)).collect()
}

#[test]
fn nesting_a_million_deep() {
    let arrays = format!("{{\"resourceType\":\"Patient\",\"name\":{}", "[".repeat(1_000_000));
    assert_eq!(rules_of(arrays.as_bytes(), 3), ["limit-depth"]);
    let objects = format!("{{\"resourceType\":\"Patient\",\"extension\":{}", "[{\"extension\":".repeat(1_000_000));
    assert_eq!(rules_of(objects.as_bytes(), 3), ["limit-depth"]);
}

#[test]
fn fifty_megabytes_of_one_string() {
    let text = format!("{{\"resourceType\":\"Patient\",\"id\":\"{}\"}}", "a".repeat(50 << 20));
    assert_eq!(rules(text.as_bytes()).len(), 1);
    let blank = " ".repeat(50 << 20);
    assert_eq!(rules(blank.as_bytes()), ["json-empty"]);
}

#[test]
fn duplicate_keys() {
    let text = br#"{"resourceType":"Patient","gender":"male","gender":"female"}"#;
    assert!(rules(text).iter().any(|r| r == "json-duplicate-key"));
    let many = format!("{{\"resourceType\":\"Patient\"{}}}", ",\"gender\":\"male\"".repeat(20_000));
    assert!(rules(many.as_bytes()).iter().any(|r| r == "json-duplicate-key"));
}

#[test]
fn text_that_is_not_utf8() {
    assert_eq!(
        rules(b"{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"\xff\xfe\"}],\"gender\":\"man\"}"),
        ["json-utf8", "binding-required"]
    );
    assert_eq!(rules(b"\x00\x01\x02\xc3"), ["json-utf8"]);
}

#[test]
fn what_is_no_json() {
    assert_eq!(rules(b""), ["json-empty"]);
    assert_eq!(rules(b"[]"), ["json-not-object"]);
    let marked = accord_reading(
        b"\xef\xbb\xbf{\"resourceType\":\"Patient\",\"active\":true}",
        &["validate", "-", "--format", "json"],
    );
    assert_eq!(issues(&marked.json()), ["warning json-bom Patient"]);
    assert_eq!(rules(b"{\"resourceType\":\"Patient\",\"active\":true"), ["json-unexpected-end"]);
    assert_eq!(rules(br#"{"resourceType":"Patient","id":"\ud800"}"#)[1], "json-surrogate");
}

#[test]
fn a_number_longer_than_any_decimal() {
    let text = format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"valueQuantity":{{"value":1{}}}}}"#,
        "0".repeat(1_000_000)
    );
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]);
    assert!(run.code < 2, "{run:?}");
}

#[test]
fn more_issues_than_anyone_reads() {
    let text = format!(r#"{{"resourceType":"Patient","name":[{}{{}}]}}"#, "{\"given\":[\"\"]},".repeat(50_000));
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]).ended(1);
    let all = issues(&run.json());
    assert!(all.len() <= 1001 && all.iter().any(|i| i.contains("limit-issues")), "{}", all.len());
}

/// A package that is refused with a message that names it.
fn refused(bytes: &[u8]) -> String {
    let files = folder(&[("guide.tgz", bytes), ("p.json", PATIENT.as_bytes())]);
    let run = accord(&["validate", &path(&files, "p.json"), "--package", &path(&files, "guide.tgz")]).ended(3);
    assert!(run.out.is_empty() && run.err.starts_with("error: package `"), "{run:?}");
    run.err
}

const MANIFEST: &[u8] = br#"{"name":"test.guide","version":"1.0.0","fhirVersions":["4.0.1"]}"#;

#[test]
fn an_archive_that_leaves_its_folder() {
    for name in ["package/../../evil.json", "../evil.json", "/tmp/evil.json"] {
        let said = refused(&archive(&[("package/package.json", MANIFEST), (name, b"{}")]));
        assert!(said.contains(name) && said.contains("leave the package's folder"), "{name}: {said}");
    }
}

#[test]
fn an_archive_that_grows_without_end() {
    let zeros = vec![b' '; 200 << 20];
    let packed = archive(&[("package/package.json", MANIFEST), ("package/bomb.json", &zeros)]);
    assert!(packed.len() < 1 << 20);
    let said = refused(&packed);
    assert!(said.contains("limit"), "{said}");
}

#[test]
fn an_archive_that_is_none() {
    refused(b"this is no archive");
    refused(&archive(&[("package/package.json", b"{")]));
    let whole = guide();
    refused(&whole[..whole.len() / 2]);
}

#[test]
fn a_damaged_image_is_built_anew() {
    let files = folder(&[("guide.tgz", &guide()), ("p.json", br#"{"resourceType":"Patient","id":"p"}"#)]);
    let images = tempfile::TempDir::new().unwrap();
    let (instance, package) = (path(&files, "p.json"), path(&files, "guide.tgz"));
    let run = || {
        accord_with_images(
            images.path(),
            &[
                "validate",
                &instance,
                "--package",
                &package,
                "--profile",
                "http://guide.test/tall-patient",
                "--format",
                "json",
            ],
        )
        .ended(1)
    };
    let first = run();
    assert_eq!(issues(&first.json()), ["error element-min Patient"]);
    let made: Vec<_> = std::fs::read_dir(images.path()).unwrap().map(|e| e.unwrap().path()).collect();
    let [image] = &made[..] else { panic!("expected one image, found {made:?}") };
    let whole = std::fs::read(image).unwrap();
    let mut turned = whole.clone();
    let middle = turned.len() / 2;
    turned[middle] ^= 0x10;
    for damaged in [&whole[..whole.len() / 2], &whole[..3], &turned[..], b"", &[0xff; 4096]] {
        std::fs::remove_file(image).unwrap();
        std::fs::write(image, damaged).unwrap();
        assert_eq!(run().out, first.out);
        assert!(std::fs::read(image).unwrap() == whole, "the image was not built anew");
    }
}

#[test]
fn a_folder_of_images_that_cannot_be_written_to() {
    let files = folder(&[
        ("guide.tgz", &guide()),
        ("p.json", INVALID.as_bytes()),
        ("images", b"a file stands where a folder belongs"),
    ]);
    let images = files.path().join("images");
    accord_with_images(&images, &["validate", &path(&files, "p.json"), "--package", &path(&files, "guide.tgz")])
        .ended(1);
}

#[test]
fn a_thousand_issues_on_one_long_line_are_underlined_where_they_are() {
    let names = format!("[{}]", vec![r#"{"use":"né","family":"é"}"#; 20_000].join(","));
    let text = format!(r#"{{"resourceType":"Patient","name":{names},"gender":"man"}}"#);
    let run = accord_reading(text.as_bytes(), &["validate", "-"]).ended(1);
    let lines: Vec<&str> = run.out.lines().collect();
    let marks: Vec<(&str, &str)> =
        lines.windows(2).filter(|w| w[0].starts_with("1 | ") && w[1].contains('^')).map(|w| (w[0], w[1])).collect();
    assert!(marks.len() > 900, "{}", marks.len());
    for (line, mark) in marks.iter().filter(|(line, _)| line.starts_with("1 | …")) {
        let at = mark.chars().position(|c| c == '^').unwrap();
        let marked: String = line.chars().skip(at).take(2).collect();
        assert_eq!(marked, "né", "{line}\n{mark}");
    }
}
