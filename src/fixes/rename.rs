//! Names that no definition has, and those that are spelled like them.

use rustc_hash::FxHashSet;

use super::code::distance;
use super::context::Context;
use super::edit::{Edit, Fix};

/// The most names that are offered in place of one.
const OFFERED: usize = 3;

/// The most names of one object that others are looked for.
const MOST_NAMES: usize = 20;

/// Writes a name that the object may have in place of one that it may not.
pub(super) fn near(c: &Context<'_>) -> Vec<Fix> {
    if c.is_xml() {
        return Vec::new();
    }
    let Some(level) = c.within.levels.last() else { return Vec::new() };
    let children = c.children();
    let is_known = |name: &str| {
        let plain = name.strip_prefix('_').unwrap_or(name);
        plain == "resourceType" || children.iter().any(|child| child.name == plain)
    };
    let there: FxHashSet<&str> = level.members.iter().map(|m| &*m.name).collect();
    let mut fixes = Vec::new();
    let unknown = level.members.iter().filter(|m| !children.is_empty() && !is_known(&m.name));
    for member in unknown.take(MOST_NAMES) {
        let mut near: Vec<(usize, &str)> = children
            .iter()
            .filter(|child| !there.contains(&*child.name))
            .map(|child| (distance(&child.name, &member.name), &*child.name))
            .filter(|(far, _)| *far <= 1 + member.name.len() / 4)
            .collect();
        near.sort();
        fixes.extend(near.iter().take(OFFERED).map(|(_, name)| {
            let edit = Edit::new(member.key.clone(), format!("\"{name}\""));
            Fix::doubtful(format!("rename `{}` to `{name}`", member.name), vec![edit])
        }));
    }
    fixes
}
