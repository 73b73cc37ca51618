//! `accord fhirpath EXPRESSION [FILE]`: what an expression yields, typed and with paths.

use std::io::{Read, Write};
use std::path::PathBuf;

use super::imported_folder;
use crate::app::{App, Settings};
use crate::fhirpath::{
    Broken, Definitions, Expression, TracingPorts, Writer, asks_for_definitions, node_json, now, options,
};
use crate::printable::note;
use crate::profiles::definition::FhirVersion;
use crate::profiles::evaluate::{Answers, Evaluator, Memory, Policies, Terms};
use crate::profiles::explain::expression as path_of;
use crate::profiles::fhirpath::{Context, Diagnostic, Item, Options, Route, Scratch, Typing, check};
use crate::profiles::instance::{Limits, read as read_instance};
use crate::profiles::registry::PackageGraph;
use crate::profiles::script::Budget;
use crate::scripts;
use serde_json::{Value, json};

/// Evaluates a FHIRPath expression on an instance and prints what it yields.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The expression, for example `name.where(use = 'official').given`.
    #[arg(allow_hyphen_values = true)]
    expression: String,
    /// The instance (JSON or XML); `-` reads standard input. Without one the expression is evaluated on an empty
    /// object.
    file: Option<String>,
    /// The FHIR version of the instance: R4, 4.0.1, and the like.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<String>,
    /// Functions for the expression (`%namespace.name()`): a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long, visible_alias = "functions", value_name = "FILE|DIR")]
    rules: Vec<PathBuf>,
    /// The output: one line per item, or a JSON array.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also print the syntax tree, how much code the expression compiles to, and the route by which it would be
    /// evaluated as a constraint: a mask of present elements, simple paths, or the evaluator.
    #[arg(long)]
    explain: bool,
}

/// How results are printed.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Text,
    Json,
}

/// The instance where none is given.
const NOTHING: &[u8] = b"{}";

/// Loads the types of the FHIR version (R4 where none is named), then does as `run`.
///
/// # Errors
/// A message where the version's core package is not here, and as `run`.
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let asked = args.fhir_version.as_deref().unwrap_or("R4");
    let fhir_version =
        FhirVersion::parse(asked).ok_or_else(|| format!("`{asked}` is not a FHIR version; expected R4 or 4.0.1"))?;
    let packages = vec![format!("{}#{}", fhir_version.core_package(), fhir_version.number())];
    let rules = scripts::load(&args.rules).map_err(|e| e.to_string())?;
    let terminology = imported_folder();
    let app =
        App::open(&Settings { fhir_version: Some(fhir_version), packages, rules, terminology, ..Settings::default() })
            .map_err(|e| e.to_string())?;
    run(args, &app.evaluator(), Some(&|| app.graph().ok()), out)
}

