//! Where the result of `accord validate` goes, and that it is no input; inputs that cannot be read to their end.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::{INVALID, PATIENT, accord, accord_reading, command, folder, path};

/// The most time that a run takes that must not hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// The exit code of a process that ends by itself, and what it wrote to standard error.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), told)
}

fn names(folder: &str) -> Vec<String> {
    let name = |e: std::io::Result<std::fs::DirEntry>| e.unwrap().file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn standard_output_in_the_folder_is_no_input() {
    let files = folder(&[("d/a.json", INVALID.as_bytes()), ("d/reports.ndjson", INVALID.as_bytes())]);
    let (d, reports) = (path(&files, "d"), path(&files, "d/reports.ndjson"));
    let into = |arguments: &[&str]| {
        let file = OpenOptions::new().append(true).open(&reports).unwrap();
        ended(command(arguments).stdout(file).stderr(Stdio::piped()).spawn().unwrap())
    };
    let (code, told) = into(&["validate", &d, "--format", "ndjson"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("not looked at: the file that the result is written to"), "{told}");
    let whole = std::fs::read_to_string(&reports).unwrap();
    assert!(whole.starts_with(INVALID) && whole.matches("a.json").count() == 1, "{whole}");
    // Where it is named, it is told, and the others are read.
    let (code, told) = into(&["validate", &reports, &path(&files, "d/a.json"), "--ndjson", "--output", "-"]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("reports.ndjson` is an input, and the result is written to it"), "{told}");
    assert!(std::fs::read_to_string(&reports).unwrap().len() > whole.len());
}

#[test]
fn an_input_is_not_replaced_by_the_result() {
    let files = folder(&[("d/a.json", INVALID.as_bytes()), ("d/b.json", PATIENT.as_bytes())]);
    let [d, a, b] = ["d", "d/a.json", "d/b.json"].map(|n| path(&files, n));
    std::fs::hard_link(&a, path(&files, "d/link")).unwrap();
    std::fs::write(path(&files, "list"), format!("{b}\n{a}\n")).unwrap();
    let list = path(&files, "list");
    let kept = |arguments: &[&str], says: &str| {
        let run = accord(&[&["validate"], arguments].concat()).ended(3);
        assert!(run.err.contains(says), "{}", run.err);
        assert_eq!(std::fs::read_to_string(&a).unwrap(), INVALID);
        assert_eq!(names(&d), ["a.json", "b.json", "link"]);
    };
    kept(&["--files-from", &list, "-o", &a], "a.json` is an input, and the result is written to it");
    kept(&["--files-from", &list, "-o", &path(&files, "d/link")], "is an input");
    kept(&[&a, "-o", &path(&files, "d/link")], "link` is an input; give another file");
    kept(&["--files-from", &list, "-o", &list], "list` is an input; give another file");
    assert_eq!(std::fs::read_to_string(&list).unwrap().lines().count(), 2);
}

#[test]
fn a_file_is_replaced_once_the_result_is_whole() {
    use std::os::unix::fs::PermissionsExt;
    let files = folder(&[("a.json", INVALID.as_bytes()), ("real/out.txt", b"before")]);
    let [a, real, link, new] = ["a.json", "real/out.txt", "out.txt", "new.txt"].map(|n| path(&files, n));
    std::fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real/out.txt", &link).unwrap();
    accord(&["validate", "no/such.json", "--profile", "http://no.test/profile", "-o", &link]).ended(3);
    assert_eq!(std::fs::read_to_string(&real).unwrap(), "before");
    accord(&["validate", &a, "-o", &link]).ended(1);
    assert!(Path::new(&link).is_symlink() && std::fs::read_to_string(&real).unwrap().contains("invalid"));
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    accord(&["validate", &a, "-o", &new]).ended(1);
    let plain = path(&files, "plain");
    std::fs::write(&plain, "").unwrap();
    let mode = |file: &str| std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode(&new), mode(&plain), "as any new file");
    // `-` and what leads to standard output are standard output.
    for output in ["-", "/dev/stdout"] {
        assert!(accord(&["validate", &a, "-o", output]).ended(1).out.contains("invalid"), "{output}");
    }
    let start = "kept\n";
    std::fs::write(&plain, start).unwrap();
    let append = OpenOptions::new().append(true).open(&plain).unwrap();
    let child = command(&["validate", &a, "-o", "/dev/stdout"]).stdout(append).stderr(Stdio::piped()).spawn().unwrap();
    assert_eq!(ended(child).0, Some(1));
    let whole = std::fs::read_to_string(&plain).unwrap();
    assert!(whole.starts_with(start) && whole.contains("invalid"), "{whole}");
}

#[test]
fn a_full_disk_ends_the_run_while_input_stays_open() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut child = command(&["validate", "-", "--ndjson", "--format", "ndjson", "--jobs", "1"])
        .stdin(Stdio::piped())
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than is under way and buffered; that it is not read to its end is right.
    let writing = std::thread::spawn(move || {
        let _ = input.write_all(format!("{INVALID}\n").repeat(320).as_bytes());
        input
    });
    let (code, told) = ended(child);
    assert_eq!(code, Some(3), "{told}");
    assert_eq!(told.matches("could not write the result").count(), 1, "{told}");
    drop(writing.join().unwrap());
}

