#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use super::*;

fn fault(text: &str) -> (&'static str, String) {
    let tokens = parse(text);
    let [token] = tokens.as_slice() else { panic!("one token expected in {text}") };
    let fault = token.fault().unwrap_or_else(|| panic!("{text} is no fault"));
    (fault.rule.id(), fault.hint.clone())
}

#[test]
fn v1_is_written_as_v2() {
    assert_eq!(
        normalise("patient/X.read user/*.write system/Y.*").normalised,
        "patient/X.rs user/*.cud system/Y.cruds"
    );
}

#[test]
fn every_ordered_subset_of_cruds_is_valid() {
    for bits in 1u8..32 {
        let letters: String =
            "cruds".chars().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, c)| c).collect();
        let tokens = parse(&format!("patient/Observation.{letters}"));
        assert!(tokens[0].fault().is_none(), "{letters}");
        assert_eq!(tokens[0].normal, format!("patient/Observation.{letters}"));
    }
}

#[test]
fn faults_name_the_rule_and_the_fix() {
    for (text, rule, hint) in [
        ("patient/Observation.dus", "bad-order", "patient/Observation.uds"),
        ("patient/Observation.rr", "bad-order", "patient/Observation.r"),
        ("Patient/X.read", "case-context", "patient/X.read"),
        ("patient/Observation.Read", "case-context", "patient/Observation.read"),
        ("patient/observation.rs", "type-case", "patient/Observation.rs"),
        ("patient/allergyintolerance.rs", "type-case", "patient/AllergyIntolerance.rs"),
        ("patient/Observation.search", "permission", "patient/Observation.s"),
        ("patient/Observation.read?category=lab", "v1-query", "patient/Observation.rs?category=lab"),
        ("launch/Patient", "launch", "launch/patient"),
    ] {
        assert_eq!(fault(text), (rule, hint.to_owned()), "{text}");
    }
    for (text, rule) in [
        ("patient/", "type"),
        ("patient/Observation", "permission"),
        ("patient/Observation.", "permission"),
        ("patient/Observation.rs?", "query"),
        ("patient/Observation.rs?category", "query"),
        ("patient/Observation.rs?category=", "query"),
        ("patient/Observation.rs?=a", "query"),
        ("patient/Observation.rs?category=a,", "query"),
        ("patient/Observation.rs?category=a&", "query"),
        ("patient/Observation.rs?category=%zz", "query"),
        ("other/Observation.rs", "context"),
        ("*.read", "context"),
        ("what?", "context"),
        ("say\"so", "token-char"),
        ("patient/Käse.rs", "token-char"),
        ("launch/", "launch"),
        ("launch/patient?role=", "launch"),
    ] {
        assert_eq!(fault(text).0, rule, "{text}");
    }
}

#[test]
fn inner_space_makes_two_bad_tokens() {
    let n = normalise("patient/ *.read");
    assert_eq!((n.normalised.as_str(), n.faults.len()), ("", 2));
    assert_eq!((n.faults[0].at, n.faults[1].at), (0, 9));
    assert!(n.faults.iter().all(|f| f.rule == "inner-space" && f.hint == "patient/*.read"));
}

#[test]
fn kinds_of_other_tokens() {
    let kinds: Vec<&str> = explain(
        "launch launch/patient launch/questionnaire?role=friend openid fhirUser profile offline_access \
         https://x.example/y __ext nhs-login OpenID http://smarthealthit.org/fhir/scopes/online_access",
    )
    .tokens
    .iter()
    .map(|t| t.kind)
    .collect();
    assert_eq!(
        kinds,
        [
            "launch",
            "launch",
            "launch",
            "identity",
            "identity",
            "identity",
            "refresh",
            "extension",
            "extension",
            "foreign",
            "foreign",
            "refresh"
        ]
    );
    assert_eq!(explain("OpenID").tokens[0].hint.as_deref(), Some("openid"));
    assert!(normalise("OpenID").faults.is_empty());
}

#[test]
fn queries_are_decoded_once_and_written_bare() {
    let n = normalise(
        "patient/Observation.sr?b=2&category=http%3A%2F%2Fx%7Clab,a patient/Observation.rs?category=a%2Cb%2520+c",
    );
    assert_eq!(n.normalised, "patient/Observation.rs?category=a%2Cb%2520+c");
    assert_eq!(n.faults[0].rule, "bad-order");
    assert_eq!(
        normalise("patient/Observation.rs?category=http%3A%2F%2Fx%7Clab,a&b=2").normalised,
        "patient/Observation.rs?b=2&category=a,http://x|lab"
    );
}

