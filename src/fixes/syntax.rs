//! Faults of the syntax of JSON and XML.

use super::context::Context;
use super::edit::{Edit, Fix};
use crate::profiles::issue::RuleId;

/// The fix of a fault of the syntax; `None` where there is none that is sure.
pub(super) fn fix(c: &Context<'_>) -> Option<Fix> {
    let span = c.span();
    match c.issue.rule {
        RuleId::JSON_BOM => Some(Fix::safe("remove the byte order mark", vec![Edit::remove(span)])),
        RuleId::JSON_TRAILING_COMMA if c.written() == "," => {
            Some(Fix::safe("remove the comma", vec![Edit::remove(span)]))
        }
        RuleId::JSON_MISSING_COMMA => {
            // Behind the value before it, on that value's line.
            let before = c.text.get(..span.start)?.trim_end();
            Some(Fix::safe("add the comma", vec![Edit::insert(before.len(), ",")]))
        }
        RuleId::JSON_MISSING_COLON => {
            let before = c.text.get(..span.start)?.trim_end();
            Some(Fix::safe("add the colon", vec![Edit::insert(before.len(), ":")]))
        }
        RuleId::JSON_SINGLE_QUOTES => {
            let inside = c.written().strip_prefix('\'')?.strip_suffix('\'')?;
            let is_plain = !inside.contains(['"', '\\', '\'']);
            let ends = [span.start..span.start + 1, span.end - 1..span.end];
            is_plain.then(|| Fix::safe("write double quotes", ends.map(|e| Edit::new(e, "\"")).to_vec()))
        }
        RuleId::JSON_UNQUOTED => {
            let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
            (!c.written().is_empty()).then(|| Fix::safe("put it in double quotes", edits))
        }
        RuleId::JSON_CONTROL_CHARACTER => {
            let control = c.written().chars().next()?;
            let escape = match control {
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                other => format!("\\u{:04x}", u32::from(other)),
            };
            Some(Fix::safe("escape the control character", vec![Edit::new(span, escape)]))
        }
        RuleId::JSON_COMMENT => Some(Fix::doubtful("remove the comment", vec![Edit::remove(span)])),
        RuleId::XML_INSTRUCTION => Some(Fix::doubtful("remove the processing instruction", vec![Edit::remove(span)])),
        _ => None,
    }
}
