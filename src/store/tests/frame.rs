//! Frames: what comes back, what does not, and what no body can forge.

use super::*;

#[test]
fn frames_come_back_and_damage_is_noticed() {
    for value in [&b""[..], b"x", &[0xAC; 40], &MAGIC.repeat(3), stem(), &[stem(), &[STUFFED]].concat()] {
        let frame = write(7, "key", value).unwrap();
        assert_eq!(read(&frame), Some(Record { number: 7, key: "key".into(), value: value.to_vec() }));
        assert_eq!(memmem::find_iter(&frame, &MAGIC).count(), 1, "{value:?}");
        for bit in 0..frame.len() * 8 {
            let mut damaged = frame.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&damaged), None, "{bit}");
        }
        for cut in 0..frame.len() {
            assert_eq!(read(&frame[..cut]), None);
        }
    }
    assert!(write(1, &"k".repeat(70_000), b"").is_err());
    assert!(write(1, "k", &vec![0; BODY_LIMIT_BYTES]).is_err());
}

#[test]
fn magic_does_not_overlap_itself() {
    assert!(!MAGIC[1..].contains(&MAGIC[0]));
    assert_ne!(MAGIC[7], STUFFED);
}