#[test]
fn smarthealthit_uris_are_the_same_scope() {
    let n = normalise("http://smarthealthit.org/fhir/scopes/patient/Observation.read patient/Observation.rs");
    assert_eq!(n.normalised, "patient/Observation.rs");
    assert!(covers("openid", "http://smarthealthit.org/fhir/scopes/openid").covers);
}

#[test]
fn coverage() {
    for (granted, requested, missing) in [
        ("patient/X.rs", "patient/X.read", ""),
        ("patient/X.r patient/X.s", "patient/X.rs", ""),
        ("patient/*.rs", "patient/X.rs", ""),
        ("patient/X.rs", "patient/*.r", "patient/*.r"),
        ("system/*.cruds", "patient/X.r", "patient/X.r"),
        ("user/*.cruds", "patient/X.r", "patient/X.r"),
        ("patient/O.rs?category=lab", "patient/O.rs?category=lab&status=final", ""),
        ("patient/O.rs?category=lab&status=final", "patient/O.r?category=lab", "patient/O.r?category=lab"),
        ("patient/O.rs?category=lab", "patient/O.rs", "patient/O.r patient/O.s"),
        ("patient/O.rs?category=a patient/O.rs?category=b", "patient/O.rs?category=a,b", ""),
        ("patient/O.rs?category=a", "patient/O.r?category=a,b", "patient/O.r?category=b"),
        ("patient/O.rs?category=a,b", "patient/O.r?category=b&x=1", ""),
        ("patient/O.r?category=a", "patient/O.r?category=a&category=b", ""),
        ("patient/O.r?category=a&category=b", "patient/O.r?category=a", "patient/O.r?category=a"),
        ("offline_access", "online_access", "online_access"),
        ("launch", "launch/patient", "launch/patient"),
        ("patient/*.cruds", "patient/O.dus", "patient/O.dus"),
        ("patient/*.dus", "patient/O.d", "patient/O.d"),
        ("patient/*.r", "patient/PatientPortalTemplate.r", ""),
    ] {
        let c = covers(granted, requested);
        assert_eq!(c.missing.join(" "), missing, "{granted} / {requested}");
        assert_eq!(c.covers, missing.is_empty());
    }
}

#[test]
fn minimal_forms() {
    for (text, minimal) in [
        ("patient/O.r patient/O.s", "patient/O.rs"),
        ("patient/O.rs patient/O.r?category=lab", "patient/O.rs"),
        ("patient/*.rs patient/O.cruds openid openid", "patient/*.rs patient/O.cud openid"),
        ("patient/O.rs?category=a patient/O.rs?category=b", "patient/O.rs?category=a,b"),
        ("patient/O.r patient/O.rs?category=a", "patient/O.r patient/O.s?category=a"),
        ("patient/O.rs?category=a&status=f patient/O.rs?category=b&status=f", "patient/O.rs?category=a,b&status=f"),
        ("patient/O.r?category=a,b patient/O.s?category=b,c", "patient/O.r?category=a,b patient/O.s?category=b,c"),
        ("patient/O.c?x=1,2 patient/O.r?x=1,2 patient/O.r?x=3", "patient/O.r?x=3 patient/O.cr?x=1,2"),
        ("patient/O.r?c=a&c=b patient/O.r?c=a", "patient/O.r?c=a"),
        ("user/A.r patient/A.r user/A.s", "user/A.rs patient/A.r"),
        ("patient/O.dus", ""),
    ] {
        assert_eq!(normalise(text).minimal, minimal, "{text}");
    }
}

