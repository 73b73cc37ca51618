use super::*;

fn matching(patterns: &[&str], path: &str) -> Vec<usize> {
    let mut all = Elements::default();
    for (number, pattern) in patterns.iter().enumerate() {
        assert_eq!(all.add(&parts(pattern).unwrap(), number), number);
    }
    let mut found = all.matches(path);
    found.sort_unstable();
    found
}

#[test]
fn names_stars_and_choices() {
    let patterns = ["Patient.name", "Patient.*", "**.name", "Patient.**", "*", "Observation.value[x].unit", "**"];
    assert_eq!(matching(&patterns, "Patient.name"), [0, 1, 2, 3, 6]);
    assert_eq!(matching(&patterns, "Patient"), [3, 4, 6]);
    assert_eq!(matching(&patterns, "Patient.contact.name"), [2, 3, 6]);
    assert_eq!(matching(&patterns, "Observation.value.ofType(Quantity).unit"), [5, 6]);
    assert_eq!(matching(&patterns, ""), [4, 6]);
}

#[test]
fn deep_parts_in_the_middle() {
    let patterns = ["Bundle.**.extension.url", "Bundle.**.**.url"];
    assert_eq!(matching(&patterns, "Bundle.extension.url"), [0, 1]);
    assert_eq!(matching(&patterns, "Bundle.entry.resource.extension.extension.url"), [0, 1]);
    assert_eq!(matching(&patterns, "Bundle.extension.url.x"), [0usize; 0]);
}

#[test]
fn the_same_pattern_has_one_number() {
    let mut all = Elements::default();
    assert_eq!(all.add(&parts("A.b").unwrap(), 0), 0);
    assert_eq!(all.add(&parts("A.b").unwrap(), 1), 0);
}

#[test]
fn what_is_no_path_is_refused() {
    for wrong in ["Patient.name[0]", "Patient..name", "", "Pat*", "a b", "Patient.name."] {
        assert!(parts(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn ten_thousand_patterns_and_paths_are_quick() {
    let mut all = Elements::default();
    for i in 0..10_000 {
        all.add(&parts(&format!("**.entry.*.element{i}.**")).unwrap(), i);
    }
    let found: usize = (0..10_000).map(|i| all.matches(&format!("Bundle.entry.resource.element{i}.x")).len()).sum();
    assert_eq!(found, 10_000);
}
