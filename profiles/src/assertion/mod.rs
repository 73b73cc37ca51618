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
pub use text::{Said, Told, escaped};

use crate::issue::{RuleId, rule};
use text::Say;

/// What the rules of each file say.
const SAYS: &[&[(RuleId, Say)]] = &[
    alternative::SAYS,
    attachment::SAYS,
    binding::SAYS,
    bounds::SAYS,
    bundle::SAYS,
    bundle_content::SAYS,
    canonical::SAYS,
    cardinality::SAYS,
    coding::SAYS,
    contained::SAYS,
    defining::SAYS,
    defining::structure::SAYS,
    definition::SAYS,
    document::SAYS,
    element_id::SAYS,
    element_value::SAYS,
    extension::SAYS,
    fixed::SAYS,
    format::SAYS,
    html::SAYS,
    identifier::SAYS,
    invariant::SAYS,
    limit::SAYS,
    measure_report::SAYS,
    narrative::SAYS,
    quantity::SAYS,
    questionnaire::SAYS,
    reference::SAYS,
    resource::SAYS,
    searchset::SAYS,
    shape::SAYS,
    site::SAYS,
    slicing::SAYS,
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
pub fn say(told: Told<'_>) -> Said {
    if let crate::judge::Detail::Site(site) = &told.finding.detail {
        return site::said(site);
    }
    let id = told.finding.rule;
    match SAYS.iter().flat_map(|file| file.iter()).find(|(known, _)| *known == id) {
        Some((_, say)) => say(told),
        None => rule(id).map_or_else(String::new, |r| format!("this does not hold: {}", r.meaning)).into(),
    }
}

/// All examples, in the order of their files.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    EXAMPLES.iter().flat_map(|file| file.iter())
}
