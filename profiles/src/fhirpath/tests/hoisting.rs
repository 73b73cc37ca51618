//! Fixed parts of per-item arguments are evaluated once, and say what they would say otherwise.

use super::hostile::Random;
use super::*;

/// What an expression gives for a resource, with or without its fixed parts kept, and the steps that it took; `None`
/// where it is no expression.
fn outcome(text: &str, resource: &str, typing: &Typing<'_>, hoisted: bool) -> Option<(String, u64)> {
    let compiler = if hoisted { Compiler::new(typing) } else { Compiler::new(typing).unhoisted() };
    let mut pool = String::new();
    let words = compiler.compile(&parse(text).ok()?, &mut pool).ok()?;
    let tape = parse_json(resource.as_bytes(), typing.model().names(), &Limits::default());
    let root = tape.root()?;
    let focus = Item::Node(root, typing.resource_type(root));
    let mut context = Context::new(typing, root, &NoPorts);
    context.now = Temporal::date_time("2024-02-29T12:00:00.000Z");
    context.options.steps = 1_000_000;
    let mut scratch = Scratch::default();
    let code = Code { words: &words, pool: &pool };
    let items = match evaluate(code, &focus, &context, &mut scratch) {
        Ok(items) => items.iter().map(|i| show(i, typing)).collect::<Vec<_>>().join(","),
        Err(e) => format!("!{e:?}"),
    };
    let steps = scratch.steps();
    // Which questions were met on the way to an open answer is not told.
    let truth = match test(code, &focus, &context, &mut scratch) {
        Truth::Unknown(_) => "Unknown".to_owned(),
        truth => format!("{truth:?}"),
    };
    Some((format!("{items} {truth}"), steps))
}

fn bundle(entries: usize) -> String {
    let entry = r#"{"request":{"method":"GET","url":"Patient"}}"#;
    format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{}]}}"#, vec![entry; entries].join(","))
}

#[test]
fn steps_grow_with_the_entries() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    for text in [
        "entry.all(request.exists() = (%resource.type = 'batch'))",
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'history'))",
        "entry.all((%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history')
         = request.exists())",
        "entry.where(%resource.type = 'x' or %context.type.exists()).request.count()",
        "entry.all(%resource.type in ('batch' | 'history') and %resource is Bundle)",
        "entry.select(iif(%resource.type.length() > 3, request, response)).count()",
    ] {
        let steps = |entries: usize| outcome(text, &bundle(entries), &typing, true).unwrap().1;
        let (few, more, most) = (steps(100), steps(200), steps(400));
        assert_eq!(most - more, 2 * (more - few), "{text}: {few} {more} {most}");
        assert!(most < 400 * 20, "{text}: {most}");
    }
}

/// Parts that may be kept, that fail, and that must not be kept.
const FIXED: &[&str] = &[
    "%resource.active",
    "%resource.name",
    "%resource.name.given",
    "%resource.name[0].family",
    "%resource.name.first().use",
    "%context.birthDate",
    "%rootResource.id",
    "%resource.name.where(use = 'usual').given",
    "%resource.name.select(given + family)",
    "%resource.name.select(1 / 0 + (use | given).single())",
    "%resource.nothing",
    "%resource.multipleBirth",
    "%resource.managingOrganization.resolve()",
    "%resource.active.memberOf('http://x')",
    "%resource.name.aggregate($this, $index)",
    "%resource is Patient",
    "%resource as Patient",
    "%resource",
    "$this",
    "use",
    "given",
    "family",
    "'official'",
    "true",
    "3",
    "{}",
];
const OPERATORS: &[&str] =
    &["=", "!=", "~", "!~", "<", ">=", "in", "contains", "and", "or", "xor", "implies", "|", "+", "&"];

