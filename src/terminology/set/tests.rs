//! Sets that are written and read again.

use super::*;

fn read_back(draft: Draft) -> (CodeSet, Vec<(String, String)>) {
    let written = write(draft).unwrap();
    (CodeSet::new(Box::new(written.bytes)).unwrap(), written.circular)
}

fn names(set: &CodeSet, index: u32) -> Vec<(String, String)> {
    let mut out = Vec::new();
    set.names(index, |language, text| {
        out.push((language.to_owned(), text.to_owned()));
        true
    });
    out
}

fn small() -> Draft {
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, "http://here.test/cs", "1"));
    let (german, kind) = (draft.language("de"), draft.property("kind"));
    for (code, parents) in [("root", &[][..]), ("left", &["root"]), ("right", &["root"]), ("both", &["left", "right"])]
    {
        let (index, is_new) = draft.add(code);
        assert!(is_new);
        let concept = draft.at(index).unwrap();
        concept.name(0, &format!("name of {code}"));
        concept.name(german, &format!("Name  von {code} "));
        concept.name(german, "");
        concept.has(kind, "one kind");
        concept.inactive = code == "right";
        for parent in parents {
            let parent = draft.find(parent).unwrap();
            draft.links.push((index, parent));
        }
    }
    draft
}

#[test]
fn more_properties_or_languages_than_a_file_has_numbers_for() {
    let filled = |count: u32, add: fn(&mut Draft, &str) -> u16| {
        let mut draft = small();
        for i in 0..count {
            add(&mut draft, &format!("own-{i}"));
        }
        assert_eq!(add(&mut draft, "own-7"), add(&mut draft, "own-7"));
        write(draft).is_ok()
    };
    // One property, and two languages, are there before.
    assert!(filled(65_535, Draft::property) && !filled(65_536, Draft::property));
    assert!(filled(65_534, Draft::language) && !filled(65_535, Draft::language));
}

#[test]
fn what_is_written_is_read() {
    let (set, circular) = read_back(small());
    assert!(circular.is_empty());
    assert_eq!((set.len(), set.meta().concepts, set.meta().names, set.meta().inactive), (4, 4, 8, 1));
    for code in ["root", "left", "right", "both"] {
        let index = set.find(code).unwrap();
        assert_eq!(set.code(index), code);
        assert_eq!(set.display(index), format!("name of {code}"));
        let german = ("de".to_owned(), format!("Name  von {code}"));
        assert_eq!(names(&set, index), [(String::new(), format!("name of {code}")), german]);
        assert!(set.has_name(index, &format!("Name  von {code}")) && !set.has_name(index, "name of"));
        assert_eq!((set.is_inactive(index), set.has_children(index)), (code == "right", code != "both"));
        let kind = set.property("kind").unwrap();
        assert!(set.has_value(index, kind, |v| v == "one kind") && !set.has_value(index, kind, |v| v == "other"));
    }
    assert_eq!((set.find("nothing"), set.find(""), set.property("colour")), (None, None, None));
    assert!(names(&set, 4).is_empty() && set.code(9).is_empty());
}

#[test]
fn case_counts_only_where_it_should() {
    let mut draft = small();
    draft.meta.case_sensitive = false;
    let mut draft = Draft::new(draft.meta);
    assert!(draft.add("Ab").1 && !draft.add("aB").1);
    let (set, _) = read_back(draft);
    assert_eq!(set.find("AB").map(|i| set.code(i).to_owned()).as_deref(), Some("Ab"));
    assert_eq!(read_back(small()).0.find("ROOT"), None);
}

#[test]
fn no_codes_are_a_set_too() {
    let (set, _) = read_back(Draft::new(Meta::new(Kind::ValueSet, "http://here.test/vs", "")));
    assert!(set.is_empty() && set.find("x").is_none());
    assert_eq!(set.meta().canonical(), "http://here.test/vs");
}

#[test]
fn every_changed_byte_and_every_cut_is_refused() {
    let bytes = write(small()).unwrap().bytes;
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 0x20;
        // Between the description and the first section there may be bytes that nobody reads.
        let unread = CodeSet::new(Box::new(other)).is_ok_and(|set| set.find("both").is_some());
        assert!(!unread || bytes[at] == 0, "byte {at}");
        assert!(CodeSet::new(Box::new(bytes[..at].to_vec())).is_err(), "cut at {at}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(CodeSet::new(Box::new(longer)), Err(Refused::Length { .. })));
    assert!(matches!(CodeSet::new(Box::new(b"something else".to_vec())), Err(Refused::Magic)));
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let mut turned = Draft::new(small().meta);
    let one = small();
    for concept in one.concepts.iter().rev() {
        let (index, _) = turned.add(&concept.code);
        *turned.at(index).unwrap() = concept.clone();
    }
    let codes = |i: &u32| one.concepts[*i as usize].code.clone();
    let pairs: Vec<_> = one.links.iter().map(|(c, p)| (codes(c), codes(p))).collect();
    let find = |code: &str| turned.find(code).unwrap();
    let links: Vec<_> = pairs.iter().map(|(c, p)| (find(c), find(p))).collect();
    turned.links = links;
    assert_eq!(write(turned).unwrap().bytes, write(small()).unwrap().bytes);
}

/// Numbers from a seed (xorshift).
fn random(state: &mut u64) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 20) as u32
}

#[test]
fn subsumption_is_what_the_links_say() {
    let mut state = 7;
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, "http://here.test/deep", ""));
    let count = 300u32;
    for i in 0..count {
        draft.add(&format!("c{}", (i * 7919) % count));
    }
    for child in 1..count {
        for _ in 0..1 + random(&mut state) % 3 {
            let parent = child - 1 - random(&mut state) % child.min(20);
            draft.links.push((child, parent));
        }
    }
    // What is above each code, itself too: parents are before their children.
    let mut above: Vec<Vec<bool>> = Vec::new();
    for child in 0..count {
        let mut own = vec![false; count as usize];
        own[child as usize] = true;
        for (_, parent) in draft.links.iter().filter(|(c, _)| *c == child) {
            own.iter_mut().zip(&above[*parent as usize]).for_each(|(own, p)| *own |= p);
        }
        above.push(own);
    }
    let codes: Vec<String> = draft.concepts.iter().map(|c| c.code.to_string()).collect();
    let (set, circular) = read_back(draft);
    assert!(circular.is_empty());
    let below = Subsumption::default();
    // Often enough that both ways of asking are taken.
    for (child, above) in codes.iter().zip(&above) {
        for (root, is_above) in codes.iter().zip(above) {
            let (c, r) = (set.find(child).unwrap(), set.find(root).unwrap());
            assert_eq!(below.is_below(&set, r, c), *is_above, "{child} below {root}");
            assert_eq!(Subsumption::default().is_below(&set, r, c), *is_above);
        }
    }
}

#[test]
fn links_that_close_a_circle_are_left_out() {
    let mut draft = small();
    let find = |draft: &Draft, code: &str| draft.find(code).unwrap();
    let (root, both, left) = (find(&draft, "root"), find(&draft, "both"), find(&draft, "left"));
    draft.links.extend([(root, both), (left, left)]);
    let (set, mut circular) = read_back(draft);
    circular.sort();
    assert_eq!(circular.len(), 2, "{circular:?}");
    assert!(circular.contains(&("left".to_owned(), "left".to_owned())));
    assert_eq!(set.len(), 4);
    // What is left is no circle: all codes are in order.
    assert!((0..4).all(|i| set.parents(i).all(|p| p < i)));
}
