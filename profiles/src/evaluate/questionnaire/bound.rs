//! The bounds that a question sets to its answers: least and greatest values, lengths, digits, form, size.

use regex::RegexBuilder;

use super::super::finding::Detail;
use super::super::walk::Walk;
use super::text_of;
use super::value::{extension, incomparable, number, order};
use crate::instance::Node;
use crate::issue::RuleId;

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";
const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
/// Bound on the compiled size of a question's regular expression.
const REGEX_BYTES: usize = 1 << 20;

impl<'t> Walk<'_, 't> {
    /// Judges an answer's value by the bounds of its question.
    pub(super) fn answer_bounds(&mut self, definition: Node<'_>, answer: Node<'t>, value: Node<'t>, kind: &str) {
        let core = |name: &str| extension(definition, &format!("{CORE}{name}"));
        let sdc = |name: &str| extension(definition, &format!("{SDC}{name}"));
        let (low, high) = if kind == "Quantity" { (sdc("minQuantity"), sdc("maxQuantity")) } else { (core("minValue"), core("maxValue")) };
        let beyond = low.is_some_and(|b| order(value, b, kind).is_some_and(|o| o.is_lt()))
            || high.is_some_and(|b| order(value, b, kind).is_some_and(|o| o.is_gt()))
            || kind == "Quantity" && [low, high].into_iter().flatten().any(|b| incomparable(value, b));
        let mut bad = beyond;
        match kind {
            "String" | "Uri" => bad |= out_of_length(definition, value) || out_of_form(definition, value),
            "Decimal" | "Quantity" => {
                let places = core("maxDecimalPlaces").and_then(|m| m.text().parse::<usize>().ok());
                bad |= places.is_some_and(|p| number(value, kind).is_some_and(|n| decimal_places(&n) > p));
            }
            "Attachment" => {
                if too_large(definition, value) {
                    self.error(RuleId::QUESTIONNAIRE_BOUND, answer, &[], Detail::Text("maxSize".to_owned()));
                }
                let allowed: Vec<_> = super::value::extensions(definition, &format!("{CORE}mimeType")).map(Node::text).collect();
                if !allowed.is_empty() && text_of(value, "contentType").is_some_and(|t| !allowed.iter().any(|a| *a == t)) {
                    self.error(RuleId::QUESTIONNAIRE_BOUND, answer, &[], Detail::Text("mimeType".to_owned()));
                }
            }
            _ => {}
        }
        if bad {
            let found = number(value, kind).unwrap_or_default().into_owned();
            self.error(RuleId::QUESTIONNAIRE_BOUND, value, &[], Detail::Text(found));
        }
    }
}

fn decimal_places(number: &str) -> usize {
    let digits = number.split(['e', 'E']).next().unwrap_or(number);
    digits.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

fn out_of_length(definition: Node<'_>, value: Node<'_>) -> bool {
    let length = value.text().chars().count();
    let least = extension(definition, &format!("{CORE}minLength")).and_then(|m| m.text().parse::<usize>().ok());
    let most = text_of(definition, "maxLength").and_then(|m| m.parse::<usize>().ok());
    least.is_some_and(|m| length < m) || most.is_some_and(|m| length > m)
}

/// Whether a value does not match its question's regular expression; one that cannot be read demands nothing.
fn out_of_form(definition: Node<'_>, value: Node<'_>) -> bool {
    let Some(pattern) = extension(definition, &format!("{CORE}regex")).map(Node::text) else { return false };
    let regex = RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(REGEX_BYTES).build();
    regex.is_ok_and(|r| !r.is_match(&value.text()))
}

/// Whether an attachment is larger than its question allows: by its data, or by the size that it tells.
fn too_large(definition: Node<'_>, value: Node<'_>) -> bool {
    let Some(most) = extension(definition, &format!("{CORE}maxSize")).and_then(|m| super::value::decimal(&m.text())) else { return false };
    let size = text_of(value, "size").and_then(|s| s.parse::<u64>().ok());
    let data = text_of(value, "data").map(|d| d.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count() as u64 * 3 / 4);
    size.or(data).is_some_and(|s| rust_decimal::Decimal::from(s) > most)
}
