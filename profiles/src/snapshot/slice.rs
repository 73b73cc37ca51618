//! One element and its slices: slices found or made, slicing supplied where the differential leaves it out.

use serde_json::{Value, json};

use super::Problem;
use super::apply::{Walk, narrow};
use super::choice;
use super::differential::Change;
use super::merge::max_of;
use super::element::Element;
use super::tree::Node;

/// A change to a slice, with the slice's name and, for a choice's shorthand, its type.
struct Cut<'c, 'd> {
    name: String,
    code: Option<String>,
    change: &'c Change<'d>,
}

impl Walk<'_, '_> {
    /// Applies the changes to one child: first to itself, then to its slices.
    pub(super) fn apply_group(&mut self, child: &mut Node, changes: &[&Change<'_>], sliced: bool) {
        if let [change] = changes
            && let Some(code) = choice::type_of(child, &change.name).map(str::to_owned)
            && sliced
            && child.slices.is_empty()
        {
            narrow(child.element.change(), &code);
            return self.apply(child, change, sliced);
        }
        if let [change] = changes
            && let Some(name) = self.names_without_slicing(child, change)
        {
            child.element.change().insert("sliceName".to_owned(), name.as_str().into());
            child.slice = Some(name.into());
        }
        let cuts: Vec<Cut<'_, '_>> = changes.iter().filter_map(|change| cut(child, change)).collect();
        let pristine = child.element.clone();
        let own: Vec<_> = changes.iter().filter(|c| cut(child, c).is_none()).collect();
        for change in own {
            self.apply(child, change, sliced);
        }
        if let Some(first) = cuts.first() {
            self.supply_slicing(child, first);
        }
        for cut in &cuts {
            self.apply_cut(child, &pristine, cut);
        }
        if !cuts.is_empty() {
            settle(child, &cuts);
        }
    }

    /// The slice name of a change that names a slice where nothing is sliced; the element itself gets the name then.
    fn names_without_slicing(&mut self, child: &Node, change: &Change<'_>) -> Option<String> {
        let name = change.slice.as_ref().filter(|n| child.slice.as_deref() != Some(n))?;
        let sliced = child.element.get("slicing").is_some() || change.said("slicing").is_some();
        if sliced || !child.slices.is_empty() || slicing_of(child).is_some() {
            return None;
        }
        self.report(change.label(), Problem::Slicing, format!("`{}` is sliced without a slicing", child.name));
        Some(name.clone())
    }

    fn apply_cut(&mut self, head: &mut Node, pristine: &Element, cut: &Cut<'_, '_>) {
        let place = find_slice(head, &cut.name);
        let place = match place {
            Some(place) => place,
            None => {
                let (place, slice) = new_slice(head, pristine, cut);
                head.slices.insert(place, slice);
                place
            }
        };
        let Some(slice) = head.slices.get_mut(place) else { return };
        self.apply(slice, cut.change, true);
        if let Some(code) = &cut.code {
            if !slice.element.has_type(code) || slice.element.types().count() > 1 {
                narrow(slice.element.change(), code);
            }
        }
    }

    /// Slices need a slicing: extensions are sliced by url, choices by type; others must say how.
    fn supply_slicing(&mut self, head: &mut Node, first: &Cut<'_, '_>) {
        if head.element.get("slicing").is_some() {
            return;
        }
        let Some(slicing) = slicing_of(head) else {
            if find_slice(head, &first.name).is_none() {
                self.report(first.change.label(), Problem::Slicing, format!("`{}` is sliced without a slicing", head.name));
            }
            return;
        };
        head.element.change().insert("slicing".to_owned(), slicing);
    }
}

/// The slicing that goes without saying: extensions by url, choices by type.
fn slicing_of(head: &Node) -> Option<Value> {
    let (by, path) = match &*head.name {
        _ if head.element.has_type("Extension") => ("value", "url"),
        name if name.ends_with("[x]") => ("type", "$this"),
        _ => return None,
    };
    Some(json!({ "discriminator": [{ "type": by, "path": path }], "ordered": false, "rules": "open" }))
}

/// The slice that a change is about; `None` for a change to the element itself.
fn cut<'c, 'd>(head: &Node, change: &'c Change<'d>) -> Option<Cut<'c, 'd>> {
    let code = choice::type_of(head, &change.name).or_else(|| choice::type_of(head, change.slice.as_deref()?)).map(str::to_owned);
    match &change.slice {
        Some(slice) if head.slice.as_ref().is_some_and(|s| **s == **slice) => None,
        Some(slice) => Some(Cut { name: slice.clone(), code, change }),
        None if *change.name != *head.name => {
            let known = head.slices.iter().find(|s| code.as_deref().is_some_and(|c| s.element.types().eq([c])));
            let name = known.and_then(|s| s.slice.as_deref()).unwrap_or(&change.name).to_owned();
            Some(Cut { name, code, change })
        }
        None => None,
    }
}

fn find_slice(head: &Node, name: &str) -> Option<usize> {
    head.slices.iter().position(|s| s.slice.as_deref() == Some(name))
}

/// A new slice and where it belongs: the element as the base has it (or the slice that a reslice divides), above the
/// children as the differential left them.
fn new_slice(head: &Node, pristine: &Element, cut: &Cut<'_, '_>) -> (usize, Node) {
    let parent = cut.name.rsplit_once('/').and_then(|(parent, _)| find_slice(head, parent));
    let (place, mut slice) = match parent {
        Some(parent) => {
            let prefix = format!("{}/", head.slices[parent].slice.as_deref().unwrap_or_default());
            let behind = head.slices.iter().rposition(|s| s.slice.as_deref().is_some_and(|n| n.starts_with(&prefix)));
            (behind.unwrap_or(parent) + 1, head.slices[parent].clone())
        }
        None => {
            let children = head.children.clone();
            (head.slices.len(), Node { children, ..Node::new(&head.name, None, pristine.clone()) })
        }
    };
    slice.slice = Some(cut.name.as_str().into());
    let members = slice.element.change();
    members.shift_remove("slicing");
    members.insert("sliceName".to_owned(), Value::String(cut.name.clone()));
    members.insert("min".to_owned(), Value::from(0));
    if let Some(code) = &cut.code {
        narrow(members, code);
    }
    (place, slice)
}

/// What the slices together make of their element.
fn settle(head: &mut Node, cuts: &[Cut<'_, '_>]) {
    let min = |n: &Node| n.element.get("min").and_then(Value::as_u64).unwrap_or(0);
    let wanted = head.slices.iter().filter(|s| !s.slice.as_deref().is_some_and(|n| n.contains('/'))).fold(0u64, |sum, s| sum.saturating_add(min(s)));
    if wanted > min(head) && max_of(head.element.get("max")).is_none_or(|max| wanted <= max) {
        head.element.change().insert("min".to_owned(), Value::from(wanted));
    }
    let single = head.name.ends_with("[x]") && head.slices.len() == 1 && cuts.len() == 1;
    if let (true, Some(code)) = (single, &cuts[0].code)
        && (wanted > 0 || min(head) > 0 || is_extension_value(head))
    {
        let members = head.element.change();
        narrow(members, code);
        if let Some(slicing) = members.get_mut("slicing").and_then(Value::as_object_mut) {
            slicing.insert("rules".to_owned(), "closed".into());
        }
    }
}

/// Whether a choice is the value of an extension: one type named there is the only one.
fn is_extension_value(head: &Node) -> bool {
    let base = head.element.get("base").and_then(|b| b.get("path")).and_then(Value::as_str);
    &*head.name == "value[x]" && base.is_none_or(|path| path == "Extension.value[x]")
}
