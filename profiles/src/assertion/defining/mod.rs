//! The rules of resources that define something, beyond their own definitions.

use std::borrow::Cow;

use super::example::{Example, example};
use super::text::Say;
use crate::instance::Node;
use crate::issue::RuleId;

pub mod code_system;
pub mod search_parameter;
pub mod value_set;

/// The children of this name.
fn named<'t>(n: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    n.children().filter(move |c| c.name_text() == name)
}

/// The text of the first child of this name that has a value.
fn text<'t>(n: Node<'t>, name: &'static str) -> Option<Cow<'t, str>> {
    named(n, name).find(|c| c.has_value()).map(Node::text)
}

pub const SAYS: &[(RuleId, Say)] = &[
    (RuleId::CODE_SYSTEM_CONTENT, |_| "a concept stands in a code system that says that its content is not present".into()),
    (RuleId::CODE_SYSTEM_PROPERTY, |t| t.given().into()),
    (RuleId::CODE_SYSTEM_SUPPLEMENT, |t| format!("the code system supplements another, but its content is `{}`", t.given()).into()),
    (RuleId::SEARCH_COMPOSITE, |_| "the composite search parameter has fewer than two components".into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_SYSTEM_CONTENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§","concept":[{"code":"a"}]}"#, "not-present", "complete"),
    example(RuleId::CODE_SYSTEM_PROPERTY, r#"{"resourceType":"CodeSystem","status":"active","content":"complete","property":[{"code":"a","type":"code"},{"code":"§","type":"code"}]}"#, "a", "b"),
    example(RuleId::CODE_SYSTEM_SUPPLEMENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§","supplements":"http://a.test"}"#, "complete", "supplement"),
    example(RuleId::SEARCH_COMPOSITE, r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P","status":"active","description":"a","code":"p","base":["Patient"],"type":"§"}"#, "composite", "token"),
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"system":"§"}]}}"#, "a", "http://a.test"),
];
