//! Statements at their bounds and beyond, and of sizes at which nothing may grow with their square.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod bounds;
mod merged;
mod size;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::definitions::{Definitions, GuideInfo, ProfileInfo};
use crate::issue::Issue;

/// The statements and profiles of a test, by url; everything else is near to `http://test.example/near`.
#[derive(Default)]
struct Made {
    statements: BTreeMap<String, Arc<Value>>,
    profiles: BTreeMap<String, Arc<ProfileInfo>>,
}

impl Definitions for Made {
    fn packages(&self) -> Vec<String> {
        Vec::new()
    }

    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        self.profiles.get(url).cloned().into_iter().collect()
    }

    fn guide(&self, _: &str, _: Option<&str>) -> Option<Arc<GuideInfo>> {
        None
    }

    fn guides(&self, _: &Canonical) -> Vec<Arc<GuideInfo>> {
        Vec::new()
    }

    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.statements.get(&canonical.url).cloned()
    }

    fn nearest(&self, _: &str) -> Option<String> {
        Some("http://test.example/near".to_owned())
    }
}

impl Made {
    fn with(mut self, name: &str, value: Value) -> Made {
        self.statements.insert(url(name), Arc::new(value));
        self
    }

    fn profile(mut self, name: &str, resource_type: &str) -> Made {
        let info = ProfileInfo { url: url(name), resource_type: resource_type.to_owned(), ..ProfileInfo::default() };
        self.profiles.insert(url(name), Arc::new(info));
        self
    }
}

fn url(name: &str) -> String {
    format!("http://test.example/{name}")
}

/// A server's statement with these resource entries.
fn server(resources: Value) -> Value {
    let rest = json!([{"mode": "server", "resource": resources}]);
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "rest": rest})
}

/// The statement in normal form with all that it imports, and what was told about it.
fn settled(value: &Value, party: Party, definitions: &Made) -> (Statement, Vec<Issue>) {
    let mut issues = Vec::new();
    let mut statement = read_statement(value, party, &mut issues).unwrap();
    resolve_imports(&mut statement, definitions, &mut issues);
    settle_profiles(&mut statement, definitions, &mut issues);
    (statement, issues)
}

/// How many issues a rule has.
fn count(issues: &[Issue], rule: &str) -> usize {
    issues.iter().filter(|i| i.rule == rule).count()
}
