//! FHIRPath in definitions: an expression can mean what it says on the elements that it is for
//! (<https://hl7.org/fhir/R4/fhirpath.html>).

use rustc_hash::FxHashSet;

use crate::fhirpath::{self, Diagnostic, Options, Surroundings};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::TypeId;
use crate::release::release;

/// What an expression of a definition is evaluated on.
pub struct Ground<'a> {
    /// The types of the focus; unknown where a definition does not say.
    pub contexts: &'a [TypeId],
    /// The variables that the place gives the expression.
    pub variables: &'a [&'a str],
    /// The names of System types mean FHIR's primitives too.
    pub system_names: bool,
}

/// Judges an expression: `rule` is broken where it cannot mean what it says; what its author should look at is a
/// warning. `name` says in messages which expression it is.
pub fn check<'t>(j: &mut Judge<'_, 't>, rule: RuleId, at: Node<'t>, name: &str, ground: &Ground<'_>) {
    if j.shared.look() {
        return;
    }
    let text = at.text();
    let (found, is_cut) = match faults(j, &text, ground) {
        Ok(found) => found,
        Err(fault) => return told(j, (rule, Weight::Error), at, format!("{name} `{text}` is not valid: {fault}")),
    };
    if let Some(fault) = found.iter().find(|d| d.is_error) {
        return told(j, (rule, Weight::Error), at, format!("{name} `{text}` is not valid: {}", fault.message));
    }
    if is_cut {
        j.limit(RuleId::LIMIT_EXPRESSION, at);
    }
    let mut doubts: Vec<&str> = found.iter().map(|d| &*d.message).collect();
    doubts.dedup();
    if !doubts.is_empty() {
        let rule = (RuleId::EXPRESSION_DOUBTFUL, Weight::Warning);
        told(j, rule, at, format!("{name} `{text}` may not do what it is for: {}", doubts.join("; ")));
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, (rule, weight): (RuleId, Weight), at: Node<'t>, text: String) {
    j.find(rule, weight, at, &[], || Detail::Text(text));
}

/// What is wrong with an expression on each of its contexts, by the place in the text: a part that fits one of them is
/// right. `Err` for what is not an expression.
///
/// With it, whether a bound kept parts or contexts from being looked at.
fn faults(j: &Judge<'_, '_>, text: &str, ground: &Ground<'_>) -> Result<(Vec<Diagnostic>, bool), String> {
    let tree = fhirpath::parse(text).map_err(|e| e.message)?;
    fhirpath::Compiler::new(j.typing)
        .with_outside(&|name| name.contains('.'))
        .compile(&tree, &mut String::new())
        .map_err(|e| e.message)?;
    let options = Options { system_names: ground.system_names, ..Options::default() };
    let has_extension = |url: &str| is_extension(j, url);
    let around = Surroundings { variables: ground.variables, has_extension: &has_extension };
    let mut common: Option<Vec<Diagnostic>> = None;
    let (mut seen, mut is_cut) = (FxHashSet::default(), false);
    for context in ground.contexts.iter().filter(|c| seen.insert(**c)) {
        // Expressions of definitions take from the same steps as those of constraints.
        let parts = u32::try_from(j.steps_left()).unwrap_or(u32::MAX);
        let reviewed = fhirpath::review(&tree, j.typing, *context, &options, &around, parts);
        j.spend_steps(reviewed.parts.into());
        is_cut |= reviewed.is_cut;
        let found = reviewed.found;
        common = Some(match common {
            None => found,
            Some(before) => before
                .into_iter()
                .filter(|d| {
                    found.binary_search_by_key(&d.at, |o| o.at).is_ok_and(|_| !d.is_error) || has_error(&found, d)
                })
                .collect(),
        });
    }
    Ok((common.unwrap_or_default(), is_cut))
}

/// Whether an error is told of the same place.
fn has_error(found: &[Diagnostic], told: &Diagnostic) -> bool {
    let from = found.partition_point(|d| d.at < told.at);
    told.is_error && found.iter().skip(from).take_while(|d| d.at == told.at).any(|d| d.is_error)
}

/// Whether a definition of this url is loaded, or is one of another FHIR version, which no package holds.
fn is_extension(j: &Judge<'_, '_>, url: &str) -> bool {
    let of_version =
        url.strip_prefix("http://hl7.org/fhir/").is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    of_version || j.structure(url).is_some()
}

/// Whether the names of System types mean FHIR's primitives too, in the version that is judged.
pub fn system_names(j: &Judge<'_, '_>) -> bool {
    release(j.set.fhir_version()).system_names
}
