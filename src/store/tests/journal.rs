//! The journal: torn ends, damage, a full disk, rewriting.

use super::*;

#[test]
fn a_torn_end_is_cut_off_and_damage_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (journal, replay) = Journal::open(&path).unwrap();
    assert!(replay.records.is_empty());
    for i in 0..3u8 {
        journal.append(&format!("k{i}"), &[i; 100]).unwrap();
    }
    drop(journal);
    let whole = std::fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let (_, replay) = Journal::open(&path).unwrap();
        assert_eq!((replay.records.len(), replay.damaged), (cut / (whole.len() / 3), 0));
    }
    let mut damaged = whole.clone();
    damaged[150] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let (journal, replay) = Journal::open(&path).unwrap();
    assert_eq!((replay.records.len(), replay.damaged), (2, 1));
    journal.append("k3", b"more").unwrap();
    drop(journal);
    let (_, replay) = Journal::open(&path).unwrap();
    assert_eq!(replay.records.last().unwrap(), &("k3".to_owned(), b"more".to_vec()));
}

/// A file on a disk with so many bytes of room.
struct Full {
    file: File,
    room: u64,
    /// Whether what was written in part can be cut off.
    cuts: bool,
}

impl Medium for Full {
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let fits = bytes.len().min(self.room.saturating_sub(at) as usize);
        Medium::write(&mut self.file, at, &bytes[..fits])?;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn cut(&mut self, at: u64) -> io::Result<()> {
        if !std::mem::replace(&mut self.cuts, true) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Medium::cut(&mut self.file, at)
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for cuts in [true, false] {
        let path = folder.path().join(format!("log-{cuts}"));
        let file = File::create(&path).unwrap();
        let journal = Journal::on(&path, Box::new(Full { file, room: 300, cuts }), 0);
        journal.append("first", &[1; 100]).unwrap();
        let error = journal.append("large", &[2; 1000]).unwrap_err();
        assert!(error.is_full(), "{error}");
        // What is smaller still fits, and stands where the other one broke off.
        journal.append("small", &[3; 100]).unwrap();
        assert!(journal.append("large", &[2; 1000]).is_err());
        drop(journal);
        let (_, replay) = Journal::open(&path).unwrap();
        let keys: Vec<&str> = replay.records.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!((keys, replay.damaged), (vec!["first", "small"], 0));
    }
}

#[test]
fn a_journal_is_rewritten_or_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (journal, _) = Journal::open(&path).unwrap();
    for i in 0..100u8 {
        journal.append(&format!("k{i}"), &[i; 100]).unwrap();
    }
    let before = std::fs::read(&path).unwrap();
    let broken = [Ok(("k0".to_owned(), vec![0])), Err(StoreError::Record("on purpose".to_owned()))];
    assert!(journal.rewrite(broken.into_iter()).is_err());
    assert_eq!((std::fs::read(&path).unwrap(), journal.bytes()), (before.clone(), before.len() as u64));
    let kept = (98..100u8).map(|i| Ok((format!("k{i}"), vec![i; 100])));
    journal.rewrite(kept).unwrap();
    journal.append("k100", &[100; 100]).unwrap();
    assert_eq!(journal.bytes(), std::fs::metadata(&path).unwrap().len());
    drop(journal);
    let (_, replay) = Journal::open(&path).unwrap();
    let keys: Vec<&str> = replay.records.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!((keys, replay.damaged), (vec!["k98", "k99", "k100"], 0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
