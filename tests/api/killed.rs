//! What was acknowledged outlives the process that is killed, and damage to what is beside it. A few rounds with each
//! engine; `just killed` runs a thousand.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fhir_accord::store::{Bounds, Engine, Opened, Store};
use memchr::memmem;

/// The data folder of the process that is going to be killed, its engine, and the first set that it keeps.
const CHILD: &str = "ACCORD_TEST_KILLED";
/// How many rounds there are.
const ROUNDS: &str = "ACCORD_KILL_ROUNDS";
/// Bytes of a record before its key.
const BEFORE: usize = 30;
/// Bytes of a record from its key on, at most.
const AROUND: usize = 4096;

fn id(i: usize) -> String {
    format!("{i:064x}")
}

fn set(i: usize) -> (String, String) {
    (id(i), format!("{{\"id\":{i},\"text\":\"{}\"}}", text(i)))
}

/// Up to 2,000 characters that compress little.
fn text(i: usize) -> String {
    let mut chance = Chance(i as u64 + 1);
    (0..i % 2000).map(|_| char::from(b'0' + chance.below(70) as u8)).filter(|c| *c != '\\').collect()
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
}

fn open(folder: &Path, engine: Engine) -> Opened {
    Store::open_with(folder, engine).unwrap()
}

fn engine(name: &str) -> Engine {
    if name == "redb" { Engine::Redb } else { Engine::Sled }
}

/// Not a test by itself: what the process does that is going to be killed. It prints each id once it is acknowledged.
#[test]
fn child() {
    let Ok(given) = std::env::var(CHILD) else { return };
    let [name, first, folder] = given.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{given}") };
    let store = open(Path::new(folder), engine(name)).store;
    store.bound_negotiations(Bounds { sets: usize::MAX, bytes: u64::MAX });
    for i in first.parse::<usize>().unwrap().. {
        let (id, text) = set(i);
        store.keep_negotiation(&id, text.as_bytes()).unwrap();
        println!("kept {i}");
    }
}

/// Runs a process that keeps sets from `first` on until `count` are acknowledged, and kills it. Returns the last one.
fn killed(folder: &Path, engine: &str, first: usize, count: usize) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::child", "--nocapture"])
        .env(CHILD, format!("{engine} {first} {}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = None;
    while last.is_none_or(|last| last + 1 < first + count) {
        let line = lines.next().expect("it keeps sets until it is killed").unwrap();
        last = line.strip_prefix("kept ").and_then(|i| i.parse().ok()).or(last);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it acknowledged before the signal came.
    let more = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("kept ")?.parse().ok());
    more.chain(last).max().unwrap()
}

/// The files of a data folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let all = walkdir(folder);
    all.into_iter()
        .filter(|p| !p.display().to_string().contains(".damaged-") && p.file_name() != Some("lock".as_ref()))
        .collect()
}

fn walkdir(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(walkdir(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// Damages a file in one of the ways in which files are damaged. Returns the bytes that are no longer what they were.
fn garble(path: &Path, chance: &mut Chance) -> Range<usize> {
    let mut bytes = fs::read(path).unwrap();
    let (length, at) = (bytes.len(), chance.below(bytes.len()));
    let end = (at + 1 + chance.below(1500)).min(length);
    let hit = match chance.below(6) {
        0 | 1 if length > 0 => {
            bytes[at] ^= 1 << chance.below(8);
            at..at + 1
        }
        2 => {
            bytes.truncate(at);
            at..length
        }
        3 => {
            bytes[at..end].fill(0);
            at..end
        }
        4 => {
            bytes.extend((0..end - at).map(|_| chance.below(256) as u8));
            length..length
        }
        _ => {
            bytes[at..end].iter_mut().for_each(|b| *b = chance.below(256) as u8);
            at..end
        }
    };
    fs::write(path, bytes).unwrap();
    hit
}

/// The sets of which a record may have been hit.
fn hit(before: &[u8], range: &Range<usize>, sets: &BTreeSet<usize>) -> BTreeSet<usize> {
    let from = range.start.saturating_sub(AROUND);
    let part = &before[from..before.len().min(range.end + BEFORE + 64)];
    sets.iter().copied().filter(|i| memmem::find(part, id(*i).as_bytes()).is_some()).collect()
}

/// Kills, damages and checks; returns how many sets were acknowledged, and how many of them went with the bytes that
/// were damaged.
fn rounds(name: &str, count: usize) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let memory = folder.path().join(if name == "redb" { "negotiations.redb" } else { "negotiations.log" });
    let mut chance = Chance(count as u64);
    let (mut next, mut lost, mut there) = (0, 0, BTreeSet::new());
    for round in 0..count {
        let last = killed(folder.path(), name, next, 1 + chance.below(8));
        there.extend(next..=last);
        // The one that was being written when the signal came is not written again.
        next = last + 2;
        let (mut gone, mut is_shorter) = (BTreeSet::new(), false);
        if round % 2 == 1 {
            let files = files(folder.path());
            let path = if chance.below(3) > 0 { &memory } else { &files[chance.below(files.len())] };
            let before = fs::read(path).unwrap();
            let range = garble(path, &mut chance);
            is_shorter = fs::metadata(path).unwrap().len() < before.len() as u64;
            if *path == memory {
                gone = hit(&before, &range, &there);
            }
        }
        let opened = open(folder.path(), engine(name));
        for i in there.clone() {
            let (id, text) = set(i);
            let found = opened.store.negotiation(&id).unwrap();
            match found {
                Some(found) => assert_eq!(found, text.as_bytes(), "{name}, round {round}: set {i}"),
                None => {
                    assert!(gone.contains(&i), "{name}, round {round}: set {i} is lost; {:?}", opened.warnings);
                    // A journal that ends between two records does not show that it was longer.
                    let is_told = is_shorter || opened.store.counts().damaged_places > 0;
                    assert!(is_told, "{name}, round {round}: lost without a word");
                    there.remove(&i);
                    lost += 1;
                }
            }
        }
        if chance.below(2) == 0 {
            opened.store.close().unwrap();
        }
    }
    (there.len() + lost, lost)
}

#[test]
fn acknowledged_negotiations_are_kept() {
    let count = std::env::var(ROUNDS).map_or(6, |n| n.parse().unwrap());
    for name in ["sled", "redb"] {
        let started = std::time::Instant::now();
        let (all, lost) = rounds(name, count);
        println!(
            "{name}: {count} rounds of kill -9, each second one with a damaged file: {all} sets acknowledged, {lost} \
             lost with the bytes that were damaged, 0 others; {} s",
            started.elapsed().as_secs()
        );
    }
}
