//! The rules: one subject, one file. Each holds what it reads from a plan, its check, what it says, and its examples.
//!
//! A check gets a `Judge` and a place, and writes down what it finds. The loop in `evaluate` calls it.

pub(crate) mod alternative;
pub(crate) mod attachment;
pub(crate) mod binding;
pub(crate) mod bounds;
pub(crate) mod bundle;
pub(crate) mod bundle_content;
pub(crate) mod bundle_link;
pub(crate) mod canonical;
pub(crate) mod cardinality;
pub(crate) mod coding;
pub(crate) mod contained;
pub(crate) mod control;
pub(crate) mod defining;
pub(crate) mod definition;
mod display;
pub(crate) mod document;
pub(crate) mod element_id;
pub(crate) mod element_value;
pub(crate) mod envelope;
pub mod example;
pub(crate) mod extension;
pub(crate) mod fixed;
pub(crate) mod format;
mod held;
pub(crate) mod html;
pub(crate) mod identifier;
pub(crate) mod invariant;
pub(crate) mod limit;
pub(crate) mod measure_report;
mod measure_score;
pub(crate) mod meta;
pub(crate) mod narrative;
pub(crate) mod narrative_control;
pub(crate) mod parameters;
pub(crate) mod quantity;
pub(crate) mod questionnaire;
pub(crate) mod reference;
pub(crate) mod resource;
pub(crate) mod searchset;
pub(crate) mod shape;
mod signature;
pub(crate) mod site;
pub(crate) mod slicing;
pub(crate) mod syntax;
pub(crate) mod text;
pub(crate) mod value;

pub use example::Example;
pub(crate) use text::{Message, MessageContext, escaped};

use crate::issue::{RuleId, rule};
use text::Describe;

/// The messages of each file's rules.
const MESSAGES: &[&[(RuleId, Describe)]] = &[
    alternative::MESSAGES,
    attachment::MESSAGES,
    binding::MESSAGES,
    bounds::MESSAGES,
    bundle::MESSAGES,
    bundle_content::MESSAGES,
    bundle_link::MESSAGES,
    canonical::MESSAGES,
    cardinality::MESSAGES,
    coding::MESSAGES,
    display::MESSAGES,
    contained::MESSAGES,
    control::MESSAGES,
    defining::MESSAGES,
    defining::measure::MESSAGES,
    defining::guide::MESSAGES,
    defining::operation::MESSAGES,
    defining::structure::MESSAGES,
    defining::structure_map::MESSAGES,
    definition::MESSAGES,
    document::MESSAGES,
    element_id::MESSAGES,
    element_value::MESSAGES,
    envelope::MESSAGES,
    extension::MESSAGES,
    fixed::MESSAGES,
    format::MESSAGES,
    html::MESSAGES,
    identifier::MESSAGES,
    invariant::MESSAGES,
    limit::MESSAGES,
    measure_report::MESSAGES,
    measure_score::MESSAGES,
    meta::MESSAGES,
    narrative::MESSAGES,
    narrative_control::MESSAGES,
    parameters::MESSAGES,
    quantity::MESSAGES,
    questionnaire::MESSAGES,
    reference::MESSAGES,
    resource::MESSAGES,
    searchset::MESSAGES,
    shape::MESSAGES,
    signature::MESSAGES,
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
    bundle_link::EXAMPLES,
    canonical::EXAMPLES,
    cardinality::EXAMPLES,
    coding::EXAMPLES,
    display::EXAMPLES,
    contained::EXAMPLES,
    control::EXAMPLES,
    defining::EXAMPLES,
    defining::filter::EXAMPLES,
    defining::measure::EXAMPLES,
    defining::guide::EXAMPLES,
    defining::operation::EXAMPLES,
    defining::structure::EXAMPLES,
    defining::structure::BASED,
    defining::structure_map::EXAMPLES,
    definition::EXAMPLES,
    document::EXAMPLES,
    element_id::EXAMPLES,
    element_value::EXAMPLES,
    envelope::EXAMPLES,
    extension::EXAMPLES,
    fixed::EXAMPLES,
    format::EXAMPLES,
    html::EXAMPLES,
    identifier::EXAMPLES,
    invariant::EXAMPLES,
    limit::EXAMPLES,
    measure_report::EXAMPLES,
    measure_score::EXAMPLES,
    meta::EXAMPLES,
    narrative::EXAMPLES,
    narrative_control::EXAMPLES,
    parameters::EXAMPLES,
    quantity::EXAMPLES,
    questionnaire::EXAMPLES,
    reference::EXAMPLES,
    resource::EXAMPLES,
    searchset::EXAMPLES,
    shape::EXAMPLES,
    signature::EXAMPLES,
    slicing::EXAMPLES,
    syntax::EXAMPLES,
];

/// The message for a finding.
pub(crate) fn say(told: MessageContext<'_>) -> Message {
    if let crate::judge::Detail::Site(site) = &told.finding.detail {
        return site::said(site);
    }
    let id = told.finding.rule;
    match MESSAGES.iter().flat_map(|file| file.iter()).find(|(known, _)| *known == id) {
        Some((_, say)) => say(told),
        None => rule(id).map_or_else(String::new, |r| format!("the rule is broken: {}", r.meaning)).into(),
    }
}

/// All examples, in the order of their files.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    EXAMPLES.iter().flat_map(|file| file.iter())
}
