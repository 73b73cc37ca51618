//! The parameters of `$validate` under a negotiation: a request to a FHIR server, and what a token allows.

use std::sync::LazyLock;

use fhir_accord_profiles::instance::{Limits, NameId, Names, Node, parse};

use super::complaints::complain;
use crate::http::Fault;

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(["parameter", "name"]));

fn name(text: &str) -> NameId {
    NAMES.find(text.as_bytes()).unwrap_or_default()
}

/// What a guard is asked. Resources are in JSON.
#[derive(Debug, Default)]
pub(in crate::http) struct Guarding<'b> {
    pub resource: Option<&'b [u8]>,
    pub old: Option<&'b [u8]>,
    /// There is no resource on the server.
    pub old_absent: bool,
    pub answer: Option<&'b [u8]>,
    pub scope: Option<String>,
    pub patient: Option<String>,
    pub method: Option<String>,
    pub url: Option<String>,
    pub if_none_exist: Option<String>,
    /// A JSON Patch, as text.
    pub patch: Option<String>,
    /// The base URLs of the server.
    pub bases: Vec<String>,
}

/// Reads a body of Parameters in JSON, within these bounds, and gives it to `work`.
///
/// # Errors
/// 400 where it is none, or has another parameter or one twice; and what `work` gives.
pub(in crate::http) fn guarding<T>(
    body: &[u8],
    intake: &Limits,
    work: impl FnOnce(Guarding<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let limits = Limits { depth: intake.depth + 3, comments: false, ..intake.clone() };
    let tape = parse(body, &NAMES, &limits);
    complain(&tape, body, None)?;
    let root = tape.root().filter(|r| r.child_text(NameId::RESOURCE_TYPE).as_deref() == Some("Parameters"));
    let root = root.ok_or_else(|| Fault::invalid("parameters", "a guard is asked by Parameters in JSON"))?;
    let mut call = Guarding::default();
    for parameter in root.children_named(name("parameter")) {
        take(&mut call, parameter)?;
    }
    work(call)
}

fn take<'b>(call: &mut Guarding<'b>, parameter: Node<'b>) -> Result<(), Fault> {
    let which = parameter.child_text(name("name"));
    let which = which.ok_or_else(|| Fault::invalid("parameters", "a parameter without a name"))?;
    let is_new = match &*which {
        "resource" => call.resource.replace(resource(parameter, &which)?).is_none(),
        "old" => call.old.replace(resource(parameter, &which)?).is_none(),
        "answer" => call.answer.replace(resource(parameter, &which)?).is_none(),
        "oldAbsent" => !std::mem::replace(&mut call.old_absent, value(parameter, &which)? == "true"),
        "scope" => call.scope.replace(value(parameter, &which)?).is_none(),
        "patient" => call.patient.replace(value(parameter, &which)?).is_none(),
        "method" => call.method.replace(value(parameter, &which)?).is_none(),
        "url" => call.url.replace(value(parameter, &which)?).is_none(),
        "ifNoneExist" => call.if_none_exist.replace(value(parameter, &which)?).is_none(),
        "patch" => call.patch.replace(value(parameter, &which)?).is_none(),
        "base" => {
            call.bases.push(value(parameter, &which)?);
            true
        }
        _ => {
            let text = "unknown parameter; a guard takes resource, patch, old, oldAbsent, answer, scope, patient, \
                        method, url, ifNoneExist and base";
            return Err(Fault::invalid("parameters", text));
        }
    };
    if is_new { Ok(()) } else { Err(Fault::invalid("parameters", format!("duplicate parameter `{which}`"))) }
}

fn resource<'b>(parameter: Node<'b>, which: &str) -> Result<&'b [u8], Fault> {
    let held = parameter.child(NameId::RESOURCE).filter(|r| r.is_object());
    let none = || Fault::invalid("parameters", format!("parameter `{which}` contains no resource"));
    held.map(Node::raw_bytes).ok_or_else(none)
}

/// The text of `value[x]`, which may be empty: so is the address of a batch.
fn value(parameter: Node<'_>, which: &str) -> Result<String, Fault> {
    let found = parameter.children().find(|c| c.name_text().starts_with("value") && c.has_value());
    let none = || Fault::invalid("parameters", format!("parameter `{which}` has no value"));
    found.map(|v| v.text().into_owned()).ok_or_else(none)
}
