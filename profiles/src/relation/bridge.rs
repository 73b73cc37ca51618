//! The bridge between two profiles: what A's instances would also have to meet to be valid for B. The steps that a
//! proof leaves open, as demands that somebody can act on, each once.

use super::explain::{element_id, way_text};
use super::open::OpenStep;
use super::proof::{Break, StepKind, Way};
use super::value::Values;
use crate::plan::rows::{ElementRow, NONE};
use crate::plan::{Handle, ImageSet};

/// Bound on the length of an expression or a value that is written out; a longer one is left out.
const WRITTEN: usize = 200;

/// One demand of B that A does not meet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// The element of B, or the way to it where it is an element of another definition.
    pub path: String,
    /// What is demanded, as `at least 1`.
    pub text: String,
}

/// The demands that would close the open steps of a proof over this type: B's instances are those of A that meet all of
/// them. What a target has to be is one demand, told at the reference.
pub fn bridge(set: &ImageSet, root: &str, open: &[OpenStep]) -> Vec<Requirement> {
    let mut out: Vec<Requirement> = Vec::new();
    for step in open.iter().filter(|s| !s.way.iter().any(|w| matches!(w, Way::Target(_)))) {
        let demand = Demand { set, step };
        let one = Requirement { path: demand.path(root), text: demand.text() };
        if !out.contains(&one) {
            out.push(one);
        }
    }
    // Below what must not be there nothing is demanded.
    let absent: Vec<String> = out.iter().filter(|r| r.text == ABSENT).map(|r| format!("{}.", r.path)).collect();
    out.retain(|r| !absent.iter().any(|a| r.path.starts_with(a.as_str())));
    out
}

/// What is said of an element that may not occur.
const ABSENT: &str = "none";

struct Demand<'s> {
    set: &'s ImageSet,
    step: &'s OpenStep,
}

