use super::*;

fn instance(name: &str) -> Instance {
    let kind = "Patient".to_owned();
    Instance { name: name.to_owned(), path: None, text: Vec::new(), kind, example_of: None }
}

fn file(name: &str) -> Found {
    Found { name: name.to_owned(), path: None, text: br#"{"verdict":"valid"}"#.to_vec() }
}

#[test]
fn beside_or_from_anywhere() {
    let instances = [instance("a/x.json"), instance("b/x.json"), instance("b/y.json")];
    let pairs = pair(&instances, &[file("b/x.expected.json"), file("tests/expected/y.expected.json")]);
    let mut found: Vec<usize> = pairs.all.keys().copied().collect();
    found.sort_unstable();
    assert_eq!((found, pairs.faults.len()), (vec![1, 2], 0));
}

#[test]
fn what_does_not_fit_is_told() {
    let instances = [instance("a/x.json"), instance("b/x.json"), instance("b/y.json")];
    let several = pair(&instances, &[file("expected/x.expected.json")]);
    assert!(several.faults[0].contains("2 instances have this name"));
    let gone = pair(&instances, &[file("b/z.expected.json"), file("c/y.expected.json")]);
    assert_eq!(gone.faults.len(), 2);
    let two = pair(&instances, &[file("b/y.expected.json"), file("expected/y.expected.json")]);
    assert!(two.all.is_empty() && two.broken[&2].contains("two expectations"));
}
