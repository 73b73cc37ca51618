//! Many inputs: lines, folders, compressed files and lists of files; several threads; what is not looked at.

use std::io::Write;
use std::path::Path;

use crate::support::{INVALID, OPEN, PATIENT, WARNED, accord, accord_reading, folder, path};

/// Lines of all verdicts, some blank, one that is no JSON.
fn mixed() -> String {
    let mut out = String::new();
    for i in 0..400 {
        let line = [PATIENT, INVALID, OPEN, WARNED, "", "{\"resourceType\":"][i % 6];
        out.push_str(&line.replace("\"id\":\"p\"", &format!("\"id\":\"p{i}\"")));
        out.push('\n');
    }
    out
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let files = folder(&[("a.ndjson", mixed().as_bytes()), ("b.json", INVALID.as_bytes())]);
    let [lines, one] = ["a.ndjson", "b.json"].map(|n| path(&files, n));
    for format in ["text", "json", "ndjson"] {
        let run = |jobs: &str| {
            accord(&["validate", &lines, &one, "--format", format, "--jobs", jobs, "--level", "information"]).ended(1)
        };
        let first = run("1");
        assert!(first.out.len() > 10_000);
        for jobs in ["2", "5"] {
            assert_eq!(run(jobs).out, first.out, "{format} {jobs}");
        }
    }
    accord(&["validate", &one, "--jobs", "0"]).ended(3);
}

#[test]
fn lines_are_the_same_from_anywhere() {
    let text = mixed();
    let files = folder(&[
        ("a.ndjson", text.as_bytes()),
        ("a.NDJSON.GZ", &gzip(text.as_bytes())),
        ("a.jsonl.zst", &zstd(text.as_bytes())),
        ("a.txt", text.as_bytes()),
    ]);
    let outcomes = |run: crate::support::Run| {
        let lines = run.ended(1).lines();
        let source =
            |l: &serde_json::Value| l["source"].as_str().unwrap().rsplit_once(':').map(|(_, n)| n.to_owned()).unwrap();
        lines.iter().map(|l| (source(l), l["verdict"].clone(), l["outcome"].clone())).collect::<Vec<_>>()
    };
    let of = |name: &str, more: &[&str]| {
        let file = path(&files, name);
        let arguments: Vec<&str> = ["validate", &file, "--format", "ndjson"].iter().chain(more).copied().collect();
        outcomes(accord(&arguments))
    };
    let expected = of("a.ndjson", &[]);
    assert_eq!(expected.len(), 334);
    assert_eq!(expected.last().unwrap().0, "400");
    assert_eq!(of("a.NDJSON.GZ", &[]), expected);
    assert_eq!(of("a.jsonl.zst", &[]), expected);
    assert_eq!(of("a.txt", &["--ndjson"]), expected);
    for packed in [text.clone().into_bytes(), gzip(text.as_bytes()), zstd(text.as_bytes())] {
        assert_eq!(outcomes(accord_reading(&packed, &["validate", "-", "--format", "ndjson"])), expected);
    }
}

