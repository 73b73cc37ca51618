//! The official FHIRPath suites.

#[path = "fhirpath_suite.rs"]
mod suite;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use fhir_accord_profiles::fhirpath::{
    Code, Collection, Compiler, Conformance, Context, Item, Options, Ports, Resolved, Scratch, Temporal, Typing, check,
    evaluate, parse, resolve_local,
};
use fhir_accord_profiles::instance::{Limits, Node, Tape, is_xml, parse as parse_json, parse_xml};
use fhir_accord_profiles::model::{Model, TypeId, build};

use suite::{Case, Invalid};

use crate::harness::{Test, repository, shared, suites, tests};

pub const TESTS: &[Test] = tests! {
    "packages fhir-test-cases/r4/fhirpath" => fhirpath_r4;
    "packages fhir-test-cases/r5/fhirpath" => fhirpath_r5;
};

fn fhirpath_r4() {
    run("r4", "hl7.fhir.r4.core-4.0.1.tgz");
}

fn fhirpath_r5() {
    run("r5", "hl7.fhir.r5.core-5.0.0.tgz");
}

/// The model of a core package.
fn model(package: &Path) -> Model {
    let file = fs::File::open(package).unwrap_or_else(|e| panic!("{}: {e}", package.display()));
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut definitions: Vec<serde_json::Value> = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".json") && name.contains("/StructureDefinition") {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            definitions.extend(serde_json::from_str(&text).ok());
        }
    }
    build(&definitions)
}

/// Knows the profiles that the types themselves are.
struct TypePorts<'m> {
    model: &'m Model,
}

impl<'t> Ports<'t> for TypePorts<'_> {
    fn resolve(&self, reference: &str, from: Node<'t>) -> Resolved<'t> {
        resolve_local(reference, from)
    }

    fn conforms_to(&self, _node: Node<'t>, type_id: TypeId, profile: &str) -> Conformance {
        match profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/").and_then(|t| self.model.find(t)) {
            Some(t) if self.model.is_a(type_id, t) => Conformance::Yes,
            Some(_) => Conformance::No,
            None => Conformance::NoSuchProfile,
        }
    }
}

fn run(version: &str, package: &str) {
    let (root, own) = suites();
    let file = root.join(version).join("fhirpath").join(format!("tests-fhir-{version}.xml"));
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let model = model(&shared().join("packages").join(package));
    let typing = Typing::new(&model);
    let mut failures = BTreeMap::new();
    let mut passed = 0;
    for case in suite::read(&text) {
        match judge(&case, &typing, &root.join(version)) {
            Ok(()) => passed += 1,
            Err(why) => {
                failures.insert(
                    format!("{}/{}", case.group, case.name),
                    format!("{why}\t{}", case.expression.split_whitespace().collect::<Vec<_>>().join(" ")),
                );
            }
        }
    }
    println!("fhirpath-{version}: {passed} passed, {} failed", failures.len());
    if own {
        compare(version, &failures);
    }
}

/// The ledger: a line a case that differs, `group/name`, a tab, the reason.
fn compare(version: &str, failures: &BTreeMap<String, String>) {
    let path = repository().join(format!("tests/conformance/fhirpath-{version}.ledger"));
    let ledger = fs::read_to_string(&path).unwrap_or_default();
    let known: BTreeMap<&str, &str> =
        ledger.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).collect();
    if std::env::var_os("ACCORD_BLESS").is_some() {
        let comments: String = ledger.lines().filter(|l| l.starts_with('#')).map(|l| format!("{l}\n")).collect();
        let lines: String =
            failures.keys().map(|k| format!("{k}\t{}\n", known.get(k.as_str()).unwrap_or(&"REASON?"))).collect();
        fs::write(&path, comments + lines.as_str()).unwrap();
    }
    let new: Vec<String> =
        failures.iter().filter(|(k, _)| !known.contains_key(k.as_str())).map(|(k, v)| format!("{k}\t{v}")).collect();
    let gone: Vec<&&str> = known.keys().filter(|k| !failures.contains_key(**k)).collect();
    let open: Vec<&&str> =
        known.iter().filter(|(_, why)| why.is_empty() || why.contains("REASON?")).map(|(k, _)| k).collect();
    assert!(
        new.is_empty() && gone.is_empty() && open.is_empty(),
        "fails, and is not in the ledger:\n{}\npasses, and is in the ledger:\n{gone:?}\nno reason is given \
            for:\n{open:?}",
        new.join("\n")
    );
}

