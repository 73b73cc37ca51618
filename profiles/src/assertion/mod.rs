//! The rules: one subject, one file. Each holds what it reads from a plan, its check, what it says, and its examples.
//!
//! A check gets a `Judge` and a place, and writes down what it finds. The loop in `evaluate` calls it.

mod address;
pub(crate) mod alternative;
pub(crate) mod attachment;
pub(crate) mod bidi;
pub(crate) mod binding;
pub(crate) mod bounds;
pub(crate) mod bundle;
pub(crate) mod bundle_content;
pub(crate) mod bundle_link;
mod bundle_linked;
pub(crate) mod canonical;
pub(crate) mod cardinality;
mod code_status;
pub(crate) mod coding;
mod coding_gap;
pub(crate) mod contained;
pub(crate) mod control;
pub(crate) mod defining;
pub(crate) mod definition;
pub(crate) mod definition_status;
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
mod narrative_text;
pub(crate) mod observation;
pub(crate) mod parameters;
pub(crate) mod publication;
pub(crate) mod publisher;
pub(crate) mod quantity;
pub(crate) mod questionnaire;
pub(crate) mod reference;
mod reference_form;
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
    address::MESSAGES,
    alternative::MESSAGES,
    attachment::MESSAGES,
    bidi::MESSAGES,
    binding::MESSAGES,
    bounds::MESSAGES,
    bundle::MESSAGES,
    bundle_content::MESSAGES,
    bundle_link::MESSAGES,
    bundle_linked::MESSAGES,
    canonical::MESSAGES,
    cardinality::MESSAGES,
    code_status::MESSAGES,
    coding::MESSAGES,
    coding_gap::MESSAGES,
    display::MESSAGES,
    contained::MESSAGES,
    control::MESSAGES,
    defining::MESSAGES,
    defining::measure::MESSAGES,
    defining::guide::MESSAGES,
    defining::code_property::MESSAGES,
    defining::code_system::MESSAGES,
    defining::code_system_set::MESSAGES,
    defining::concept_map::MESSAGES,
    defining::expansion::MESSAGES,
    defining::import::MESSAGES,
    defining::operation::MESSAGES,
    defining::structure::MESSAGES,
    defining::structure::rests::MESSAGES,
    defining::structure_map::MESSAGES,
    defining::value_set::MESSAGES,
    definition::MESSAGES,
    definition_status::MESSAGES,
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
    narrative_text::MESSAGES,
    observation::MESSAGES,
    publication::MESSAGES,
    publisher::MESSAGES,
    quantity::MESSAGES,
    questionnaire::MESSAGES,
    reference::MESSAGES,
    reference_form::MESSAGES,
    resource::MESSAGES,
    searchset::MESSAGES,
    shape::MESSAGES,
    signature::MESSAGES,
    site::MESSAGES,
    slicing::MESSAGES,
];

/// The examples of each file.
const EXAMPLES: &[&[Example]] = &[
    address::EXAMPLES,
    alternative::EXAMPLES,
    attachment::EXAMPLES,
    bidi::EXAMPLES,
    binding::EXAMPLES,
    bounds::EXAMPLES,
    bundle::EXAMPLES,
    bundle_content::EXAMPLES,
    bundle_link::EXAMPLES,
    bundle_linked::EXAMPLES,
    canonical::EXAMPLES,
    cardinality::EXAMPLES,
    code_status::EXAMPLES,
    coding::EXAMPLES,
    coding_gap::EXAMPLES,
    display::EXAMPLES,
    contained::EXAMPLES,
    control::EXAMPLES,
    defining::EXAMPLES,
    defining::code_property::EXAMPLES,
    defining::code_system::EXAMPLES,
    defining::code_system_set::EXAMPLES,
    defining::concept_map::EXAMPLES,
    defining::expansion::EXAMPLES,
    defining::filter::EXAMPLES,
    defining::measure::EXAMPLES,
    defining::guide::EXAMPLES,
    defining::import::EXAMPLES,
    defining::operation::EXAMPLES,
    defining::structure::EXAMPLES,
    defining::structure::BASED,
    defining::structure::ADVISED,
    defining::structure::rests::EXAMPLES,
    defining::structure_map::EXAMPLES,
    defining::value_set::EXAMPLES,
    definition::EXAMPLES,
    definition_status::EXAMPLES,
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
    narrative_text::EXAMPLES,
    observation::EXAMPLES,
    publication::EXAMPLES,
    publisher::EXAMPLES,
    quantity::EXAMPLES,
    questionnaire::EXAMPLES,
    reference::EXAMPLES,
    reference_form::EXAMPLES,
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
