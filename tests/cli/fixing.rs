//! `accord validate --fix`: files that are fixed, and those that are not.

use crate::support::{accord, accord_reading, folder, path};

const BROKEN: &str =
    "{\r\n\t\"resourceType\" :\"Patient\",\r\n\t\"name\": {\"text\":\"\u{1f600}\"},\r\n\t\"active\":\"true\",\r\n}\r\n";
const MENDED: &str =
    "{\r\n\t\"resourceType\" :\"Patient\",\r\n\t\"name\": [{\"text\":\"\u{1f600}\"}],\r\n\t\"active\":true\r\n}\r\n";

fn read(name: &str) -> String {
    std::fs::read_to_string(name).unwrap()
}

#[test]
fn safe_fixes_are_written_and_all_else_is_kept() {
    let folder = folder(&[("a.json", BROKEN.as_bytes()), ("ok.json", br#"{"resourceType":"Patient","active":true}"#)]);
    let name = path(&folder, "a.json");
    let run = accord(&["validate", "--fix", &path(&folder, "")]).ended(0);
    assert_eq!(read(&name), MENDED);
    assert!(run.out.contains("-\t\"active\":\"true\",") && run.out.contains("+\t\"active\":true"), "{run:?}");
    assert!(!run.out.contains("ok.json\n+++") && run.err.contains("(element-array)"), "{run:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
    assert!(
        !accord(&["validate", "--fix", &name]).ended(0).out.contains("+++"),
        "the second time nothing is left to do"
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = folder(&[("a.json", BROKEN.as_bytes())]);
    let name = path(&folder, "a.json");
    let run = accord(&["validate", "--fix", "--dry-run", &name]).ended(1);
    assert!(run.out.contains("+++ b/") && run.err.contains("would be fixed"), "{run:?}");
    assert_eq!(read(&name), BROKEN);
    accord(&["validate", "--dry-run", &name]).ended(3);
}

#[test]
fn what_is_no_whole_file_of_text_is_not_fixed() {
    let line = r#"{"resourceType":"Patient","active":"true"}"#;
    let latin = b"{\"resourceType\":\"Patient\",\"active\":\"true\",\"language\":\"\xe4\"}";
    let folder = folder(&[("a.ndjson", line.as_bytes()), ("b.json", latin)]);
    let (lines, latin_name) = (path(&folder, "a.ndjson"), path(&folder, "b.json"));
    accord(&["validate", "--fix", "--ndjson", &lines]).ended(1);
    let run = accord(&["validate", "--fix", &latin_name]).ended(1);
    assert!(run.err.contains("is not UTF-8, and was not fixed"), "{run:?}");
    assert_eq!(std::fs::read(&latin_name).unwrap(), latin);
    let run = accord_reading(line.as_bytes(), &["validate", "--fix", "-"]).ended(3);
    assert!(run.err.contains("standard input cannot be fixed"), "{run:?}");
}

#[test]
fn a_result_for_programs_stays_one() {
    let folder = folder(&[("a.json", BROKEN.as_bytes())]);
    let run = accord(&["validate", "--fix", "--format", "json", &path(&folder, "a.json")]).ended(0);
    assert_eq!(run.json()["resourceType"], "OperationOutcome");
    assert!(run.err.contains("+++ b/"), "{run:?}");
}

#[test]
fn doubtful_fixes_are_left_to_the_author() {
    let text = r#"{"resourceType":"Patient","gendr":"male","gender":"man","name":[{"text":" a "}]}"#;
    let folder = folder(&[("a.json", text.as_bytes())]);
    let name = path(&folder, "a.json");
    accord(&["validate", "--fix", &name]).ended(1);
    assert_eq!(read(&name), text);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("a.json", BROKEN.as_bytes())]);
    let (name, link) = (path(&folder, "a.json"), path(&folder, "link.json"));
    std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&name, &link).unwrap();
    accord(&["validate", "--fix", &link]).ended(0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read(&name), MENDED);
    assert_eq!(std::fs::metadata(&name).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_read_only_file_is_left_alone() {
    let folder = folder(&[("a.json", BROKEN.as_bytes())]);
    let name = path(&folder, "a.json");
    let mut permissions = std::fs::metadata(&name).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&name, permissions).unwrap();
    let run = accord(&["validate", "--fix", &name]).ended(1);
    assert!(run.err.contains("is read-only, and was not fixed"), "{run:?}");
    assert_eq!(read(&name), BROKEN);
}

#[test]
fn what_the_project_leaves_out_is_not_fixed() {
    let text = br#"{"resourceType":"Patient","name":{"text":"a"},"active":"true"}"#;
    let settings = b"[[suppressions]]\nrule = \"element-array\"\nreason = \"as the sender writes it\"\n";
    let folder = folder(&[("a.json", text), ("accord.toml", settings)]);
    let (name, config) = (path(&folder, "a.json"), path(&folder, "accord.toml"));
    accord(&["validate", "--fix", "--config", &config, &name]).ended(0);
    assert_eq!(read(&name), r#"{"resourceType":"Patient","name":{"text":"a"},"active":true}"#);
    accord(&["validate", "--fix", "--no-config", &name]).ended(0);
    assert_eq!(read(&name), r#"{"resourceType":"Patient","name":[{"text":"a"}],"active":true}"#);
}
