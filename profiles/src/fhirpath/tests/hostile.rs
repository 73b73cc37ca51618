use super::*;

/// A small generator of repeatable random numbers.
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const ATOMS: &[&str] = &[
    "name",
    "given",
    "birthDate",
    "active",
    "telecom",
    "deceased",
    "Patient",
    "$this",
    "$index",
    "$total",
    "%resource",
    "%context",
    "{}",
    "true",
    "false",
    "1",
    "0",
    "-1",
    "2.50",
    "9223372036854775807",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "'a'",
    "''",
    "'é\\u0000'",
    "'[a-'",
    "'http://x'",
    "'base64'",
    "@2024-02-29",
    "@0001",
    "@9999-12-31T23:59:59.999+14:00",
    "@T23:59",
    "1 year",
    "3 'mg'",
    "1e",
    "99999999999999 days",
    "contained",
    "children()",
    "descendants()",
    "now()",
    "5L",
];
const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "div", "mod", "&", "|", "=", "!=", "~", "!~", "<", ">", "<=", ">=", "in", "contains", "and",
    "or", "xor", "implies",
];

/// A random expression of at most this depth.
fn expression(r: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return r.pick(ATOMS).to_owned();
    }
    match r.below(6) {
        0 => r.pick(ATOMS).to_owned(),
        1 => format!("({} {} {})", expression(r, depth - 1), r.pick(OPERATORS), expression(r, depth - 1)),
        2 => format!("{}[{}]", expression(r, depth - 1), expression(r, depth - 1)),
        3 => format!(
            "({}).{}",
            expression(r, depth - 1),
            r.pick(&["name", "given", "value", "extension", "is(Patient)", "ofType(Quantity)", "as(string)"])
        ),
        _ => {
            let names: Vec<&str> = function_names().collect();
            let args: Vec<String> = (0..r.below(3)).map(|_| expression(r, depth - 1)).collect();
            format!("({}).{}({})", expression(r, depth - 1), names[r.below(names.len())], args.join(", "))
        }
    }
}

#[test]
fn random_expressions_end_without_a_panic() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let focus = Item::Node(root, typing.resource_type(root));
    let mut r = Random(7);
    let mut ran = 0;
    for _ in 0..30_000 {
        let text = expression(&mut r, 4);
        let Ok(parsed) = parse(&text) else { continue };
        let options = Options { steps: 20_000, ..Options::default() };
        let _ = super::super::check(&parsed, &typing, typing.resource_type(root), &options, true);
        let mut pool = String::new();
        let Ok(words) = Compiler::new(&typing).compile(&parsed, &mut pool) else { continue };
        let mut context = Context::new(&typing, root, &LocalPorts);
        context.options = options;
        context.now = Temporal::date_time("2024-02-29T12:00:00.000Z");
        let _ = evaluate(Code { words: &words, pool: &pool }, &focus, &context, &mut Scratch::default());
        ran += 1;
    }
    assert!(ran > 3000, "{ran}");
}

#[test]
fn random_bytes_are_no_expressions() {
    let mut r = Random(11);
    for _ in 0..20_000 {
        let text: String = (0..r.below(24))
            .map(|_| {
                r.pick(&[
                    "@", "2", "'", "`", "\"", "%", "$", "é", "\\", "u", "T", "-", ":", ".", "(", ")", "[", "{", "/",
                    "*", "L", " ", "\u{a0}", "a",
                ])
            })
            .collect();
        let _ = parse(&text);
    }
}

/// Code that was cut or altered is refused or fails; it never panics.
#[test]
fn damaged_code() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let mut pool = String::new();
    let parsed =
        parse("name.where(use = 'official').given.first().matches('^P') or birthDate < @2020 and 1 'mg' > 0.5 'mg'")
            .unwrap();
    let words = Compiler::new(&typing).compile(&parsed, &mut pool).unwrap();
    let mut r = Random(3);
    for _ in 0..20_000 {
        let mut bad = words.clone();
        for _ in 0..=r.below(3) {
            let at = 1 + r.below(bad.len() - 1);
            bad[at] = if r.below(2) == 0 { r.below(usize::MAX) as u32 } else { bad[r.below(bad.len())] };
        }
        bad.truncate(r.below(bad.len() * 2).max(3));
        let mut context = Context::new(&typing, root, &NoPorts);
        context.options.steps = 10_000;
        let focus = Item::Node(root, typing.resource_type(root));
        let _ = evaluate(Code { words: &bad, pool: &pool }, &focus, &context, &mut Scratch::default());
    }
}
