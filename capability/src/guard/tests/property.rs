//! Whatever is admitted the negotiation and the scopes allow, and the other way round: by generated requests, bodies
//! and negotiations, and a second way to decide, which looks at them as they are generated.

use serde_json::json;

use super::*;

/// Numbers by a seed (<https://en.wikipedia.org/wiki/Linear_congruential_generator>).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const TYPES: [&str; 3] = ["Observation", "Condition", "Patient"];
/// Method, the rest of the address, the interaction and the letter that it needs.
const FORMS: [(&str, &str, &str, char); 10] = [
    ("GET", "/a", "read", 'r'),
    ("GET", "/a/_history/1", "vread", 'r'),
    ("GET", "/a/_history", "history-instance", 'r'),
    ("GET", "/_history", "history-type", 's'),
    ("GET", "?code=x", "search-type", 's'),
    ("GET", "?code=x&category=lab", "search-type", 's'),
    ("POST", "", "create", 'c'),
    ("PUT", "/a", "update", 'u'),
    ("DELETE", "/a", "delete", 'd'),
    ("POST", "/_search", "search-type", 's'),
];

/// A generated scope: context, type, letters, category.
type Scope = (&'static str, &'static str, &'static str, Option<&'static str>);

fn scope(chance: &mut Chance) -> Scope {
    let context = chance.one(&["patient", "user", "system"]);
    let of = chance.one(&["Observation", "Condition", "Patient", "*"]);
    let letters = chance.one(&["cruds", "rs", "cud", "c", "r", "u", "d", "s", "cu"]);
    (context, of, letters, chance.one(&[None, None, Some("lab"), Some("vital")]))
}

fn written((context, of, letters, category): Scope) -> String {
    format!("{context}/{of}.{letters}{}", category.map(|c| format!("?category={c}")).unwrap_or_default())
}

/// A generated resource: whose it is, its category, whether it is valid.
type Made = (&'static str, &'static str, bool);

fn resource(of: &str, (patient, category, valid): Made) -> String {
    let bad: &[&str] = if valid { &[] } else { &["base"] };
    json!({"resourceType": of, "id": "a", "subject": {"reference": format!("Patient/{patient}")},
        "category": category, "bad": bad})
    .to_string()
}

/// Whether one of the scopes lets a letter be used on a resource; without one on every resource.
fn carries(scopes: &[Scope], of: &str, letter: char, made: Option<Made>) -> bool {
    scopes.iter().any(|(context, on, letters, category)| {
        let near = (*on == "*" || *on == of) && letters.contains(letter);
        let free = *context != "patient" && category.is_none();
        let within = made.is_some_and(|(patient, own, _)| {
            (*context != "patient" || patient == "1") && category.is_none_or(|c| c == own)
        });
        near && (free || within)
    })
}

/// Whether one of the scopes lets a letter be used on something of the type.
fn touches(scopes: &[Scope], of: &str, letter: char) -> bool {
    scopes.iter().any(|(_, on, letters, _)| (*on == "*" || *on == of) && letters.contains(letter))
}

/// A generated case: what is asked, of which negotiation, under which scopes.
struct Case {
    of: &'static str,
    form: (&'static str, &'static str, &'static str, char),
    listed: &'static str,
    server: &'static str,
    creates: bool,
    /// It lists what the searches of [`FORMS`] search by.
    searchable: bool,
    scopes: Vec<Scope>,
    /// 0: the old state is not read, 1: there is none.
    state: usize,
    new: Made,
    before: Made,
}

impl Case {
    fn generate(chance: &mut Chance) -> Case {
        let of = chance.one(&TYPES);
        let made = |chance: &mut Chance| -> Made {
            // The id of a Patient is `a`: it is nobody's but its own.
            let patient = if of == "Patient" { "2" } else { chance.one(&["1", "2"]) };
            (patient, chance.one(&["lab", "vital"]), chance.below(4) > 0)
        };
        let count = chance.below(4);
        Case {
            of,
            form: chance.one(&FORMS),
            listed: chance.one(&["likely", "yes", "unknown", "no", ""]),
            server: chance.one(&["yes", "unknown"]),
            creates: chance.below(2) == 0,
            searchable: chance.below(4) > 0,
            scopes: (0..count).map(|_| scope(chance)).collect(),
            state: chance.below(3),
            new: made(chance),
            before: made(chance),
        }
    }

    fn negotiation(&self) -> Value {
        let row = json!([{"code": self.form.2, "usable": self.listed, "server": self.server}]);
        json!({"id": "x", "fhirVersion": {"chosen": "4.0"}, "system": {"interactions": []},
            "resources": [{"type": self.of, "interactions": if self.listed.is_empty() { json!([]) } else { row },
                "searchParams": [{"name": "category", "usable": "yes"},
                    {"name": "code", "usable": "unknown", "server": if self.searchable { "yes" } else { "unknown" }}],
                "flags": if self.creates { json!([{"name": "updateCreate", "usable": "yes"}]) } else { json!([]) }}],
            "profileSet": [], "scopes": []})
    }

    fn carries(&self, letter: char, made: Option<Made>) -> bool {
        carries(&self.scopes, self.of, letter, made)
    }

