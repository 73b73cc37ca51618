//! Watched code: it yields what the plain code yields, and tells each part.

use std::cell::RefCell;

use super::*;

/// What the ports heard: the text from each part on, how many items, `$index`.
struct Heard<'x> {
    expression: &'x str,
    steps: RefCell<Vec<String>>,
}

impl<'t> Ports<'t> for Heard<'_> {
    fn watch(&self, at: u32, items: &[Item<'t>], this: &[Item<'t>], index: i64) {
        let rest = &self.expression[at as usize..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()).max(1);
        self.steps.borrow_mut().push(format!("{} {} {} {index}", &rest[..end], items.len(), this.len()));
    }
}

/// The items of a run or its error, and what was heard.
type Run = (Result<Vec<String>, ErrorKind>, Vec<String>);

/// The items of an expression, plain or watched, and what was heard.
fn both(expression: &str) -> Option<[Run; 2]> {
    let typing = Typing::new(r4()?);
    let tape = parse_json(PATIENT.as_bytes(), typing.model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let tree = parse(expression).unwrap();
    let run = |watched: bool| {
        let heard = Heard { expression, steps: RefCell::default() };
        let mut pool = String::new();
        let compiler = Compiler::new(&typing);
        let compiler = if watched { compiler.watched() } else { compiler };
        let words = compiler.compile(&tree, &mut pool).unwrap();
        let context = Context::new(&typing, root, &heard);
        let found = evaluate(
            Code { words: &words, pool: &pool },
            &Item::Node(root, typing.resource_type(root)),
            &context,
            &mut Scratch::default(),
        );
        let found = found.map(|items| items.iter().map(|i| show(i, &typing)).collect()).map_err(|e| e.kind);
        (found, heard.steps.into_inner())
    };
    Some([run(false), run(true)])
}

#[test]
fn steps_come_in_the_order_of_the_evaluation() {
    let Some([plain, watched]) = both("name.where(use = 'usual').given | contact.exists()") else { return };
    assert_eq!(plain, (Ok(vec!["Jim".to_owned(), "true".to_owned()]), Vec::new()), "plain code tells nothing");
    assert_eq!(watched.0, plain.0);
    let each = |index: usize| ["use 1 1", "' 1 1", "= 1 1"].map(|s| format!("{s} {index}"));
    let mut wanted = vec!["name 3 1 0".to_owned()];
    (0..3).for_each(|i| wanted.extend(each(i)));
    wanted.extend(["where 1 1 0", "given 1 1 0", "contact 1 1 0", "exists 1 1 0", "| 2 1 0"].map(str::to_owned));
    assert_eq!(watched.1, wanted);
}

#[test]
fn watched_code_yields_the_same() {
    for expression in [
        "Patient.name.given",
        "name.given.first() & ' ' & name[0].family",
        "deceased is boolean and multipleBirth = 2",
        "name.select(given.join('-')).where($this.length() > 3 and $index < 2)",
        "name.defineVariable('n', given.count()).select(family & %n.toString())",
        "(1 | 2 | 3).aggregate($this + $total, 0)",
        "iif(active, name.family, 1/0)",
        "name.sort(-family, use).use",
        "name.repeat(given).count() + -name.count()",
        "contained.ofType(Organization).name | managingOrganization.reference.as(string)",
        "descendants().where($this is HumanName).count() > 3 or 1 + 1 = 3",
        "telecom.where(system = 'phone').value.toInteger() in (1 | 2) implies telecom.all(value.exists())",
        "birthDate + 1 year > @1975-01-01 xor name.exists(use = 'nothing')",
        "name.trace('x', given).use contains 'usual'",
        "%resource.name.where(%context.active).period.start.empty()",
        "name.single()",
        "name.given.nothing",
    ] {
        let Some([plain, watched]) = both(expression) else { return };
        assert_eq!(watched.0, plain.0, "{expression}");
        assert!(plain.1.is_empty() && !watched.1.is_empty(), "{expression}");
    }
}