/// The most memory in megabytes that so many lines of 1.1 KB take.
#[cfg(target_os = "linux")]
fn peak_megabytes(lines: usize) -> u64 {
    use crate::support::command;
    use std::process::Stdio;
    let name = "x".repeat(1000);
    let mut child = command(&["validate", "-", "--ndjson", "--format", "ndjson", "--quiet", "--jobs", "2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = std::io::BufWriter::new(child.stdin.take().unwrap());
    let writing = std::thread::spawn(move || {
        for i in 0..lines {
            writeln!(input, r#"{{"resourceType":"Patient","id":"p{i}","name":[{{"family":"{name}"}}]}}"#).unwrap();
        }
    });
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let kilobytes = status.lines().find_map(|l| l.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    writing.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    peak >> 10
}

#[cfg(target_os = "linux")]
#[test]
fn a_long_stream_takes_no_more_memory_than_a_short_one() {
    let (short, long) = (peak_megabytes(3_000), peak_megabytes(60_000));
    assert!(short > 0 && long < short + 12, "{short} MB for 3,000 lines, {long} MB for 60,000 (66 MB of text)");
}

#[test]
fn one_instance_on_several_lines_is_one() {
    let text = "{\"resourceType\":\"Patient\",\"name\":[\n{\"family\":\"x\"}\n]}";
    let run = accord_reading(text.as_bytes(), &["validate", "-"]).ended(0);
    assert!(run.out.starts_with("-: valid\n"), "{}", run.out);
    let single = accord_reading(format!("{INVALID}\n").as_bytes(), &["validate", "-"]).ended(1);
    assert!(single.out.starts_with("-: invalid\n"), "{}", single.out);
    let forced = accord_reading(format!("{INVALID}\n").as_bytes(), &["validate", "-", "--ndjson"]).ended(1);
    assert!(forced.out.starts_with("-:1: invalid\n"), "{}", forced.out);
}

#[test]
fn a_folder_tells_what_it_does_not_read() {
    let files = folder(&[
        ("d/a.JSON", INVALID.as_bytes()),
        ("d/b.json.gz", &gzip(INVALID.as_bytes())),
        ("d/notes.txt", b"x"),
        ("d/more.TXT", b"x"),
        ("d/plain", b"x"),
        ("elsewhere/c.json", INVALID.as_bytes()),
    ]);
    let d = path(&files, "d");
    std::os::unix::fs::symlink(files.path().join("elsewhere/c.json"), Path::new(&d).join("c.json")).unwrap();
    std::os::unix::fs::symlink(files.path().join("elsewhere"), Path::new(&d).join("folder")).unwrap();
    std::os::unix::fs::symlink("..", Path::new(&d).join("up")).unwrap();
    let run = accord(&["validate", &d]).ended(1);
    let heads: Vec<String> = run.out.lines().filter(|l| l.ends_with(": invalid")).map(|l| l.replace(&d, "")).collect();
    assert_eq!(heads, ["/a.JSON: invalid", "/b.json.gz: invalid", "/c.json: invalid"]);
    let told = "not looked at: 3 files with other endings (none 1, .txt 2), 2 links to folders; name a file or \
                folder to have it read\n";
    assert!(run.err.starts_with(told), "{}", run.err);
    assert_eq!(accord(&["validate", &d, "--quiet"]).ended(1).err, "");
    let named = accord(&["validate", &d, "--verbose"]).ended(1);
    assert!(named.err.contains("/d/folder`, a link to a folder"), "{}", named.err);
    std::os::unix::fs::symlink("nowhere", Path::new(&d).join("lost.json")).unwrap();
    let lost = accord(&["validate", &d]).ended(3);
    assert!(lost.err.contains("/lost.json`") && lost.out == run.out, "{}", lost.err);
}

#[test]
fn what_cannot_be_read_is_all_told_and_the_rest_is_validated() {
    let packed = gzip(mixed().as_bytes());
    let files = folder(&[("cut.ndjson.gz", &packed[..packed.len() / 2]), ("b.json", PATIENT.as_bytes())]);
    let [cut, valid] = ["cut.ndjson.gz", "b.json"].map(|n| path(&files, n));
    let run = accord(&["validate", "no/one.json", &cut, "no/two.json", &valid]).ended(3);
    for says in ["`no/one.json`", "`no/two.json`", "cut.ndjson.gz`", "3 could not be read"] {
        assert!(run.err.contains(says), "{says}: {}", run.err);
    }
    assert!(run.out.contains("cut.ndjson.gz:1: valid") && run.out.contains("b.json: valid"), "{}", run.out);
    let nothing = folder(&[("a.ndjson", b"\n\n")]);
    let run = accord(&["validate", &path(&nothing, "a.ndjson")]).ended(3);
    assert!(run.err.contains("nothing was examined"), "{}", run.err);
}

#[test]
fn names_of_inputs_may_come_from_a_list() {
    let files = folder(&[("a.json", PATIENT.as_bytes()), ("b c.json", INVALID.as_bytes())]);
    let [a, b] = ["a.json", "b c.json"].map(|n| path(&files, n));
    let expected = accord(&["validate", &a, &b]).ended(1).out;
    let lines = format!("{a}\n\n{b}\n");
    assert_eq!(accord_reading(lines.as_bytes(), &["validate", "--files-from", "-"]).ended(1).out, expected);
    let nul = format!("{a}\0{b}\0");
    assert_eq!(accord_reading(nul.as_bytes(), &["validate", "--files-from", "-"]).ended(1).out, expected);
    assert_eq!(accord_reading(b.as_bytes(), &["validate", &a, "--files-from", "-"]).ended(1).out, expected);
    accord(&["validate", "--files-from", "no/list"]).ended(3);
}

#[test]
fn the_result_may_go_to_a_file() {
    let files = folder(&[("d/a.json", INVALID.as_bytes()), ("d/b.json", PATIENT.as_bytes())]);
    let d = path(&files, "d");
    let expected = accord(&["validate", &d, "--format", "json"]).ended(1).out;
    let out = path(&files, "d/out.json");
    for _ in 0..2 {
        let run = accord(&["validate", &d, "--format", "json", "--output", &out]).ended(1);
        assert_eq!((run.out.as_str(), std::fs::read_to_string(&out).unwrap()), ("", expected.clone()));
    }
    let input = path(&files, "d/a.json");
    let run = accord(&["validate", &input, "--output", &input]).ended(3);
    assert!(run.err.contains("is an input"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&input).unwrap(), INVALID);
    accord(&["validate", &input, "--output", "no/such/folder/out"]).ended(3);
    if Path::new("/dev/full").exists() {
        let run = accord(&["validate", &input, "--output", "/dev/full"]).ended(3);
        assert!(run.err.contains("could not write the result"), "{}", run.err);
    }
}

#[test]
fn the_end_is_summed_up() {
    let files = folder(&[("a.ndjson", mixed().as_bytes())]);
    let lines = path(&files, "a.ndjson");
    let all = accord(&["validate", &lines, "--fail-on", "undetermined"]).ended(1);
    let mut said = all.err.lines();
    assert_eq!(said.next(), Some("334 inputs: 134 valid, 67 undetermined, 133 invalid"), "{}", all.err);
    assert!(said.next().unwrap().starts_with("issues: 133 errors, "), "{}", all.err);
    assert!(all.err.contains("\n  primitive-format") && all.err.contains(" inputs a second"), "{}", all.err);
    // What is shown changes neither the verdicts nor the exit code.
    for less in [&["--max-issues", "0"][..], &["--level", "error"], &["--max-issues", "0", "--level", "error"]] {
        let run = accord(&[&["validate", &lines, "--fail-on", "undetermined"], less].concat()).ended(1);
        assert_eq!(run.err.lines().next(), all.err.lines().next());
        assert!(run.err.contains(" of them not listed"), "{}", run.err);
    }
    let one = folder(&[("a.json", PATIENT.as_bytes())]);
    assert_eq!(accord(&["validate", &path(&one, "a.json")]).ended(0).err, "");
    assert!(accord(&["validate", &path(&one, "a.json"), "-v"]).ended(0).err.contains("\n1 input: 1 valid"));
}

#[test]
fn colours_are_for_terminals_or_where_they_are_asked_for() {
    let run =
        |options: &[&str]| accord_reading(INVALID.as_bytes(), &[&["validate", "-"], options].concat()).ended(1).out;
    let coloured = run(&["--color", "always"]);
    assert!(coloured.starts_with("-: \u{1b}[1m\u{1b}[31minvalid\u{1b}[0m\n"), "{coloured:?}");
    assert!(!run(&[]).contains('\u{1b}') && run(&[]) == run(&["--color", "never"]));
    assert!(!run(&["--color", "always", "--format", "json"]).contains('\u{1b}'));
}
