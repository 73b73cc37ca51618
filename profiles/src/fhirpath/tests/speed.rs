use std::time::Instant;

use super::*;

/// Prints nanoseconds an evaluation: `cargo test -p fhir-accord-profiles --release speed -- --ignored --nocapture`.
#[test]
#[ignore = "prints timings"]
fn speed() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let focus = Item::Node(root, typing.resource_type(root));
    for text in [
        "name.where(use = 'official').given.first()",
        "hasValue() or (children().count() > id.count())",
        "extension.exists() != value.exists()",
        "contact.all(name.exists() or telecom.exists() or address.exists() or organization.exists())",
        "contained.contained.empty()",
        "true",
        "id.exists()",
        "name.exists()",
        "name.given.count() = 5",
        "birthDate <= @2020-01-01",
        "%resource.descendants().count()",
        "name.given.matches('^P')",
        "name.first().given.first().matches('^[A-Z][a-z]+$')",
        "name.select(given | family).distinct().count()",
    ] {
        let mut pool = String::new();
        let words = Compiler::new(&typing).compile(&parse(text).unwrap(), &mut pool).unwrap();
        let code = Code { words: &words, pool: &pool };
        let context = Context::new(&typing, root, &NoPorts);
        let mut scratch = Scratch::default();
        // The least of several rounds: what else the machine does only adds.
        let mut time = |truth: bool| {
            let mut least = f64::MAX;
            for _ in 0..200 {
                let start = Instant::now();
                for _ in 0..1000 {
                    if truth {
                        std::hint::black_box(super::super::test(code, &focus, &context, &mut scratch));
                    } else {
                        std::hint::black_box(evaluate(code, &focus, &context, &mut scratch).ok());
                    }
                }
                least = least.min(start.elapsed().as_nanos() as f64 / 1000.0);
            }
            least
        };
        println!("{:8.1} ns evaluate {:8.1} ns test   {text}", time(false), time(true));
    }
}
