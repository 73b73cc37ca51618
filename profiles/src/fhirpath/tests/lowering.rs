//! Masks and simple paths give the evaluator's answers.

use super::corpus::constraints;
use super::hostile::Random;
use super::*;

const NAMES: &[&str] = &[
    "active",
    "gender",
    "name",
    "deceased",
    "multipleBirth",
    "contact",
    "birthDate",
    "value",
    "telecom",
    "extension",
    "id",
    "name.given",
    "contact.name.family",
    "name.use",
    "telecom.value",
];
const SCALARS: &[&str] = &["'male'", "'x'", "''", "true", "false"];

fn presence(r: &mut Random) -> String {
    let name = r.pick(NAMES);
    match r.below(6) {
        0 => format!("{name}.exists().not()"),
        1 => format!("{name}.empty()"),
        2 => "hasValue()".to_owned(),
        3 => r.pick(&["true", "false"]).to_owned(),
        _ => format!("{name}.exists()"),
    }
}

fn simple(r: &mut Random, depth: usize) -> String {
    let name = r.pick(NAMES);
    match r.below(9) {
        0 => format!("{name} {} {}", r.pick(&["=", "!="]), r.pick(SCALARS)),
        1 => format!("{name}.count() {} {}", r.pick(&["=", "!=", "<", "<=", ">", ">="]), r.below(3)),
        2 => format!("{name}.hasValue()"),
        3 if depth > 0 => format!(
            "{}.all({})",
            r.pick(&["name", "contact", "telecom", "$this", "Patient.name"]),
            expression(r, depth - 1)
        ),
        4 if depth > 0 => {
            format!("{}.exists({})", r.pick(&["name", "contact", "Patient", "Observation"]), expression(r, depth - 1))
        }
        5 if depth > 0 => format!(
            "name.where({}).{}",
            expression(r, depth - 1),
            r.pick(&["exists()", "given.exists()", "empty()", "count() <= 1", "family = 'x'"])
        ),
        6 => name.to_owned(),
        _ => presence(r),
    }
}

/// An expression of the family that is lowered, and a little more.
fn expression(r: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return if r.below(2) == 0 { presence(r) } else { simple(r, 0) };
    }
    let operator = r.pick(&["and", "or", "xor", "implies", "=", "!="]);
    match r.below(5) {
        0 => simple(r, depth),
        1 => format!("({}).not()", expression(r, depth - 1)),
        _ => format!("(({}) {operator} ({}))", expression(r, depth - 1), expression(r, depth - 1)),
    }
}

/// A Patient with some of its elements, well and badly written.
fn instance(r: &mut Random) -> String {
    let members: &[&str] = &[
        r#""id":"a""#,
        r#""active":true"#,
        r#""active":"true""#,
        r#""active":null,"_active":{"id":"x"}"#,
        r#""gender":"male""#,
        r#""gender":"\u006dale""#,
        r#""gender":["male","x"]"#,
        r#""_gender":{"extension":[{"url":"u","valueCode":"male"}]}"#,
        r#""name":[{"family":"x","given":["a",null],"use":"x"},{"given":[]},{}]"#,
        r#""name":[]"#,
        r#""name":{"family":"x"}"#,
        r#""name":[null,{"use":"male"}],"_name":[{"id":"q"},null]"#,
        r#""deceasedBoolean":false"#,
        r#""deceasedDateTime":"2020""#,
        r#""deceased":true"#,
        r#""multipleBirthInteger":1,"multipleBirthBoolean":true"#,
        r#""contact":[{"name":{"family":"x"}},{"gender":"male"}]"#,
        r#""birthDate":"2020""#,
        r#""telecom":[[{"value":"x"}]]"#,
        r#""telecom":[{"value":"x","system":"phone"}]"#,
        r#""value":"x""#,
        r#""valueString":"x""#,
        r#""extension":[{"url":"u","valueBoolean":true}]"#,
        r#""unknown":{"value":1}"#,
        r#""contained":[{"resourceType":"Observation","valueString":"x"},{"name":3}]"#,
    ];
    let chosen: Vec<&str> = members.iter().filter(|_| r.below(3) == 0).copied().collect();
    let head = r.pick(&[
        r#""resourceType":"Patient""#,
        r#""resourceType":"Patient""#,
        r#""resourceType":"Observation""#,
        r#""resourceType":"Nothing""#,
    ]);
    format!("{{{}}}", std::iter::once(head).chain(chosen).collect::<Vec<_>>().join(","))
}

/// How often each route answered.
#[derive(Default)]
struct Routes {
    mask: usize,
    simple: usize,
    /// Lowered, and left to the evaluator for this node.
    open: usize,
}

