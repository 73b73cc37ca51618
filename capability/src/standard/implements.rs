//! `$implements`: does the server's statement list everything that the client's does?
//! (<https://hl7.org/fhir/R4/capabilitystatement-operation-implements.html>)

use serde_json::Value;

use super::line::{Line, is_placed, lines};
use super::outcome::{Outcome, Remark, expression, meaning};
use super::sides::{as_listed, request, root, without_profiles};
use crate::agreement::{Agreement, Answer, Item, Kind};
use crate::definitions::Definitions;
use crate::issue::Severity;
use crate::negotiate::negotiate;
use crate::reason::Reason;
use crate::request::NegotiateError;
use crate::statement::INTERACTION_FLAGS;

/// The answer of `$implements`.
#[derive(Clone, Debug)]
pub struct Implements {
    /// An OperationOutcome: without an issue of severity error where the statements match.
    pub outcome: Value,
    /// True where they do.
    pub matches: bool,
}

/// Whether the server's statement has an entry for each type, interaction, search parameter, include, operation and
/// flag of the client's: search parameters by name and definition, operations by definition. An item counts whatever
/// its expectation; what the client prohibits is not asked for. Profiles and combinations are not part of it.
///
/// ```
/// use std::sync::Arc;
///
/// use fhir_accord_capability::PackageDefinitions;
/// use fhir_accord_capability::standard::implements;
/// use serde_json::json;
///
/// let statement = |mode: &str, code: &str| {
///     json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
///         "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": [{"code": code}]}]}]})
/// };
/// let definitions = PackageDefinitions::new(Arc::default());
/// let answer = implements(&statement("client", "read"), &statement("server", "read"), &definitions)?;
/// assert!(answer.matches);
/// let answer = implements(&statement("client", "create"), &statement("server", "read"), &definitions)?;
/// assert_eq!(answer.outcome["issue"][0]["expression"][0], "CapabilityStatement.rest[0].resource[0].interaction[0]");
/// # Ok::<(), fhir_accord_capability::NegotiateError>(())
/// ```
///
/// # Errors
/// [`NegotiateError::NotAStatement`] where the JSON of a side is not a statement.
pub fn implements(client: &Value, server: &Value, definitions: &dyn Definitions) -> Result<Implements, NegotiateError> {
    let root = root(client);
    let client = without_profiles(client.clone());
    let agreement = negotiate(&request(client, without_profiles(as_listed(server))), definitions)?;
    let mut outcome = Outcome::default();
    tell_statements(&agreement, &mut outcome);
    let mut compared = 0;
    for line in lines(&agreement).filter(is_part).filter(|l| l.row.weighs.is_some()) {
        compared += 1;
        if let Some((severity, reason)) = mismatch(&line) {
            outcome.add(&remark(&line, severity, reason, root));
        }
    }
    let matches = !outcome.has_errors();
    if compared == 0 {
        let text = "the client's statement lists nothing that a server could lack";
        outcome.add(&Remark::of(Severity::Warning, "informational", Reason::NothingWeighs, text));
    } else if matches {
        let text = format!("the server's statement matches the client's: {}", counted(compared));
        outcome.add(&Remark::information(text));
    }
    Ok(Implements { outcome: outcome.finish(), matches })
}

fn counted(compared: usize) -> String {
    if compared == 1 { "1 item compared".to_owned() } else { format!("{compared} items compared") }
}

/// Whether the operation compares the item.
fn is_part(line: &Line<'_>) -> bool {
    match &line.row.item {
        Item::Profile(_) | Item::Combination { .. } => false,
        Item::Flag { name, .. } => INTERACTION_FLAGS.contains(&name.as_str()),
        _ => !line.is_of_absent_type(),
    }
}

/// How an item fails; `None` where it matches.
fn mismatch(line: &Line<'_>) -> Option<(Severity, Reason)> {
    let row = line.row;
    let by_name_only = row.kind() == Kind::SearchParam && row.why.contains(&Reason::Assumed);
    match row.server {
        Answer::Yes if by_name_only => Some((Severity::Error, Reason::Assumed)),
        Answer::Yes => None,
        // The parameter is listed; that it is only taken with others is not part of the operation.
        Answer::No if row.why.first() == Some(&Reason::CombinationUnmet) && is_placed(row) => {
            Some((Severity::Warning, Reason::CombinationUnmet))
        }
        _ => Some((Severity::Error, line.reason())),
    }
}

fn remark(line: &Line<'_>, severity: Severity, reason: Reason, root: &str) -> Remark {
    let code = if line.row.server == Answer::Unknown { "incomplete" } else { "not-supported" };
    let paths = &line.row.paths;
    Remark {
        expression: paths.client.as_deref().map(|p| expression(root, p)),
        diagnostics: paths.server.as_ref().map(|p| format!("in the server's statement at `{p}`")),
        ..Remark::of(severity, code, reason, format!("{}: {}", line.subject(), meaning(reason)))
    }
}

/// What is said of the statements as a whole: only what keeps them from being compared is an error.
fn tell_statements(agreement: &Agreement, outcome: &mut Outcome) {
    for issue in agreement.issues.iter().filter(|i| i.severity != Severity::Information) {
        let is_fatal = matches!(issue.rule, Reason::FhirVersion | Reason::ModifierExtension);
        let severity = if is_fatal { Severity::Error } else { Severity::Warning };
        outcome.add(&Remark::of(severity, "processing", issue.rule, super::outcome::plain(&issue.text)));
    }
}