/// Whether a case ends as it should; else what came instead.
fn judge(case: &Case, typing: &Typing<'_>, folder: &Path) -> Result<(), String> {
    let bytes = match &case.input {
        Some(name) => fs::read(folder.join(name))
            .or_else(|_| fs::read(folder.join("examples").join(name)))
            .map_err(|e| format!("{name}: {e}"))?,
        None => br#"{"resourceType":"Patient"}"#.to_vec(),
    };
    let names = typing.model().names();
    let tape = if is_xml(&bytes) {
        parse_xml(&bytes, names, &Limits::default())
    } else {
        parse_json(&bytes, names, &Limits::default())
    };
    match (outcome(case, typing, &tape), case.invalid) {
        (Err(_), Some(_)) => Ok(()),
        (Err(error), None) => Err(error),
        (Ok(items), Some(kind)) => Err(format!("not invalid ({kind:?}): {items:?}")),
        (Ok(items), None) if matches(case, &items) => Ok(()),
        (Ok(items), None) => Err(format!("{items:?} instead of {:?}", case.outputs)),
    }
}

fn matches(case: &Case, items: &[(String, String)]) -> bool {
    let mut got: Vec<(String, String)> = items.to_vec();
    let mut want = case.outputs.clone();
    if !case.ordered {
        got.sort();
        want.sort();
    }
    let same = |(gt, gv): &(String, String), (wt, wv): &(String, String)| {
        suite::unsigned_zero(gv) == suite::unsigned_zero(wv) && (wt.is_empty() || gt == wt)
    };
    got.len() == want.len() && got.iter().zip(&want).all(|(g, w)| same(g, w))
}

/// The result as type and text pairs.
fn outcome(case: &Case, typing: &Typing<'_>, tape: &Tape<'_>) -> Result<Vec<(String, String)>, String> {
    let expr = parse(&case.expression).map_err(|e| format!("syntax: {e}"))?;
    let mut pool = String::new();
    let words =
        Compiler::new(typing).with_variables(&[]).compile(&expr, &mut pool).map_err(|e| format!("compile: {e}"))?;
    let root = tape.root().ok_or("the input is empty")?;
    let root_type = typing.resource_type(root);
    let options = Options { strict_as: true, typed_choices: case.lenient, ..Options::default() };
    if !case.skip_check {
        let found = check(&expr, typing, root_type, &options, case.strict_order);
        if let Some(first) = found.into_iter().find(|f| f.is_error) {
            return Err(format!("check: {}", first.message));
        }
    }
    let ports = TypePorts { model: typing.model() };
    let mut context = Context::new(typing, root, &ports);
    context.options = options;
    context.now = Temporal::date_time("2025-06-15T12:00:00.000+00:00");
    let focus = Item::node(root, root_type);
    let items = evaluate(Code { words: &words, pool: &pool }, &focus, &context, &mut Scratch::default())
        .map_err(|e| format!("{:?}: {}", e.kind, e.message))?;
    Ok(if case.predicate {
        vec![("boolean".to_owned(), predicate(&items).to_string())]
    } else {
        items.iter().map(|i| shown(i, typing)).collect()
    })
}

/// A collection as a truth value: that of a single boolean, else whether there is anything.
fn predicate(items: &Collection<'_>) -> bool {
    match items.as_slice() {
        [Item::Bool(b)] => *b,
        items => !items.is_empty(),
    }
}

/// An item's type, as the suite writes it, and its text; an item whose type has no name (a member that its type does
/// not know) has an empty one.
fn shown(item: &Item<'_>, typing: &Typing<'_>) -> (String, String) {
    let name = item.type_name(typing);
    let text = item.string(typing).unwrap_or_default();
    match item {
        Item::Node(..) | Item::Quantity(_) => (name.to_owned(), text),
        Item::Decimal(_) => ("decimal".to_owned(), suite::unsigned_zero(&text)),
        _ => (uncapitalised(name), text),
    }
}

fn uncapitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

impl Case {
    /// The kind of failure that the suite names.
    fn invalid_kind(text: &str) -> Invalid {
        match text {
            "syntax" => Invalid::Syntax,
            "execution" => Invalid::Execution,
            _ => Invalid::Semantic,
        }
    }
}
