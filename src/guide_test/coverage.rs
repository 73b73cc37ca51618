//! What of a profile the examples of a guide show.

use serde_json::Value;

use super::bounds::CHOICES;
use super::element_id;
use super::profile::Profile;
use super::rule::{Demand, Rule};
use super::rules::best_practice;
use super::traces::Traces;

/// How much of a kind is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub total: usize,
    /// What is never shown.
    pub missing: Vec<String>,
}

impl Part {
    fn add(&mut self, name: String, is_there: bool) {
        self.total += 1;
        if !is_there {
            self.missing.push(name);
        }
    }

    /// How many are shown.
    pub fn shown(&self) -> usize {
        self.total - self.missing.len()
    }
}

/// What of a profile is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coverage {
    /// Examples that conform to the profile, as its root is in them.
    pub examples: usize,
    pub must_support: Part,
    pub slices: Part,
    /// The types of choices.
    pub choices: Part,
    /// Invariants that a negative instance fails.
    pub invariants: Part,
    /// What is not counted, and why.
    pub uncounted: Vec<String>,
}

impl Coverage {
    /// All parts, by name.
    pub fn parts(&self) -> [(&'static str, &Part); 4] {
        [
            ("must support", &self.must_support),
            ("slices", &self.slices),
            ("types of choices", &self.choices),
            ("invariants that fail", &self.invariants),
        ]
    }
}

/// The coverage of a profile; `place` is its own, `fails` says whether a negative instance fails a rule.
pub(super) fn coverage(
    (place, profile): (usize, &Profile),
    rules: &[Rule],
    traces: &Traces,
    fails: impl Fn(&Rule) -> bool,
) -> Coverage {
    let mut out = Coverage { examples: traces.count(&(place, profile.kind.clone())), ..Coverage::default() };
    let is_own = |id: &str| profile.own.iter().any(|(own, _)| own == id);
    for id in &profile.order {
        let Some(element) = profile.element(id) else { continue };
        let text = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("max") == "0" || element_id::parent(id).is_none() {
            continue;
        }
        let target = (place, id.clone());
        let is_there = traces.count(&target) > 0;
        let is_supported = element.get("mustSupport") == Some(&Value::Bool(true));
        if is_supported {
            out.must_support.add(id.clone(), is_there);
        }
        if element.get("sliceName").is_some() {
            out.slices.add(id.clone(), is_there);
        }
        let types: Vec<&str> = element.get("type").and_then(Value::as_array).map(|all| codes(all)).unwrap_or_default();
        if !element_id::is_choice(id) || types.len() < 2 || !(is_supported || is_own(id)) {
            continue;
        }
        if types.len() > CHOICES {
            out.uncounted.push(format!("`{id}`: a choice of {} types, more than {CHOICES}", types.len()));
            continue;
        }
        types.iter().for_each(|t| out.choices.add(format!("{id} as {t}"), traces.has_type(&target, t)));
    }
    for rule in rules {
        if let Demand::Invariant(key, _) = &rule.demand {
            out.invariants.add(format!("{} {key}", rule.element), fails(rule));
        }
    }
    let practice = best_practice(profile);
    out.uncounted.extend(practice.iter().map(|name| format!("`{name}`: best practice, which is not checked")));
    out.uncounted.extend(profile.lost.iter().map(|id| format!("`{id}`: the snapshot has no such element")));
    out
}

fn codes(types: &[Value]) -> Vec<&str> {
    types.iter().filter_map(|t| t.get("code")).filter_map(Value::as_str).collect()
}
