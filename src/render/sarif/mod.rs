//! Reports to one log of SARIF 2.1.0
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>), written as
//! they come: the results first, and behind them what is known only at the end, the rules among it.

mod result;
mod text;
mod tool;

use std::io::{self, Write};

use fhir_accord_profiles::issue::RuleId;
use serde::Serialize;
use serde_json::{Value, json};

pub use result::{SarifResult, results};

use self::text::plain;
use self::tool::Tool;
use super::run::Run;

/// How a log begins, up to its first result.
pub const START: &str = concat!(
    r#"{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","#,
    r#""version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":["#
);

/// What stands behind the results.
#[derive(Serialize)]
struct Rest {
    tool: Tool,
    invocations: [Invocation; 1],
    properties: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: u8,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Value,
}

impl Notification {
    fn new(level: &'static str, text: &str) -> Notification {
        Notification { level, message: json!({ "text": plain(text) }) }
    }
}

/// Writes the end of a log, from behind its last result; `rules` are those of the results, in the order of their
/// indices.
///
/// # Errors
/// What `out` gives.
pub fn end(rules: &[RuleId], run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut notifications: Vec<Notification> = run.failures().map(|f| Notification::new("error", &f)).collect();
    notifications.push(Notification::new("note", &run.line()));
    let [valid, undetermined, invalid] = run.verdicts;
    let tally = run.tally;
    let properties = json!({
        "verdicts": {"valid": valid, "undetermined": undetermined, "invalid": invalid},
        "beyondLimits": run.stopped,
        "notRead": run.failures,
        "issues": {"errors": tally.errors, "warnings": tally.warnings, "undetermined": tally.questions,
            "information": tally.information, "notListed": run.unlisted},
    });
    let invocation = Invocation {
        execution_successful: run.failures == 0,
        exit_code: run.code,
        tool_execution_notifications: notifications,
    };
    let rest = Rest { tool: Tool::new(rules), invocations: [invocation], properties };
    let text = serde_json::to_string(&rest)?;
    // Without its first brace: it goes on an object that is open.
    write!(out, "],{}]}}", text.get(1..).unwrap_or_default())
}