impl Demand<'_> {
    fn row(&self) -> Option<ElementRow> {
        self.set.element(self.step.right)
    }

    fn path(&self, root: &str) -> String {
        let id = element_id(self.set, Some(self.step.right));
        let own = id.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']));
        if own {
            return id.to_owned();
        }
        let way = way_text(self.set, root, &self.step.way);
        match (self.is_of_child(), id.rsplit_once('.')) {
            (true, Some((_, name))) => format!("{way}.{name}"),
            _ => way,
        }
    }

    /// Whether the step is about a child of its node.
    fn is_of_child(&self) -> bool {
        matches!(
            self.step.kind,
            StepKind::Type
                | StepKind::Min
                | StepKind::Max
                | StepKind::Slicing
                | StepKind::SliceMin
                | StepKind::SliceMax
        )
    }

    fn text(&self) -> String {
        let what = &self.step.what;
        match self.step.kind {
            StepKind::Min | StepKind::SliceMin => format!("at least {}", self.least()),
            StepKind::Max | StepKind::SliceMax => match self.row().map_or(u32::MAX, |e| e.max) {
                0 => ABSENT.to_owned(),
                u32::MAX => "no more than the profile allows".to_owned(),
                most => format!("at most {most}"),
            },
            StepKind::Type => self.types().map_or_else(|| format!("not {what}"), |t| format!("only {t}")),
            StepKind::Value => self.value().map_or_else(
                || "the value that the profile demands".to_owned(),
                |(lead, value)| format!("{lead} `{value}`"),
            ),
            StepKind::Bound => self.bounds(),
            StepKind::Presence => "a value, not only an extension".to_owned(),
            StepKind::Binding => format!("a code of `{what}`"),
            StepKind::Constraint => match self.expression() {
                Some(e) => format!("meets the constraint `{what}`: `{e}`"),
                None => format!("meets the constraint `{what}`"),
            },
            StepKind::Target => self.targets(),
            StepKind::Profile => format!("conforms to {}", quoted(what.split(", "))),
            StepKind::Slicing if what == "closed" => "no entries that are in no slice".to_owned(),
            StepKind::Slicing => format!("keeps to the slicing: {what}"),
            StepKind::Definition | StepKind::Nesting => format!("cannot be compared: {what}"),
        }
    }

    fn least(&self) -> u32 {
        let stated = self.row().map_or(0, |e| e.min);
        let missing = self.step.breaks.iter().find_map(|(_, b)| match b {
            Break::Count(n) => Some(n.saturating_add(1)),
            _ => None,
        });
        if stated > 0 { stated } else { missing.unwrap_or(1) }
    }

    /// The types that the element may have.
    fn types(&self) -> Option<String> {
        let layer = self.step.right.layer;
        let image = self.set.layer(layer);
        let names: Vec<&str> = image.type_refs(self.row()?.types).iter().map(|t| self.set.str(layer, t.code)).collect();
        Some(names.join(", ")).filter(|n| !n.is_empty())
    }

    fn value(&self) -> Option<(&'static str, String)> {
        let e = self.row()?;
        let layer = self.step.right.layer;
        let (lead, row) = if e.fixed != NONE { ("exactly", e.fixed) } else { ("with", e.pattern) };
        let values = Values { set: self.set };
        let root = Handle { layer, row };
        let text = if values.is_object(root) { self.parts(values, root) } else { values.text(root).to_owned() };
        Some((lead, text)).filter(|(_, t)| row != NONE && !t.is_empty() && t.len() <= WRITTEN)
    }

    /// A value of several parts: `coding.system=…, coding.code=…`.
    fn parts(&self, values: Values<'_>, root: Handle) -> String {
        let mut out: Vec<String> = Vec::new();
        let mut stack: Vec<(String, Handle)> = vec![(String::new(), root)];
        while let Some((path, h)) = stack.pop() {
            if !values.is_object(h) {
                out.push(format!("{path}={}", values.text(h)));
                continue;
            }
            let mut below: Vec<(String, Handle)> = Vec::new();
            for c in values.children(h) {
                let name = self.set.model().names().text(values.name(c));
                below.push((if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }, c));
            }
            stack.extend(below.into_iter().rev());
            if out.len() + stack.len() > WRITTEN {
                return String::new();
            }
        }
        out.join(", ")
    }

    fn bounds(&self) -> String {
        let layer = self.step.right.layer;
        let values = Values { set: self.set };
        let value = |row: u32| Some(values.text(Handle { layer, row })).filter(|t| row != NONE && !t.is_empty());
        let mut all = Vec::new();
        if let Some(e) = self.row() {
            all.extend(value(e.min_value).map(|v| format!("no less than {v}")));
            all.extend(value(e.max_value).map(|v| format!("no more than {v}")));
            all.extend((e.min_length > 0).then(|| format!("at least {} characters", e.min_length)));
            all.extend((e.max_length != u32::MAX).then(|| format!("at most {} characters", e.max_length)));
        }
        if all.is_empty() { "within the bounds of the profile".to_owned() } else { all.join(", ") }
    }

    fn expression(&self) -> Option<&str> {
        self.step.breaks.iter().find_map(|(_, b)| match b {
            Break::Constraint(e) => Some(e.as_str()).filter(|e| e.len() <= WRITTEN),
            _ => None,
        })
    }

    fn targets(&self) -> String {
        let mut profiles: Vec<String> = Vec::new();
        for (_, b) in &self.step.breaks {
            let Break::TargetOf(_, wide) = b else { continue };
            for c in wide.iter().map(|h| self.set.canonical_of(*h)) {
                if !profiles.contains(&c) {
                    profiles.push(c);
                }
            }
        }
        if profiles.is_empty() {
            return format!("refers only to {}", self.step.what);
        }
        format!("refers only to what conforms to {}", quoted(profiles.iter().map(String::as_str)))
    }
}

fn quoted<'t>(names: impl Iterator<Item = &'t str>) -> String {
    names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}