/// Writes the items that the expression yields for the instance's root: path (of elements), type and value; `graph`
/// gives the definitions, for `elementDefinition()`. What `trace()` sees and what the definitions say against the
/// expression goes to standard error.
///
/// Returns the exit code: 0, or 2 where the result rests on an open question.
///
/// # Errors
/// A message where the file cannot be read, or the expression is broken or fails.
fn run<'g>(
    args: &Args,
    evaluator: &Evaluator<'_>,
    graph: Option<&dyn Fn() -> Option<&'g PackageGraph>>,
    out: &mut dyn Write,
) -> Result<u8, String> {
    let text = args.file.as_deref().map_or_else(|| Ok(NOTHING.to_vec()), read)?;
    let typing = evaluator.typing();
    let (names, limits) = (typing.model().names(), Limits::default());
    let tape = read_instance(&text, names, &limits);
    if tape.is_fatal() {
        let name = args.file.as_deref().unwrap_or_default();
        let fault = tape.faults().last().map(|f| format!("{:?} at byte {}", f.kind, f.span.start)).unwrap_or_default();
        return Err(format!("`{name}` could not be read: {fault}"));
    }
    let pointed = |broken: Broken| broken.pointed(&args.expression);
    let outside = |name: &str| evaluator.has_function(name);
    let expression = Expression::compile(&args.expression, typing, None, &outside).map_err(pointed)?;
    if args.explain {
        explain(&expression, out).map_err(|e| format!("could not write the tree: {e}"))?;
    }
    let root = tape.root().ok_or("the instance is empty")?;
    let root_type = typing.resource_type(root);
    let options = options(Options::default().steps);
    if root_type.is_known() {
        report(&args.expression, &check(&expression.tree, typing, root_type, &options, false));
    }
    let policies = Policies::default();
    let budget = Budget::default();
    let (answers, mut memory) = (Answers::default(), Memory::default());
    let terms = Terms { policies: &policies, answers: &answers, asks: false, now: now(), resources: None };
    let session = evaluator.session(&tape, terms, &budget, &mut memory).ok_or("the instance is empty")?;
    let definitions = graph
        .filter(|_| asks_for_definitions(&expression.tree))
        .and_then(|g| g())
        .map(|g| Definitions::of(&tape, g, typing.model()));
    let ports = TracingPorts::new(session.ports(), Writer::new(typing, &tape), definitions.as_ref());
    let context = Context { now: now(), options, ..Context::new(typing, root, &ports) };
    let focus = Item::node(root, root_type);
    let mut scratch = Scratch::default();
    let items = expression.items(&focus, &context, &mut scratch).map_err(pointed)?;
    for (label, parts) in ports.take() {
        note(&format!("trace `{label}`: [{}]", parts.join(",")));
    }
    write_items(args.format, &items, typing, out).map_err(|e| format!("could not write the result: {e}"))?;
    let open = items.iter().any(|i| matches!(i, Item::Unknown(_)));
    for question in scratch.questions().iter().filter(|_| open) {
        note(&format!("open: {question}"));
    }
    Ok(if open { super::exit::UNDETERMINED } else { super::exit::OK })
}

/// Writes what `--explain` adds.
fn explain(expression: &Expression, out: &mut dyn Write) -> std::io::Result<()> {
    let code = expression.code();
    let (words, bytes, route) = (code.words.len(), code.pool.len(), Route::of(code.words).name());
    writeln!(out, "{}{words} words of code, {bytes} bytes of text\nroute: {route}\n", expression.tree.tree())
}

fn write_items(format: Format, items: &[Item<'_>], typing: &Typing<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        Format::Text => write_text(items, typing, out),
        Format::Json => {
            let values: Vec<Value> = items.iter().map(|i| item_json(i, typing)).collect();
            serde_json::to_writer_pretty(&mut *out, &values)?;
            writeln!(out)
        }
    }
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    if file == "-" {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).map_err(|e| format!("could not read standard input: {e}"))?;
        return Ok(text);
    }
    std::fs::read(file).map_err(|e| format!("could not read `{file}`: {e}"))
}

fn report(expression: &str, found: &[Diagnostic]) {
    for d in found {
        note(&format!(
            "{}: {}",
            if d.is_error { "error" } else { "warning" },
            Broken { at: d.at as usize, message: d.message.clone(), hint: String::new() }.pointed(expression)
        ));
    }
}

fn write_text(items: &[Item<'_>], typing: &Typing<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    for item in items {
        let place = item.as_node().map_or(String::new(), |n| format!("{} ", path_of(n, typing.model())));
        let value = match item {
            Item::Unknown(_) => "?".to_owned(),
            item => item.string(typing).unwrap_or_else(|| item.as_node().map_or(String::new(), |n| n.raw().to_owned())),
        };
        let name = match type_of(item, typing) {
            name if name.is_empty() => "?".to_owned(),
            name => name,
        };
        writeln!(out, "{place}({name}) {value}")?;
    }
    Ok(())
}

/// `FHIR.HumanName`, `System.String`; empty where it is not known.
fn type_of(item: &Item<'_>, typing: &Typing<'_>) -> String {
    let name = item.type_name(typing);
    match item {
        _ if name.is_empty() => String::new(),
        Item::Node(..) | Item::Unknown(_) => format!("FHIR.{name}"),
        _ => format!("System.{name}"),
    }
}

