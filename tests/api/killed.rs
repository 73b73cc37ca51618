//! What was acknowledged outlives the process that is killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use fhir_accord::store::Store;

const FOLDER: &str = "ACCORD_TEST_KILLED";

fn set(i: usize) -> (String, String) {
    (format!("{i:064x}"), format!("{{\"id\":{i},\"text\":\"{}\"}}", "x".repeat(i % 3000)))
}

/// Not a test by itself: what the process does that is going to be killed. It prints each id once it is acknowledged.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = Store::open(folder.as_ref()).unwrap().store;
    for i in 0.. {
        let (id, text) = set(i);
        store.keep_negotiation(&id, text.as_bytes()).unwrap();
        println!("kept {i}");
    }
}

#[test]
fn acknowledged_negotiations_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = 0;
    for _ in 0..3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let wanted = kept + 40;
        while let Some(Ok(line)) = lines.next() {
            if let Some(i) = line.strip_prefix("kept ").and_then(|i| i.parse::<usize>().ok()) {
                kept = kept.max(i);
            }
            if kept >= wanted {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let opened = Store::open(folder.path()).unwrap();
        assert!(kept >= wanted);
        for i in 0..=kept {
            let (id, text) = set(i);
            assert_eq!(
                opened.store.negotiation(&id).unwrap().as_deref(),
                Some(text.as_bytes()),
                "{i}; {:?}",
                opened.warnings
            );
        }
    }
}
