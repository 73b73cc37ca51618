use super::*;

#[test]
fn an_entry_is_named_by_type_by_place_or_by_both() {
    let parsed = |text: &str| EntryProfile::parse(text, "http://a.test/p").map(|e| (e.kind, e.number));
    assert_eq!(parsed("Patient"), Some((Some("Patient".to_owned()), None)));
    assert_eq!(parsed("Patient:2"), Some((Some("Patient".to_owned()), Some(2))));
    assert_eq!(parsed("0"), Some((None, Some(0))));
    for text in ["", ":", ":1", "Patient:", "Patient:x", "Patient:-1", "Patient:1:2", "a b", "99999999999999999999"] {
        assert_eq!(parsed(text), None, "{text}");
    }
    assert_eq!(EntryProfile::parse("Patient", ""), None);
}

#[test]
fn places_are_counted_from_zero_of_a_type_or_of_all() {
    let rule = |text: &str| EntryProfile::parse(text, "http://a.test/p").unwrap();
    assert!(rule("Patient").is_for(Some("Patient"), 7, 3));
    assert!(rule("Patient:3").is_for(Some("Patient"), 7, 3) && !rule("Patient:7").is_for(Some("Patient"), 7, 3));
    assert!(rule("7").is_for(Some("Patient"), 7, 3) && !rule("3").is_for(Some("Patient"), 7, 3));
    assert!(!rule("Group").is_for(Some("Patient"), 0, 0) && !rule("Patient").is_for(None, 0, 0));
}