fn item_json(item: &Item<'_>, typing: &Typing<'_>) -> Value {
    let mut out = serde_json::Map::new();
    if let Some(node) = item.as_node() {
        out.insert("path".to_owned(), path_of(node, typing.model()).into());
    }
    let name = type_of(item, typing);
    if !name.is_empty() {
        out.insert("type".to_owned(), name.into());
    }
    let value = match item {
        Item::Unknown(_) => {
            out.insert("unknown".to_owned(), true.into());
            return Value::Object(out);
        }
        Item::Bool(b) => json!(b),
        Item::Integer(n) | Item::Long(n) => json!(n),
        Item::Node(node, t) => serde_json::from_str(&node_json(*node, *t, typing.model())).unwrap_or(Value::Null),
        item => json!(item.string(typing)),
    };
    out.insert("value".to_owned(), value);
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: &str = r#"{"resourceType":"Patient","active":true,
        "name":[{"use":"official","given":["Peter","James"]}],"deceasedBoolean":false,
        "managingOrganization":{"reference":"Organization/1"}}"#;

    fn printed(expression: &str, format: Format) -> Result<(u8, String), String> {
        output(expression, format, false)
    }

    fn explained(expression: &str) -> String {
        output(expression, Format::Text, true).unwrap().1
    }

    fn output(expression: &str, format: Format, explain: bool) -> Result<(u8, String), String> {
        let app = App::open(&Settings { packages: vec!["hl7.fhir.r4.core#4.0.1".to_owned()], ..Settings::default() })
            .unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), PATIENT).unwrap();
        let args = Args {
            expression: expression.to_owned(),
            file: Some(file.path().to_string_lossy().into_owned()),
            fhir_version: None,
            rules: Vec::new(),
            format,
            explain,
        };
        let mut out = Vec::new();
        let code = run(&args, &app.evaluator(), Some(&|| app.graph().ok()), &mut out)?;
        Ok((code, String::from_utf8(out).unwrap()))
    }

    #[test]
    fn prints_paths_types_and_values() {
        let (code, text) = printed("name.given | deceased | name.count()", Format::Text).unwrap();
        assert_eq!(
            (code, text.as_str()),
            (
                0,
                "Patient.name[0].given[0] (FHIR.string) Peter\nPatient.name[0].given[1] (FHIR.string) \
                 James\nPatient.deceased.ofType(boolean) (FHIR.boolean) false\n(System.Integer) 1\n"
            )
        );
        let (_, text) = printed("name.first()", Format::Json).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (json[0]["path"].as_str(), json[0]["value"]["use"].as_str()),
            (Some("Patient.name[0]"), Some("official"))
        );
    }

    #[test]
    fn the_route_is_told() {
        for (expression, route) in [
            ("name.exists() or telecom.exists()", "mask"),
            ("deceased.empty() xor active.exists()", "mask"),
            ("name.all(family.exists() or given.exists())", "simple"),
            ("gender = 'male' implies name.count() <= 3", "simple"),
            ("name.given.first() = 'x'", "evaluator"),
        ] {
            assert_eq!(
                explained(expression).lines().find_map(|l| l.strip_prefix("route: ")),
                Some(route),
                "{expression}"
            );
        }
    }

    #[test]
    fn open_questions_show_in_the_exit_code() {
        let (code, text) = printed("managingOrganization.resolve()", Format::Text).unwrap();
        assert_eq!((code, text.as_str()), (super::super::exit::UNDETERMINED, "(FHIR.Organization) ?\n"));
    }

    #[test]
    fn broken_expressions_are_shown_with_their_place() {
        assert_eq!(
            printed("name.exist()", Format::Text).unwrap_err(),
            "unknown function `exist`\n  name.exist()\n       ^\n  did you mean `exists`?"
        );
    }
}
