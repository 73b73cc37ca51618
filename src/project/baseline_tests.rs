use super::super::known::Known;
use super::*;

fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.json");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn it_is_sorted_and_reads_again() {
    let mut baseline = Baseline::default();
    for input in ["b.json", "a.json"] {
        let keys = ["z Patient", "a Patient.name"].map(|k| (k.to_owned(), 2));
        baseline.inputs.insert(input.to_owned(), keys.into());
    }
    let (_folder, path) = written("");
    baseline.write(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let places =
        ["\"a.json\"", "\"a Patient.name\": 2", "\"z Patient\": 2", "\"b.json\""].map(|t| text.find(t).unwrap());
    assert!(places.is_sorted() && text.ends_with("}\n"), "{text}");
    assert_eq!(Baseline::read(&path).unwrap(), Some(baseline));
}

#[test]
fn what_is_no_whole_baseline_is_refused() {
    let texts = [
        ("", "not a whole baseline"),
        (r#"{"version": 1, "inputs": {"a": {"k": 1}"#, "not a whole baseline"),
        (r#"{"version": 1, "inputs": {"a": {"k": -1}}}"#, "not a whole baseline"),
        (r#"{"version": 2, "issues": []}"#, "of version 1 is expected, and this file has `2`"),
        (r#"{"inputs": {}}"#, "has none"),
        (r#"{"version": 1, "inputs": {}, "more": 1}"#, "not a whole baseline"),
    ];
    for (text, why) in texts {
        let (_folder, path) = written(text);
        let told = Baseline::read(&path).unwrap_err().to_string();
        assert!(told.contains(why) && told.contains("known.json") && told.contains("--update-baseline"), "{told}");
    }
}

#[test]
fn a_missing_one_is_an_error_unless_it_is_to_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let open = |updates| Known::open(Path::new("known.json"), folder.path(), updates);
    assert!(open(false).unwrap_err().to_string().contains("--update-baseline"));
    assert!(open(true).is_ok());
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_leaves_the_file_as_it_was() {
    let full = Baseline::default().write(Path::new("/dev/full")).unwrap_err().to_string();
    assert!(full.contains("could not be written"), "{full}");
    let (folder, path) = written("as it was");
    std::fs::create_dir(folder.path().join("d")).unwrap();
    assert!(Baseline::default().write(&folder.path().join("d")).is_err());
    assert!(Baseline::default().write(&folder.path().join("none/known.json")).is_err());
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert!(Baseline::default().write(&path).unwrap_err().to_string().contains("it is read-only"));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "as it was");
}

#[test]
fn two_that_write_leave_a_whole_file() {
    let (_folder, path) = written("{}");
    let write = |n: usize| {
        let mut baseline = Baseline::default();
        let keys = (0..2_000).map(|i| (format!("rule-{n} Patient.element{i}"), 1));
        baseline.inputs.insert(format!("{n}.json"), keys.collect());
        for _ in 0..20 {
            baseline.write(&path).unwrap();
            assert_eq!(Baseline::read(&path).unwrap().unwrap().issues(), 2_000);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write(1));
        scope.spawn(|| write(2));
    });
}

/// A run that finds `key` in these inputs, and updates.
fn found(known: &Known, input: &str, key: &str) {
    let mut instance = known.instance((input, None), true);
    instance.knows(key.to_owned());
    known.saw(instance);
}

#[test]
fn runs_that_update_at_once_keep_each_others_inputs() {
    let (folder, path) = written(r#"{"version": 1, "inputs": {"old.json": {"k Patient": 2}}}"#);
    let inputs: Vec<String> = (0..8).map(|i| format!("{i}.json")).collect();
    inputs.iter().chain([&"old.json".to_owned()]).for_each(|i| std::fs::write(folder.path().join(i), "").unwrap());
    let runs: Vec<Known> = inputs.iter().map(|_| Known::open(&path, folder.path(), true).unwrap()).collect();
    std::thread::scope(|scope| {
        for (run, input) in runs.iter().zip(&inputs) {
            scope.spawn(move || {
                found(run, input, "k Patient");
                run.update().unwrap();
            });
        }
    });
    let all = Baseline::read(&path).unwrap().unwrap();
    assert_eq!((all.inputs.len(), all.issues()), (9, 10));
}

#[test]
fn what_another_run_has_broken_meanwhile_is_not_overwritten() {
    let (folder, path) = written(r#"{"version": 1, "inputs": {}}"#);
    let run = Known::open(&path, folder.path(), true).unwrap();
    std::fs::write(&path, r#"{"version": 2, "issues": []}"#).unwrap();
    found(&run, "a.json", "k Patient");
    assert!(run.update().unwrap_err().to_string().contains("of version 1 is expected"));
    assert!(std::fs::read_to_string(&path).unwrap().contains("\"version\": 2"));
}

#[test]
fn counts_that_no_run_wrote_do_not_overflow() {
    let most = u64::MAX;
    let (_folder, path) = written(&format!(r#"{{"version": 1, "inputs": {{"a": {{"x": {most}, "y": 5}}}}}}"#));
    assert_eq!(Baseline::read(&path).unwrap().unwrap().issues(), most);
}