/// Pseudo-random scope strings from a fixed seed.
fn strings() -> impl Iterator<Item = String> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = move |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    std::iter::repeat_with(move || {
        let count = 1 + next(6);
        let token = |next: &mut dyn FnMut(usize) -> usize| {
            let letters: String = "cruds".chars().filter(|_| next(3) == 0).collect();
            let letters = if letters.is_empty() { "r".to_owned() } else { letters };
            let query = match next(7) {
                0 => "?k=a",
                1 => "?k=a,b",
                2 => "?k=b&m=x",
                3 => "?k=a,b,c&m=x,y",
                4 => "?k=a&k=b,c",
                5 => "?k=b&k=c",
                _ => "",
            };
            format!("{}/{}.{letters}{query}", ["patient", "user"][next(2)], ["A", "*", "B"][next(3)])
        };
        (0..count).map(|_| token(&mut next)).collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn minimal_grants_exactly_the_same() {
    for text in strings().take(2000) {
        let n = normalise(&text);
        assert!(covers(&n.minimal, &text).covers, "{text} -> {}", n.minimal);
        assert!(covers(&text, &n.minimal).covers, "{text} -> {}", n.minimal);
        assert!(covers(&n.normalised, &text).covers && covers(&text, &n.normalised).covers);
        assert!(n.minimal.split(' ').count() <= n.normalised.split(' ').count(), "{text} -> {}", n.minimal);
        assert_eq!(normalise(&n.minimal).minimal.len(), n.minimal.len(), "{text} -> {}", n.minimal);
        assert_eq!(normalise(&n.normalised).normalised, n.normalised);
    }
}

#[test]
fn pairs_of_one_name_stay_as_they_are_written() {
    let text = "patient/Observation.rs?a=1,3&a=2 user/Patient.r";
    assert_eq!(normalise(text).minimal, "patient/Observation.rs?a=1,3&a=2 user/Patient.r");
}

#[test]
fn covering_is_transitive() {
    let all: Vec<String> = strings().take(180).collect();
    let covered: Vec<Vec<usize>> =
        all.iter().map(|wide| (0..all.len()).filter(|i| covers(wide, &all[*i]).covers).collect()).collect();
    let mut chains = 0;
    for (wide, middles) in covered.iter().enumerate() {
        for narrow in middles.iter().flat_map(|m| &covered[*m]) {
            chains += 1;
            assert!(middles.contains(narrow), "{} covers {}", all[wide], all[*narrow]);
        }
    }
    assert!(chains > 2 * all.len(), "{chains}");
}

#[test]
fn hostile_strings_end_in_time() {
    let tokens = |n: usize, f: &dyn Fn(usize) -> String| (0..n).map(f).collect::<Vec<_>>().join(" ");
    let values = |n: usize, lead: &str| (0..n).map(|i| format!("{lead}{i}")).collect::<Vec<_>>().join(",");
    let strings = [
        tokens(80_000, &|i| format!("patient/T{i}.r")),
        tokens(20_000, &|i| format!("patient/O.rs?category=c{i}")),
        tokens(5_000, &|i| {
            format!("patient/O.cruds?a={}&b={}", values(8, &format!("x{i}")), values(8, &format!("y{}", i % 7)))
        }),
        tokens(300, &|i| format!("patient/O.r?a=x{}&b=y{}&c=z{}", i % 5, i % 6, i % 7)),
        format!("patient/O.rs?a={}", values(100_000, "v")),
        "/".repeat(1_000_000),
        " ".repeat(1_000_000),
    ];
    for text in &strings {
        let start = std::time::Instant::now();
        let n = normalise(text);
        let c = covers(text, text);
        let took = start.elapsed();
        assert!(took.as_secs() < 20, "{}… {took:?}", text.get(..40).unwrap_or_default());
        assert_eq!(c.missing.len(), n.faults.iter().map(|f| &f.token).collect::<std::collections::BTreeSet<_>>().len());
    }
}

#[test]
fn no_string_makes_it_stumble() {
    let pieces = [
        "patient",
        "/",
        "user",
        ".",
        "rs",
        "*",
        "?",
        "a",
        "=",
        ",",
        "&",
        "%2",
        "%41",
        ":",
        " ",
        "\u{e4}",
        "launch",
        "__",
        "\t",
        "Observation",
        "\"",
        "http://smarthealthit.org/fhir/scopes/",
        "r",
        "d",
    ];
    let mut state = 88172645463325252u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(pieces[(state % pieces.len() as u64) as usize]);
        }
        let n = normalise(&text);
        assert!(covers(&n.minimal, &n.normalised).covers && covers(&n.normalised, &n.minimal).covers, "{text}");
        assert_eq!(normalise(&n.normalised).normalised, n.normalised, "{text}");
        assert!(explain(&text).tokens.iter().all(|t| text[t.at..].starts_with(&t.token)), "{text}");
    }
}

mod bounds;
mod hostile;
