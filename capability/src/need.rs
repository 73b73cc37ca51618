//! What a request requires by name: it weighs SHALL whatever the client's statement says.

use std::sync::Arc;

use crate::expectation::{Expectation, Weight};
use crate::issue::{Issue, Party};
use crate::scope::is_known_type;
use crate::statement::{Named, Resource, Stated, Statement};

/// The interactions of a type (<https://hl7.org/fhir/R4/valueset-type-restful-interaction.html>).
const INTERACTIONS: [&str; 9] =
    ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];

/// A type, and at most one of its interactions or operations.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Need {
    resource_type: String,
    item: Option<String>,
}

/// Everything that a request requires by name.
#[derive(Clone, Debug, Default)]
pub struct Needs(Arc<[Need]>);

impl Needs {
    /// Reads `Patient`, `Observation.search-type`, `Patient.$everything`; a text may hold several, separated by commas.
    pub fn parse(texts: &[String]) -> Needs {
        let words = texts.iter().flat_map(|t| t.split(',')).map(str::trim).filter(|w| !w.is_empty());
        let need = |word: &str| match word.split_once('.') {
            Some((resource_type, item)) => {
                Need { resource_type: resource_type.to_owned(), item: Some(item.to_owned()) }
            }
            None => Need { resource_type: word.to_owned(), item: None },
        };
        Needs(words.map(need).collect())
    }

    /// The weight of a type's entry.
    pub fn of_type(&self, resource_type: &str, weight: Option<Weight>) -> Option<Weight> {
        if self.0.iter().any(|n| n.resource_type == resource_type && n.item.is_none()) {
            Some(Weight::Shall)
        } else {
            weight
        }
    }

    /// The weight of an interaction or an operation (without `$`) of a type.
    pub fn of_item(&self, resource_type: &str, item: &str, weight: Option<Weight>) -> Option<Weight> {
        let named = |n: &Need| {
            n.resource_type == resource_type && n.item.as_deref().is_some_and(|i| i.trim_start_matches('$') == item)
        };
        if self.0.iter().any(named) { Some(Weight::Shall) } else { weight }
    }

    /// Adds what is required and not listed to the client's statement, with an issue for each.
    pub fn complete(&self, client: &mut Statement, issues: &mut Vec<Issue>) {
        for (i, need) in self.0.iter().enumerate() {
            let path = format!("need[{i}]");
            if !is_known_type(&need.resource_type) && client.resource(&need.resource_type).is_none() {
                issues.push(Issue::warning(
                    "need-unknown",
                    Party::Request,
                    &path,
                    format!("`{}` is not a FHIR resource type", need.resource_type),
                ));
            }
            let listed = client.rest.resources.iter().position(|r| r.resource_type == need.resource_type);
            let at = listed.unwrap_or_else(|| {
                issues.push(Issue::information(
                    "need-added",
                    Party::Request,
                    &path,
                    format!("the client's statement does not list `{}`", need.resource_type),
                ));
                client.rest.resources.push(Resource {
                    expectation: need.item.as_ref().map(|_| Expectation::May),
                    ..Resource::new(&need.resource_type, &path)
                });
                client.rest.resources.len() - 1
            });
            if let (Some(resource), Some(item)) = (client.rest.resources.get_mut(at), &need.item) {
                add_item(resource, item, &path, issues);
            }
        }
    }
}

fn add_item(resource: &mut Resource, item: &str, path: &str, issues: &mut Vec<Issue>) {
    let name = item.trim_start_matches('$');
    if resource.interactions.iter().any(|i| i.value == item) || resource.operations.iter().any(|o| o.value.name == name)
    {
        return;
    }
    let text = format!("the client's statement does not list `{item}` of {}", resource.resource_type);
    if INTERACTIONS.contains(&item) {
        issues.push(Issue::information("need-added", Party::Request, path, text));
        resource.interactions.push(Stated { value: item.to_owned(), expectation: None, path: path.to_owned() });
    } else if item.starts_with('$') && !name.is_empty() {
        issues.push(Issue::information("need-added", Party::Request, path, text));
        resource.operations.push(Stated {
            value: Named { name: name.to_owned(), definition: None },
            expectation: None,
            path: path.to_owned(),
        });
    } else {
        issues.push(Issue::warning(
            "need-unknown",
            Party::Request,
            path,
            format!(
                "`{item}` is not an interaction on a type; expected one of {}, or an operation with its `$`",
                INTERACTIONS.join(", ")
            ),
        ));
    }
}