/// Compares the routes of an expression at every node of an instance.
fn compare(
    text: &str,
    words: &[u32],
    pool: &str,
    route: &Route,
    tape: &crate::instance::Tape<'_>,
    typing: &Typing<'_>,
    routes: &mut Routes,
) {
    let Some(root) = tape.root() else { return };
    let mut open = vec![(root, typing.resource_type(root))];
    let mut scratch = Scratch::default();
    while let Some((node, t)) = open.pop() {
        open.extend(node.children().map(|c| (c, typing.model().type_of_child(t, c))));
        let code = Code { words, pool };
        let lowered = match route {
            Route::Mask(mask) => mask_holds(mask, node, t, typing).map(|b| if b { Truth::True } else { Truth::False }),
            Route::Simple => simple_truth(code, node, t, typing),
            Route::Evaluator => return,
        };
        let Some(lowered) = lowered else {
            routes.open += 1;
            continue;
        };
        match route {
            Route::Mask(_) => routes.mask += 1,
            _ => routes.simple += 1,
        }
        let context = Context::new(typing, root, &NoPorts);
        let whole = test(code, &Item::node(node, t), &context, &mut scratch);
        assert_eq!(lowered, whole, "{text}\nat {} of {}", node.raw(), String::from_utf8_lossy(tape.text()));
    }
}

#[test]
fn random_expressions_have_one_answer_on_every_route() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let mut r = Random(11);
    let mut routes = Routes::default();
    for _ in 0..4000 {
        let depth = r.below(4);
        let text = expression(&mut r, depth);
        let mut pool = String::new();
        let words =
            Compiler::new(&typing).compile(&parse(&text).unwrap(), &mut pool).unwrap_or_else(|e| panic!("{text}: {e}"));
        let route = Route::of(&words);
        for _ in 0..6 {
            let instance = instance(&mut r);
            let tape = parse_json(instance.as_bytes(), model.names(), &Limits::default());
            compare(&text, &words, &pool, &route, &tape, &typing, &mut routes);
        }
    }
    assert!(
        routes.mask > 50_000 && routes.simple > 50_000,
        "mask {}, simple {}, open {}",
        routes.mask,
        routes.simple,
        routes.open
    );
}

/// The examples of R4: some of each type.
fn examples() -> Vec<Vec<u8>> {
    let Some(file) = shared().and_then(|s| std::fs::File::open(s.join("examples/r4.tgz")).ok()) else {
        return Vec::new();
    };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut out = Vec::new();
    for (i, entry) in archive.entries().unwrap().enumerate() {
        let mut entry = entry.unwrap();
        if i % 23 == 0 && entry.size() < 30_000 {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            out.push(text);
        }
    }
    out
}

#[test]
fn constraints_of_the_packages_have_one_answer_on_every_route() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let examples = examples();
    let tapes: Vec<_> =
        examples.iter().map(|e| parse_json(e, model.names(), &Limits::default())).filter(|t| !t.is_fatal()).collect();
    let mut routes = Routes::default();
    let (mut lowered, mut all) = (0, 0);
    for package in [
        "hl7.fhir.r4.core-4.0.1.tgz",
        "hl7.fhir.us.core-6.1.0.tgz",
        "hl7.fhir.us.core-8.0.0.tgz",
        "hl7.fhir.uv.ips-1.1.0.tgz",
        "hl7.fhir.ca.baseline-1.2.0.tgz",
    ] {
        for (text, _) in constraints(package) {
            let mut pool = String::new();
            let words = Compiler::new(&typing).compile(&parse(&text).unwrap(), &mut pool).unwrap();
            let route = Route::of(&words);
            all += 1;
            lowered += usize::from(route != Route::Evaluator);
            for tape in &tapes {
                compare(&text, &words, &pool, &route, tape, &typing, &mut routes);
            }
        }
    }
    println!(
        "{lowered} of {all} constraints are lowered; answers by mask {}, by simple paths {}, left open {}",
        routes.mask, routes.simple, routes.open
    );
    assert!(lowered * 3 > all && (tapes.is_empty() || routes.mask > 100_000), "{lowered} of {all}");
}

#[test]
fn damaged_words_are_no_answer() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let t = typing.resource_type(root);
    let mut r = Random(3);
    let mut pool = String::new();
    let words = Compiler::new(&typing)
        .compile(&parse("name.all(given.exists() or family = 'x') and active.exists()").unwrap(), &mut pool)
        .unwrap();
    for _ in 0..20_000 {
        let mut damaged = words.clone();
        let at = r.below(damaged.len());
        damaged[at] = if r.below(2) == 0 { r.below(100) as u32 } else { u32::MAX - r.below(1000) as u32 };
        if at > 0 {
            simple_truth(Code { words: &damaged, pool: &pool }, root, t, &typing);
            let _ = Route::of(&damaged);
        }
        mask_holds(&damaged, root, t, &typing);
    }
    assert_eq!(mask_holds(&[], root, t, &typing), None);
    assert_eq!(mask_holds(&[5, 1], root, t, &typing), None);
}
