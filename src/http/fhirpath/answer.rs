//! The Parameters of an answer. They are put together as text: numbers keep their digits.

use fhir_accord_profiles::explain::expression as path_of;
use fhir_accord_profiles::fhirpath::{Collection, Diagnostic, Item, Options, Question, Typing, check, expected_type};
use fhir_accord_profiles::instance::Node;
use fhir_accord_profiles::model::TypeId;
use serde_json::{Value, json};

use super::call::Call;
use crate::fhirpath::{Broken, Expression, Steps, Writer, node_json, options, parameter_type, tree_json};
use crate::http::Fault;

/// How many bytes of results an answer may have.
const MAX_BYTES: usize = 32 << 20;

/// The place of a context item: its path, or its position among the results of the context's expression.
pub fn path(item: &Item<'_>, index: usize, context: &str, typing: &Typing<'_>) -> String {
    item.as_node().map_or_else(|| format!("{context}[{index}]"), |n| path_of(n, typing.model()))
}

fn text_part(name: &str, text: &str) -> String {
    json!({"name": name, "valueString": text}).to_string()
}

/// An answer in the making.
pub struct Answer {
    out: String,
}

impl Answer {
    /// Starts with what was asked, the tree, and what the definitions say.
    pub fn new(
        call: &Call<'_>,
        body: &[u8],
        expression: &Expression,
        typing: &Typing<'_>,
        root_type: TypeId,
    ) -> Answer {
        let text = &call.expression.text;
        let raw = |n: Node<'_>| match n.tape().is_xml() {
            true => node_json(n, parameter_type(typing.model()), typing.model()),
            false => {
                String::from_utf8_lossy(body.get(n.span().start as usize..n.span().end as usize).unwrap_or_default())
                    .into_owned()
            }
        };
        let mut parts = vec![text_part("evaluator", &format!("Accord {} (R4)", env!("CARGO_PKG_VERSION")))];
        parts.extend(call.context.as_ref().map(|c| text_part("context", &c.text)));
        parts.push(text_part("expression", text));
        parts.extend(call.given_resource.map(raw));
        parts.extend(call.variables.iter().map(|v| raw(*v)));
        parts.extend(call.terminology_server.as_ref().map(|t| text_part("terminologyserver", t)));
        parts.push(text_part("parseDebugTree", &tree_json(&expression.tree, text).to_string()));
        parts.push(text_part("parseDebug", &expression.tree.tree()));
        let options = options(Options::default().steps);
        if call.context.is_none() && root_type.is_known() {
            let expected = expected_type(&expression.tree, typing, root_type, &options);
            parts.extend((!expected.is_empty()).then(|| text_part("expectedReturnType", &expected)));
        }
        if call.validate {
            let context = if call.context.is_none() { root_type } else { TypeId::UNKNOWN };
            let found = check(&expression.tree, typing, context, &options, false);
            parts.push(json!({"name": "debugOutcome", "resource": outcome(&found, text)}).to_string());
        }
        Answer {
            out: format!(
                r#"{{"resourceType":"Parameters","id":"fhirpath","parameter":[{{"name":"parameters","part":[{}]}}"#,
                parts.join(",")
            ),
        }
    }

    /// Adds the results for one context item: `told` names it.
    ///
    /// # Errors
    /// 422 where the answer grows too large.
    pub fn result<'t>(
        &mut self,
        told: Option<&str>,
        items: &Collection<'t>,
        traces: Vec<(String, Vec<String>)>,
        questions: &[Question],
        writer: &Writer<'t>,
    ) -> Result<(), Fault> {
        let mut parts = Vec::new();
        let mut bytes = self.out.len();
        for item in items {
            let part = writer.part(item);
            bytes += part.len();
            if bytes > MAX_BYTES {
                return Err(Fault::unprocessable(
                    "limit-bytes",
                    format!("the answer is larger than the limit of {MAX_BYTES} bytes; ask for less"),
                ));
            }
            parts.push(part);
        }
        if items.iter().any(|i| matches!(i, Item::Unknown(_))) {
            parts.extend(questions.iter().map(|q| text_part("open-question", &q.to_string())));
        }
        for (label, values) in traces {
            let label = Value::from(label);
            let values = if values.is_empty() { String::new() } else { format!(",\"part\":[{}]", values.join(",")) };
            parts.push(format!("{{\"name\":\"trace\",\"valueString\":{label}{values}}}"));
        }
        self.out.push_str(",{\"name\":\"result\"");
        if let Some(told) = told {
            self.out.push_str(&format!(",\"valueString\":{}", Value::from(told)));
        }
        if !parts.is_empty() {
            self.out.push_str(&format!(",\"part\":[{}]", parts.join(",")));
        }
        self.out.push('}');
        Ok(())
    }

    /// Adds the steps of the evaluation for one context item, and why they end before the result, where they do.
    ///
    /// # Errors
    /// 422 where the answer grows too large.
    pub fn steps(&mut self, told: Option<&str>, steps: &Steps, ended: Option<&str>) -> Result<(), Fault> {
        if self.out.len() + steps.told().iter().map(String::len).sum::<usize>() > MAX_BYTES {
            return Err(Fault::unprocessable(
                "limit-bytes",
                format!(
                    "the answer is larger than the limit of {MAX_BYTES} bytes; ask for less, or without `debug_trace`"
                ),
            ));
        }
        let place = told.map(|t| format!(",\"valueString\":{}", Value::from(t))).unwrap_or_default();
        let parts =
            if steps.told().is_empty() { String::new() } else { format!(",\"part\":[{}]", steps.told().join(",")) };
        self.out.push_str(&format!(",{{\"name\":\"debug-trace\"{place}{parts}}}"));
        if let Some(why) = ended.or(steps.is_full().then_some("there are more steps than are told here")) {
            self.out.push(',');
            self.out.push_str(&text_part("debug-trace-incomplete", why));
        }
        Ok(())
    }

    pub fn finish(mut self) -> String {
        self.out.push_str("]}");
        self.out
    }
}

/// What the definitions say against an expression.
fn outcome(found: &[Diagnostic], expression: &str) -> Value {
    let issue = |d: &Diagnostic| {
        let broken = Broken { at: d.at as usize, message: d.message.clone(), hint: String::new() };
        json!({
            "severity": if d.is_error { "error" } else { "warning" },
            "code": "invalid",
            "details": {"text": broken.placed(expression)},
            "diagnostics": broken.pointed(expression),
        })
    };
    let mut issues: Vec<Value> = found.iter().map(issue).collect();
    if issues.is_empty() {
        let text = "the definitions allow the expression";
        issues.push(json!({"severity": "information", "code": "informational", "details": {"text": text}}));
    }
    json!({"resourceType": "OperationOutcome", "issue": issues})
}