    /// Whether a search says itself what one of the scopes is limited to; none of them names a patient.
    fn is_bounded(&self) -> bool {
        let says = self.form.1.contains("category=lab");
        self.scopes.iter().any(|(context, on, letters, category)| {
            let near = (*on == "*" || *on == self.of) && letters.contains('s');
            near && *context != "patient" && says && *category == Some("lab")
        })
    }

    /// What is to be decided.
    fn wanted(&self) -> Verdict {
        let (new, before) = (self.new, self.before);
        let (_, _, code, letter) = self.form;
        let free = self.carries(letter, None);
        if !self.searchable && self.form.1.contains("code=") {
            return Verdict::Refused;
        }
        let is_open = self.listed == "unknown" && self.server != "yes";
        if self.listed.is_empty() || self.listed == "no" || is_open || !touches(&self.scopes, self.of, letter) {
            return Verdict::Refused;
        }
        let allowed = match (code, self.state) {
            // Of a Patient the server sets the id, which is what makes it the token's patient.
            ("create", _) => new.2 && self.carries('c', Some(new)) && (free || self.of != "Patient"),
            ("update", 0) if !self.carries('u', Some(new)) => false,
            ("update", 0) if free && self.creates && self.carries('c', None) => new.2,
            ("update", 0) => return Verdict::NeedsOld,
            ("update", 1) => new.2 && self.creates && "cu".chars().all(|l| self.carries(l, Some(new))),
            ("update", _) => new.2 && [new, before].iter().all(|m| self.carries('u', Some(*m))),
            ("delete", _) if free => true,
            ("delete", 0) => return Verdict::NeedsOld,
            ("delete", state) => state == 2 && self.carries('d', Some(before)),
            _ if free => true,
            ("search-type", _) => return if self.is_bounded() { Verdict::JudgeAnswer } else { Verdict::Refused },
            _ => return Verdict::JudgeAnswer,
        };
        if allowed { Verdict::Allowed } else { Verdict::Refused }
    }
}

#[test]
fn whatever_is_admitted_is_allowed_and_the_other_way_round() {
    let mut chance = Chance(20);
    let mut counts = [0usize; 4];
    for round in 0..60_000 {
        let case = Case::generate(&mut chance);
        let (method, rest, code, _) = case.form;
        let negotiation = case.negotiation();
        let scopes = case.scopes.iter().map(|s| written(*s)).collect::<Vec<_>>().join(" ");
        let (body, old) = (resource(case.of, case.new), resource(case.of, case.before));
        let url = format!("{}{rest}", case.of);
        let mut asked = ask(&scopes, method, &url);
        if matches!(code, "create" | "update") {
            asked = asked.body(&body);
        }
        asked = match case.state {
            0 => asked,
            1 => asked.absent(),
            _ => asked.old(&old),
        };
        let decider = Decider::new(Negotiated::read(&negotiation).unwrap(), World);
        let decision = decider.decide(&asked.token(), &asked.access, &Interrupt::never());
        let told = format!("{round}: {method} {url} `{scopes}` {negotiation} {body} {old} {:?}", decision.why);
        assert_eq!(decision.verdict, case.wanted(), "{told}");
        assert_eq!(decision.why.is_empty(), decision.verdict != Verdict::Refused, "{told}");
        counts[decision.verdict as usize] += 1;
        if decision.verdict == Verdict::JudgeAnswer && code == "read" {
            let seen = decider.judge_answer(&asked.token(), &asked.access, old.as_bytes(), &Interrupt::never());
            assert_eq!(seen.verdict == Verdict::Allowed, case.carries('r', Some(case.before)), "{told}");
        }
    }
    assert!(counts.iter().all(|n| *n > 100), "{counts:?}");
}

#[test]
fn no_request_is_admitted_by_what_is_wrong_with_it() {
    let mut chance = Chance(7);
    let parts = [
        "Observation",
        "Patient",
        "a",
        "_history",
        "_search",
        "$free",
        "",
        "..",
        "%2e%2e",
        "*",
        "?",
        "&",
        "=",
        "/",
        "_include",
        "metadata",
        ":",
        "_has:Observation:patient:code",
        "subject.name",
        "\u{0}",
        "\u{e9}",
        "#",
        "\\",
        "{",
        "$",
    ];
    for _ in 0..5_000 {
        let url: String =
            (0..chance.below(8)).map(|_| chance.one(&parts)).collect::<Vec<_>>().join(chance.one(&["", "/"]));
        let method = chance.one(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
        // Without a scope the statement of the server is open.
        let decision = ask("", method, &url).decide();
        let is_open = url.split('?').next() == Some("metadata") && matches!(method, "GET" | "HEAD");
        if decision.verdict != Verdict::Refused {
            // The policy of this world frees one operation.
            assert!(is_open || decision.interaction == Some("operation"), "{method} {url}");
        }
        // With every scope it is decided, whatever it is.
        let decision = ask("system/*.cruds", method, &url).decide();
        assert_eq!(decision.why.is_empty(), decision.verdict != Verdict::Refused, "{method} {url}");
    }
}