fn part(r: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return r.pick(FIXED).to_owned();
    }
    match r.below(6) {
        0 => part(r, 0),
        1 => format!(
            "({}).{}",
            part(r, depth - 1),
            r.pick(&[
                "exists()",
                "empty()",
                "not()",
                "count()",
                "first()",
                "single()",
                "exists(use = 'usual')",
                "all(use.exists())",
                "where($this = %resource.active)"
            ])
        ),
        _ => format!("({} {} {})", part(r, depth - 1), r.pick(OPERATORS), part(r, depth - 1)),
    }
}

#[test]
fn results_are_the_same_with_and_without() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let mut r = Random(23);
    let (mut ran, mut failed) = (0, 0);
    for _ in 0..6000 {
        let outer = r.pick(&[
            "name.where(",
            "name.select(",
            "name.all(",
            "name.exists(",
            "name.given.select(",
            "children().where(",
            "name.repeat(",
        ]);
        let text = format!("{outer}{})", part(&mut r, 3));
        let (Some((kept, _)), Some((plain, _))) =
            (outcome(&text, PATIENT, &typing, true), outcome(&text, PATIENT, &typing, false))
        else {
            continue;
        };
        if plain.contains("Budget") {
            continue;
        }
        assert_eq!(kept, plain, "{text}");
        ran += 1;
        failed += usize::from(kept.starts_with('!'));
    }
    assert!(ran > 3000 && failed > 100 && failed < ran, "{ran} {failed}");
}

#[test]
fn what_is_skipped_is_not_evaluated() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    for (text, want) in [
        // The left side decides; the right one would fail.
        ("name.all(true or (%resource.name.given = 'x') or %resource.name.given)", "true"),
        ("name.all(use.empty() implies %resource.name.given.single() = 'x')", "true"),
        // The first item decides; the second one would fail.
        ("name.exists(use in %resource.name.select(iif($index = 0, use, (given | use).single())))", "true"),
        ("name.exists('official' in %resource.name.select(iif($index = 0, use, (given | use).single())))", "true"),
        ("contact.exists(%resource.name.select(1 & (given | use).single()))", ""),
    ] {
        let (kept, _) = outcome(text, PATIENT, &typing, true).unwrap();
        let (plain, _) = outcome(text, PATIENT, &typing, false).unwrap();
        assert_eq!(kept, plain, "{text}");
        assert!(if want.is_empty() { kept.starts_with('!') } else { kept.starts_with(want) }, "{text}: {kept}");
    }
}

/// A part that fails is tried once to be kept, however deep it stands in others.
#[test]
fn failing_parts_inside_each_other_stay_cheap() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let nested = |depth: usize| {
        format!(
            "name.select({}%resource.name.given.single(){})",
            "%resource.name.select(".repeat(depth),
            ")".repeat(depth)
        )
    };
    let steps = |depth: usize| outcome(&nested(depth), PATIENT, &typing, true).unwrap().1;
    assert!(steps(16) < 200 * steps(1), "{} {}", steps(16), steps(1));
}

#[test]
fn a_remembered_pattern_takes_the_steps_of_a_fresh_one() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(br#"{"resourceType":"Patient","gender":"male"}"#, model.names(), &Limits::default());
    let root = tape.root().unwrap();
    for text in ["gender.matches('^[a-z]+$')", "gender.matches('[')"] {
        let mut pool = String::new();
        let words = Compiler::new(&typing).compile(&parse(text).unwrap(), &mut pool).unwrap();
        let code = Code { words: &words, pool: &pool };
        let (focus, context) = (Item::Node(root, typing.resource_type(root)), Context::new(&typing, root, &NoPorts));
        let mut scratch = Scratch::default();
        let mut steps = || {
            let _ = evaluate(code, &focus, &context, &mut scratch);
            let first = scratch.steps();
            // Within an instance it is charged once.
            let _ = evaluate(code, &focus, &context, &mut scratch);
            let again = scratch.steps();
            scratch.begin();
            (first, again)
        };
        let fresh = steps();
        assert!(fresh.0 > 1000 && fresh.1 < 100, "{text}: {fresh:?}");
        assert_eq!(steps(), fresh, "{text}");
    }
}
