//! What a request requires by name: it weighs SHALL whatever the client's statement says.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::expectation::{Expectation, Weight};
use crate::issue::{Issue, Party};
use crate::reason::Reason;
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
pub struct Needs {
    all: Arc<[Need]>,
    /// The items of each type, without `$`; empty for the type itself.
    by_type: Arc<FxHashMap<String, FxHashSet<String>>>,
}

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
        let all: Arc<[Need]> = words.map(need).collect();
        let mut by_type: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
        for need in all.iter() {
            let item = need.item.as_deref().unwrap_or_default().trim_start_matches('$').to_owned();
            by_type.entry(need.resource_type.clone()).or_default().insert(item);
        }
        Needs { all, by_type: Arc::new(by_type) }
    }

    /// The weight of a type's entry.
    pub fn of_type(&self, resource_type: &str, weight: Option<Weight>) -> Option<Weight> {
        self.named(resource_type, "", weight)
    }

    /// The weight of an interaction or an operation (without `$`) of a type.
    pub fn of_item(&self, resource_type: &str, item: &str, weight: Option<Weight>) -> Option<Weight> {
        self.named(resource_type, item, weight)
    }

    fn named(&self, resource_type: &str, item: &str, weight: Option<Weight>) -> Option<Weight> {
        let is_needed = self.by_type.get(resource_type).is_some_and(|items| items.contains(item));
        if is_needed { Some(Weight::Shall) } else { weight }
    }

    /// Adds what is required and not listed to the client's statement, with an issue for each.
    pub fn complete(&self, client: &mut Statement, issues: &mut Vec<Issue>) {
        for (i, need) in self.all.iter().enumerate() {
            let path = format!("need[{i}]");
            if !is_known_type(&need.resource_type) && client.resource(&need.resource_type).is_none() {
                issues.push(Issue::warning(
                    Reason::NeedUnknown,
                    Party::Request,
                    &path,
                    format!("`{}` is not a FHIR resource type", need.resource_type),
                ));
            }
            let listed = client.rest.place_of(&need.resource_type);
            let at = listed.unwrap_or_else(|| {
                issues.push(Issue::information(
                    Reason::NeedAdded,
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
        issues.push(Issue::information(Reason::NeedAdded, Party::Request, path, text));
        resource.interactions.push(Stated { value: item.to_owned(), expectation: None, path: path.to_owned() });
    } else if item.starts_with('$') && !name.is_empty() {
        issues.push(Issue::information(Reason::NeedAdded, Party::Request, path, text));
        resource.operations.push(Stated { value: Named::by_name(name), expectation: None, path: path.to_owned() });
    } else {
        issues.push(Issue::warning(
            Reason::NeedUnknown,
            Party::Request,
            path,
            format!(
                "`{item}` is not an interaction on a type; expected one of {}, or an operation with its `$`",
                INTERACTIONS.join(", ")
            ),
        ));
    }
}
