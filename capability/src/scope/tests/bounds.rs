//! An input at each bound, and one beyond it.

use super::*;

fn list(n: usize, lead: &str, separator: &str) -> String {
    (0..n).map(|i| format!("{lead}{i}")).collect::<Vec<_>>().join(separator)
}

/// The rules of the faults in a text.
fn rules(text: &str) -> Vec<&'static str> {
    normalise(text).faults.iter().map(|f| f.rule.id()).collect()
}

#[test]
fn pairs_of_a_token() {
    let pairs = |n: usize| format!("patient/O.r?{}", (0..n).map(|i| format!("a{i}=b")).collect::<Vec<_>>().join("&"));
    let (most, beyond) = (pairs(PAIRS_LIMIT), pairs(PAIRS_LIMIT + 1));
    assert!(rules(&most).is_empty() && covers(&most, &most).covers);
    assert_eq!(rules(&beyond), ["scope-limit"]);
    assert_eq!((covers("patient/*.r", &beyond).missing, normalise(&beyond).minimal), (vec![beyond], String::new()));
    assert!(fault(&pairs(6000)).1.contains(&format!("{PAIRS_LIMIT} pairs")));
    assert!(fault(&pairs(6000)).1.contains(&format!("{VALUES_LIMIT} values")));
}

#[test]
fn values_of_a_pair() {
    let (most, beyond) = (list(VALUES_LIMIT, "v", ","), list(VALUES_LIMIT + 1, "v", ","));
    assert!(rules(&format!("patient/O.r?a={most}")).is_empty());
    assert_eq!(rules(&format!("patient/O.r?b=1&a={beyond}")), ["scope-limit"]);
    // The letters are looked at first: what is wrong with them can be put right.
    assert_eq!(rules(&format!("patient/O.sr?a={beyond}")), ["bad-order"]);
}

#[test]
fn tokens_of_a_string() {
    let tokens = |n: usize| list(n, "patient/T", ".r ") + ".r";
    assert!(rules(&tokens(TOKENS_LIMIT)).is_empty());
    let beyond = normalise(&tokens(TOKENS_LIMIT + 1));
    assert_eq!((beyond.faults.len(), beyond.faults[0].rule.id()), (1, "scope-limit"));
    assert_eq!(beyond.faults[0].token, format!("patient/T{TOKENS_LIMIT}.r"));
    assert_eq!(covers("patient/*.r", &tokens(TOKENS_LIMIT + 1)).missing, [beyond.faults[0].token.clone()]);
}

#[test]
fn what_is_far_beyond_is_one_fault_word_for_word() {
    let text = "x ".repeat(TOKENS_LIMIT + FAULTS_LIMIT) + "the\trest  of it \n";
    let tokens = parse(&text);
    assert_eq!(tokens.len(), TOKENS_LIMIT + FAULTS_LIMIT + 1);
    assert_eq!(tokens.last().map(|t| t.text.as_str()), Some("the\trest  of it"));
    assert!(tokens.iter().all(|t| text[t.at..].starts_with(&t.text)));
    assert_eq!(covers("x", &text).missing, ["x", "the\trest  of it"]);
}

#[test]
fn alternatives_are_fewer_where_they_are_long() {
    assert_eq!([alternatives_limit(1, 100), alternatives_limit(1, 1 << 16), alternatives_limit(128, 9)], [64; 3]);
    assert_eq!([alternatives_limit(1024, 9), alternatives_limit(1, 1 << 22), alternatives_limit(0, 0)], [8, 1, 64]);
    let long = "x".repeat(1 << 20);
    let asked = format!("patient/O.r?a={long},b,c,d,e");
    // As a whole it is covered by itself, and by no union of its parts.
    assert!(covers(&asked, &asked).covers);
    let parts = format!("patient/O.r?a={long} patient/O.r?a=b,c,d,e");
    assert_eq!(covers(&parts, &asked).missing.len(), 1);
    assert!(covers("patient/O.r?a=x patient/O.r?a=b,c,d,e", "patient/O.r?a=x,b,c,d,e").covers);
}

#[test]
fn an_index_finds_what_a_look_at_all_would_find() {
    for text in strings().take(300) {
        let scopes: Vec<ResourceScope> = parse(&text).iter().filter_map(Token::resource).cloned().collect();
        let granted = Granted::new(scopes.iter().skip(1));
        for atom in scopes.iter().flat_map(|s| atoms(s, 64)) {
            let by_one = |g: &ResourceScope| {
                g.context == atom.context
                    && g.covers_type(&atom.resource_type)
                    && g.permissions.contains(atom.permission)
                    && g.query.admits(&atom.query)
            };
            assert_eq!(granted.covers(&atom.scope(), 64), scopes.iter().skip(1).any(by_one), "{atom} in {text}");
        }
    }
}
