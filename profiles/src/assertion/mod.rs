//! The rules: one subject, one file. Each holds what it reads from a plan, its check, what it says, and its examples.
//!
//! A check gets a [`crate::judge::Judge`] and a place, and writes down what it finds. The loop in `evaluate` calls it.

pub mod alternative;
pub mod attachment;
pub mod binding;
pub mod bounds;
pub mod bundle;
pub mod bundle_content;
pub mod canonical;
pub mod cardinality;
pub mod coding;
pub mod contained;
pub mod defining;
pub mod definition;
pub mod document;
pub mod element_id;
pub mod element_value;
pub mod example;
pub mod extension;
pub mod fixed;
pub mod format;
pub mod html;
pub mod identifier;
pub mod invariant;
pub mod limit;
pub mod measure_report;
pub mod narrative;
pub mod primitive;
pub mod quantity;
pub mod questionnaire;
pub mod reference;
pub mod resource;
pub mod searchset;
pub mod shape;
pub mod site;
pub mod slicing;
pub mod syntax;
pub mod text;
pub mod value;
pub mod xhtml;

pub use example::Example;
pub use text::{Message, MessageContext, escaped};

use crate::issue::{RuleId, rule};
use text::Describe;

/// What the rules of each file say.
const MESSAGES: &[&[(RuleId, Describe)]] = &[
    alternative::MESSAGES,
    attachment::MESSAGES,
    binding::MESSAGES,
    bounds::MESSAGES,
    bundle::MESSAGES,
    bundle_content::MESSAGES,
    canonical::MESSAGES,
    cardinality::MESSAGES,
    coding::MESSAGES,
    contained::MESSAGES,
    defining::MESSAGES,
    defining::structure::MESSAGES,
    definition::MESSAGES,
    document::MESSAGES,
    element_id::MESSAGES,
    element_value::MESSAGES,
    extension::MESSAGES,
    fixed::MESSAGES,
    format::MESSAGES,
    html::MESSAGES,
    identifier::MESSAGES,
    invariant::MESSAGES,
    limit::MESSAGES,
    measure_report::MESSAGES,
    narrative::MESSAGES,
    quantity::MESSAGES,
    questionnaire::MESSAGES,
    reference::MESSAGES,
    resource::MESSAGES,
    searchset::MESSAGES,
    shape::MESSAGES,
    site::MESSAGES,
    slicing::MESSAGES,
];

/// The examples of each file.
const EXAMPLES: &[&[Example]] = &[
    alternative::EXAMPLES,
    attachment::EXAMPLES,
    binding::EXAMPLES,
    bounds::EXAMPLES,
    bundle::EXAMPLES,
    bundle_content::EXAMPLES,
    canonical::EXAMPLES,
    cardinality::EXAMPLES,
    coding::EXAMPLES,
    contained::EXAMPLES,
    defining::EXAMPLES,
    defining::structure::EXAMPLES,
    definition::EXAMPLES,
    document::EXAMPLES,
    element_id::EXAMPLES,
    element_value::EXAMPLES,
    extension::EXAMPLES,
    fixed::EXAMPLES,
    format::EXAMPLES,
    html::EXAMPLES,
    identifier::EXAMPLES,
    invariant::EXAMPLES,
    limit::EXAMPLES,
    measure_report::EXAMPLES,
    narrative::EXAMPLES,
    quantity::EXAMPLES,
    questionnaire::EXAMPLES,
    reference::EXAMPLES,
    resource::EXAMPLES,
    searchset::EXAMPLES,
    shape::EXAMPLES,
    slicing::EXAMPLES,
    syntax::EXAMPLES,
];

/// Puts a finding in words.
pub fn say(told: MessageContext<'_>) -> Message {
    if let crate::judge::Detail::Site(site) = &told.finding.detail {
        return site::said(site);
    }
    let id = told.finding.rule;
    match MESSAGES.iter().flat_map(|file| file.iter()).find(|(known, _)| *known == id) {
        Some((_, say)) => say(told),
        None => rule(id).map_or_else(String::new, |r| format!("this does not hold: {}", r.meaning)).into(),
    }
}

/// All examples, in the order of their files.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    EXAMPLES.iter().flat_map(|file| file.iter())
}
