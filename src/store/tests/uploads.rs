//! Uploads that are deleted, on a disk that refuses, loses power and leaves files half written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::packages::hash::sha256_hex;
use crate::store::disk::Disk;
use crate::store::memory::Names;
use crate::store::tests::model::{Chance, Model};

const DATA: &str = "data";

fn open(model: &Model) -> (Uploads, Vec<String>) {
    let uploads = Uploads::of(&model.disk(), Path::new(DATA));
    let mut warnings = Vec::new();
    uploads.recover(&Names::new(), &mut warnings).unwrap();
    (uploads, warnings)
}

fn named(uploads: &Uploads) -> Vec<String> {
    let mut names: Vec<String> = uploads.list().into_iter().map(|u| u.name).collect();
    names.sort();
    names
}

/// A disk with three uploads, and the hashes of the first two.
fn three() -> (Model, Vec<String>) {
    let model = Model::default();
    let (uploads, _) = open(&model);
    let mut hashes = Vec::new();
    for name in ["a#1", "a#2", "b#1"] {
        let (sha256, _) = uploads.put(name.as_bytes()).unwrap();
        uploads.keep(&sha256, name).unwrap();
        hashes.push(sha256);
    }
    hashes.truncate(2);
    (model, hashes)
}

const ALL: [&str; 3] = ["a#1", "a#2", "b#1"];
const LEFT: [&str; 1] = ["b#1"];

#[test]
fn deleted_uploads_are_gone_and_leave_nothing() {
    let (model, hashes) = three();
    let (uploads, warnings) = open(&model);
    assert_eq!((named(&uploads), warnings), (ALL.map(str::to_owned).to_vec(), Vec::new()));
    uploads.delete(&hashes).unwrap();
    assert_eq!(named(&uploads), LEFT);
    let sha256 = sha256_hex(b"b#1");
    assert_eq!(model.names(), [format!("data/uploads/{sha256}.name"), format!("data/uploads/{sha256}.tgz")]);
    // What was deleted can be uploaded again.
    let (sha256, _) = uploads.put(b"a#1").unwrap();
    uploads.keep(&sha256, "a#1").unwrap();
    assert_eq!(named(&open(&model).0), ["a#1", "b#1"]);
}

/// The power fails, or the process is killed, before any of the changes: each upload is wholly there or wholly gone;
/// gone where that was acknowledged; and nothing is told as lost.
#[test]
fn a_deletion_that_breaks_off_is_whole_or_not_there() {
    let (model, hashes) = three();
    let before = model.asked();
    open(&model).0.delete(&hashes).unwrap();
    let changes = model.asked() - before;
    assert!(changes >= 7, "{changes}");
    let mut seen = [0, 0];
    for first in 0..=changes {
        for seed in 0..40 {
            let (model, hashes) = three();
            let (uploads, _) = open(&model);
            model.fail(first..u64::MAX);
            let is_acknowledged = uploads.delete(&hashes).is_ok();
            let mut chance = Chance::of(seed);
            for model in [model.crashed(&mut chance), model.clone()] {
                model.fail(0..0);
                let (uploads, warnings) = open(&model);
                let (is_gone, found) = (named(&uploads) == LEFT, named(&uploads));
                assert!(found.contains(&"b#1".to_owned()), "before {first}: {found:?}");
                assert!(found.iter().all(|name| ALL.contains(&&**name)), "before {first}: {found:?}");
                assert!(is_gone || !is_acknowledged, "before {first}: they came back");
                assert_eq!(warnings, Vec::<String>::new(), "before {first}");
                seen[usize::from(is_gone)] += 1;
                let (again, _) = open(&model);
                assert_eq!(named(&again), named(&uploads), "before {first}");
                assert!(!is_gone || model.names().len() == 2, "before {first}: {:?}", model.names());
            }
        }
    }
    assert!(seen[0] > 50 && seen[1] > 50, "{seen:?}");
}

/// A full disk refuses one change: an error is told where the uploads are there still, and only there.
#[test]
fn a_full_disk_keeps_them() {
    for first in 0..9 {
        let (model, hashes) = three();
        let (uploads, _) = open(&model);
        model.fail(first..first + 1);
        let done = uploads.delete(&hashes);
        model.fail(0..0);
        match done {
            Ok(()) => assert_eq!(named(&uploads), LEFT, "change {first}"),
            Err(error) => {
                assert!(error.is_full() && first < 3, "change {first}: {error}");
                assert_eq!(named(&uploads), ALL, "change {first}");
                assert_eq!(named(&open(&model).0), ALL, "change {first}");
                uploads.delete(&hashes).expect("it passes");
            }
        }
        assert_eq!(named(&open(&model).0), LEFT, "change {first}");
    }
}

#[test]
fn what_was_left_by_a_killed_process_is_swept() {
    let (model, _) = three();
    let disk: Arc<dyn Disk> = model.disk();
    let ours = ["uploads/.accord-000007.tmp", "uploads/.tmpAb3dEf", ".accord-x1Y2z3.tmp"];
    let others = ["uploads/.accord-00007.tmp", "uploads/.tmpnot-ours", ".accord-0000071.tmp", ".tmpAb3dEf", "x.tmp"];
    for name in ours.iter().chain(&others) {
        disk.create(&PathBuf::from(DATA).join(name)).unwrap();
    }
    crate::store::files::sweep(&*disk, Path::new(DATA), false);
    let (uploads, warnings) = open(&model);
    assert_eq!((named(&uploads), warnings), (ALL.map(str::to_owned).to_vec(), Vec::new()));
    let names = model.names();
    let is_there = |name: &&&str| names.contains(&format!("{DATA}/{name}"));
    assert_eq!(ours.iter().filter(is_there).count(), 0, "{names:?}");
    assert_eq!(others.iter().filter(is_there).count(), others.len(), "{names:?}");
}

/// An upload that breaks off before its name was written is told, and can be deleted like any other.
#[test]
fn an_archive_without_a_name_is_told_and_can_be_deleted() {
    let (model, _) = three();
    let (uploads, _) = open(&model);
    let (sha256, _) = uploads.put(b"c#1").unwrap();
    let (uploads, warnings) = open(&model);
    assert!(warnings.len() == 1 && warnings[0].contains(&sha256), "{warnings:?}");
    assert_eq!(named(&uploads)[0], "");
    uploads.delete(&[sha256]).unwrap();
    assert_eq!((named(&uploads), open(&model).1), (ALL.map(str::to_owned).to_vec(), Vec::new()));
}
