use super::*;

fn url(name: &str) -> String {
    format!("http://test.example/StructureDefinition/{name}")
}

#[test]
fn shapes_lead_to_what_a_look_at_all_finds() {
    let names: Vec<String> = (0..400).map(|i| format!("{}-profile-{}", ["us", "ca", "u"][i % 3], i * i)).collect();
    let urls: Vec<String> = names.iter().map(|n| url(n)).collect();
    let nearest = Nearest::new(urls.iter().map(String::as_str));
    for name in &names {
        for wrong in [name.replace("profile", "porfile"), format!("{name}x"), name[1..].to_owned(), name.repeat(3)] {
            let most = wrong.len() / 6;
            let all = names.iter().enumerate().filter(|(_, n)| n.as_bytes()[0] == wrong.as_bytes()[0]);
            let close = all.filter_map(|(i, n)| Some((distance(n.as_bytes(), wrong.as_bytes(), most)?, i)));
            assert_eq!(nearest.find(&url(&wrong)), close.min().map(|(_, i)| urls[i].clone()), "{wrong}");
        }
    }
}

#[test]
fn distances_are_told_up_to_a_bound() {
    assert_eq!(distance(b"kitten", b"sitting", 3), Some(3));
    assert_eq!(distance(b"kitten", b"sitting", 2), None);
    assert_eq!((distance(b"", b"", 0), distance(b"", b"ab", 2)), (Some(0), Some(2)));
}

#[test]
fn many_unknown_urls_and_long_ones() {
    let known: Vec<String> = (0..20_000).map(|i| url(&format!("us-core-{i}"))).collect();
    let nearest = Nearest::new(known.iter().map(String::as_str));
    let found = (0..20_000).filter(|i| nearest.find(&url(&format!("vendor-{i}"))).is_some()).count();
    assert_eq!(found, 0);
    assert_eq!(nearest.find(&url(&"u".repeat(NAME_BYTES + 1))), None);
    assert_eq!(nearest.find(&url(&"u".repeat(5_000_000))), None);
    let long = "u".repeat(NAME_BYTES + 1);
    let other = Nearest::new([url(&long)].iter().map(String::as_str));
    assert!(other.find(&format!("http://other.example/{long}")).is_some());
}