#[test]
fn standard_input_is_not_both_a_list_and_an_input() {
    let files = folder(&[("a.json", PATIENT.as_bytes())]);
    let list = format!("-\n{}\n", path(&files, "a.json"));
    let run = accord_reading(list.as_bytes(), &["validate", "--files-from", "-"]).ended(3);
    assert!(run.err.contains("`-` in the list that is read from standard input"), "{}", run.err);
    assert!(run.out.contains("a.json: valid"), "{}", run.out);
}

#[test]
fn standard_input_is_read_once() {
    for (arguments, says) in [
        (&["validate", "-", "--files-from", "-"][..], "standard input cannot be both"),
        (&["validate", "-", "-"], "`-` is given twice"),
    ] {
        let run = accord_reading(PATIENT.as_bytes(), arguments).ended(3);
        assert!(run.err.contains(says) && run.out.is_empty(), "{}", run.err);
    }
    let files = folder(&[("list", path(&folder(&[]), "none").as_bytes())]);
    let run = accord_reading(PATIENT.as_bytes(), &["validate", "-", "--files-from", &path(&files, "list")]).ended(3);
    assert!(run.out.contains("-: valid"), "{}", run.out);
}

#[test]
fn a_signal_leaves_no_unfinished_result() {
    let files = folder(&[("d/out.json", b"before")]);
    let (d, out) = (path(&files, "d"), path(&files, "d/out.json"));
    let start = |ignoring: &str| {
        let plain = command(&["validate", "-", "--ndjson", "-o", &out]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &format!("{ignoring} exec \"$0\" \"$@\"")]).arg(plain.get_program()).args(plain.get_args());
        shell.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let started = Instant::now();
        while names(&d).len() < 2 {
            assert!(started.elapsed() < PATIENCE && child.try_wait().unwrap().is_none(), "no unfinished result");
            std::thread::sleep(Duration::from_millis(5));
        }
        // Signals are heard a moment after the file is there.
        std::thread::sleep(Duration::from_millis(300));
        child
    };
    let signal = |child: &Child, name: &str| {
        std::process::Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    };
    // A run in the background or by nohup ignores some, and so do those that it starts.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|l| u64::from_str_radix(l.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let is_heard = |(_, code): &(&str, i32)| ignored.is_none_or(|mask| mask >> (code - 129) & 1 == 0);
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)].into_iter().filter(is_heard) {
        let mut child = start("");
        let _open = child.stdin.take();
        signal(&child, name);
        assert_eq!(ended(child).0, Some(code), "{name}");
        assert_eq!(names(&d), ["out.json"], "{name}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "before");
    }
    // What it was started to ignore does not end it.
    let mut child = start("trap '' HUP;");
    signal(&child, "-HUP");
    child.stdin.take().unwrap().write_all(format!("{INVALID}\n").as_bytes()).unwrap();
    assert_eq!(ended(child).0, Some(1));
    assert_eq!(names(&d), ["out.json"]);
    assert!(std::fs::read_to_string(&out).unwrap().contains("invalid"));
}

#[test]
fn a_compressed_file_without_bytes_is_a_failure() {
    let files = folder(&[("d/a.json", PATIENT.as_bytes()), ("d/b.ndjson.gz", b""), ("d/c.json.ZST", b"")]);
    File::create(path(&files, "d/empty.ndjson")).unwrap();
    let run = accord(&["validate", &path(&files, "d")]).ended(3);
    for name in ["b.ndjson.gz", "c.json.ZST"] {
        assert!(run.err.contains(&format!("{name}`: it is compressed by its name, and has no bytes")), "{}", run.err);
    }
    assert!(!run.err.contains("empty.ndjson") && run.out.contains("a.json: valid"), "{}", run.err);
}

#[test]
fn a_window_of_a_gibibyte_is_refused() {
    let large = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00];
    let files = folder(&[("a.json.zst", &large)]);
    let run = accord(&["validate", &path(&files, "a.json.zst")]).ended(3);
    assert!(run.err.contains("a.json.zst`") && run.err.to_lowercase().contains("window"), "{}", run.err);
}
