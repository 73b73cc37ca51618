//! One element and its slices: slices found or made, slicing supplied where the differential leaves it out.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::Problem;
use super::apply::{Walk, narrow, type_profile};
use super::choice;
use super::differential::Change;
use super::element::Element;
use super::inherit::inherit;
use super::merge::max_of;
use super::tree::Node;

/// A change to a slice, with the slice's name and, for a slice of a choice, its type.
struct Cut<'c, 'd> {
    name: String,
    code: Option<String>,
    change: &'c Change<'d>,
}

/// What a new slice is made from: the sliced element as the base has it, and what the differential says of it.
struct Origin<'c, 'd> {
    element: Element,
    own: Vec<&'c Change<'d>>,
}

/// Where the slices of an element are, by name.
struct Places(FxHashMap<String, usize>);

impl Places {
    fn of(head: &Node) -> Places {
        let named = |(place, slice): (usize, &Node)| Some((slice.slice.as_deref()?.to_owned(), place));
        // Of two with the same name the first counts.
        Places(head.slices.iter().enumerate().rev().filter_map(named).collect())
    }

    /// Takes in a slice that has been put into its element.
    fn insert(&mut self, head: &Node, place: usize, name: &str) {
        if place + 1 == head.slices.len() {
            self.0.insert(name.to_owned(), place);
        } else {
            *self = Places::of(head);
        }
    }
}

impl Walk<'_> {
    /// Applies the changes to one child: first to itself, then to its slices.
    pub(super) fn apply_group(&mut self, child: &mut Node, changes: &[&Change<'_>], sliced: bool) {
        if let [change] = changes
            && let Some(code) = choice::type_of(child, &change.name).map(str::to_owned)
            && sliced
            && child.slices.is_empty()
            && change.slice.as_deref().is_none_or(|name| name == change.name)
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
        let own: Vec<&Change<'_>> = changes.iter().filter(|c| cut(child, c).is_none()).copied().collect();
        for change in &own {
            self.report_unnamed(child, change);
        }
        let origin = Origin { element: child.element.clone(), own };
        for change in &origin.own {
            self.apply(child, change, sliced);
        }
        let Some(first) = cuts.first() else { return };
        self.supply_slicing(child, first);
        self.supply_children(child, &cuts);
        let mut places = Places::of(child);
        for cut in cuts.iter().take_while(|_| !self.trees.is_broken_off()) {
            self.apply_cut((child, &mut places), &origin, cut);
        }
        self.settle(child, &cuts, origin.own.iter().any(|c| !c.says.is_empty()));
    }

    /// The slice name of a change that names a slice where nothing is sliced; the element itself gets the name then.
    fn names_without_slicing(&mut self, child: &Node, change: &Change<'_>) -> Option<String> {
        let name = change
            .slice
            .as_ref()
            .filter(|n| change.said("sliceName").is_some() && child.slice.as_deref() != Some(n))?;
        let sliced = child.element.get("slicing").is_some() || change.said("slicing").is_some();
        if sliced || !child.slices.is_empty() || child.implied_slicing().is_some() {
            return None;
        }
        self.report(change.label(), Problem::Slicing, format!("`{}` has a slice but no slicing", child.name));
        Some(name.clone())
    }

    /// Reports a slice that only an id names: what is said of it concerns the element itself.
    fn report_unnamed(&mut self, child: &Node, change: &Change<'_>) {
        let Some(name) = change.slice.as_deref().filter(|name| child.slice.as_deref() != Some(name)) else { return };
        let at =
            if change.says.is_empty() { change.children.first().map_or("", Change::label) } else { change.label() };
        let message = format!("the id names a slice `{name}` of `{}`, which no `sliceName` makes", child.name);
        self.report(at, Problem::SliceName, message);
    }

    fn apply_cut(&mut self, (head, places): (&mut Node, &mut Places), origin: &Origin<'_, '_>, cut: &Cut<'_, '_>) {
        let known = places.0.get(&cut.name).copied();
        if cut.code.is_none() && !cut.change.says.is_empty() && cut.change.said("sliceName").is_none() {
            let message = format!("the slice `{}` is named in the id only, and not in `sliceName`", cut.name);
            self.report(cut.change.label(), Problem::SliceName, message);
        }
        let place = match known {
            Some(place) => place,
            None => {
                let (place, slice) = self.new_slice(head, origin, cut);
                head.slices.insert(place, slice);
                places.insert(head, place, &cut.name);
                place
            }
        };
        let choice_base = head.name.strip_suffix("[x]").map(str::to_owned);
        let Some(slice) = head.slices.get_mut(place) else { return };
        self.apply(slice, cut.change, true);
        if let Some(code) = &cut.code
            && !slice.element.types().eq([code.as_str()])
        {
            narrow(slice.element.change(), code);
        }
        let one = slice.element.types().next().filter(|_| slice.element.types().count() == 1);
        if let (None, Some(choice_base), Some(code)) = (known, choice_base, one)
            && !cut.name.contains('/')
            && !cut.name.strip_prefix(&choice_base).is_some_and(|suffix| choice::names_type(suffix, code))
        {
            let message = format!("the slice of type `{code}` is named `{}`, not after its type", cut.name);
            self.report(cut.change.label(), Problem::SliceName, message);
        }
    }

    /// A new slice and where it belongs: the element as the base has it (or the slice that a reslice divides), above
    /// the children as the differential left them, or those of the slice's own type profile.
    fn new_slice(&mut self, head: &Node, origin: &Origin<'_, '_>, cut: &Cut<'_, '_>) -> (usize, Node) {
        let parent = cut.name.rsplit_once('/').and_then(|(parent, _)| find_slice(head, parent));
        let parent = parent.and_then(|at| Some((at, head.slices.get(at)?)));
        let (place, mut slice) = match parent {
            Some((parent, divided)) => {
                let prefix = format!("{}/", divided.slice.as_deref().unwrap_or_default());
                let behind =
                    head.slices.iter().rposition(|s| s.slice.as_deref().is_some_and(|n| n.starts_with(&prefix)));
                let children = self.copy(&divided.children);
                let slice = Node::new(&head.name, None, divided.element.clone());
                (behind.unwrap_or(parent) + 1, Node { children, ..slice })
            }
            None => (head.slices.len(), self.slice_of(head, origin, cut)),
        };
        slice.slice = Some(cut.name.as_str().into());
        let members = slice.element.change();
        members.shift_remove("slicing");
        members.insert("sliceName".to_owned(), Value::String(cut.name.clone()));
        if !(cut.code.is_some() && origin.element.types().count() == 1) {
            members.insert("min".to_owned(), Value::from(0));
        }
        let max = head.element.get("max");
        if max_of(max) < max_of(members.get("max")) {
            members.extend(max.map(|m| ("max".to_owned(), m.clone())));
        }
        if let Some(code) = &cut.code {
            narrow(members, code);
            if !is_bindable(code) {
                members.shift_remove("binding");
            }
        }
        (place, slice)
    }

    /// A copy of the sliced element for a slice of it.
    fn slice_of(&mut self, head: &Node, origin: &Origin<'_, '_>, cut: &Cut<'_, '_>) -> Node {
        let mut slice = Node::new(&head.name, None, origin.element.clone());
        let profile = type_profile(cut.change).filter(|(code, _)| *code != "Extension" && !head.children.is_empty());
        match profile.and_then(|(_, profile)| self.trees.tree(profile).ok()) {
            Some(tree) => {
                slice.children = self.copy(&tree.root.children);
                slice.children.iter_mut().for_each(|child| inherit(child, ""));
                origin.own.iter().for_each(|change| self.apply_children(&mut slice, change, true));
            }
            None => slice.children = self.copy(&head.children),
        }
        if slice.element.get("contentReference").is_some()
            && let Some(reference) = slice.element.text("contentReference").filter(|_| !cut.change.children.is_empty())
            && let Ok(target) = self.referred(reference)
        {
            let members = slice.element.change();
            members.shift_remove("contentReference");
            members.extend(target.element.get("type").map(|t| ("type".to_owned(), t.clone())));
        }
        slice
    }

    /// Slices need a slicing: extensions are sliced by url, choices by type; others must say how.
    fn supply_slicing(&mut self, head: &mut Node, first: &Cut<'_, '_>) {
        let supplied = head.implied_slicing();
        let new = find_slice(head, &first.name).is_none();
        let by_type = head.name.ends_with("[x]");
        let members = head.element.change();
        match (members.get_mut("slicing").and_then(Value::as_object_mut), supplied) {
            (Some(slicing), Some(mut supplied)) => {
                if !slicing.contains_key("discriminator")
                    && let Some(discriminator) = supplied.get_mut("discriminator")
                {
                    slicing.shift_insert(0, "discriminator".to_owned(), discriminator.take());
                }
                if by_type && !slicing.contains_key("ordered") {
                    let place = slicing.keys().position(|k| k == "rules").unwrap_or(slicing.len());
                    slicing.shift_insert(place, "ordered".to_owned(), Value::Bool(false));
                }
            }
            (None, Some(supplied)) => {
                members.insert("slicing".to_owned(), supplied);
            }
            (None, None) if new => {
                self.report(
                    first.change.label(),
                    Problem::Slicing,
                    format!("`{}` has a slice but no slicing", head.name),
                );
            }
            _ => {}
        }
    }

    /// A sliced content reference has the children of its target, where its slices are entered.
    fn supply_children(&mut self, head: &mut Node, cuts: &[Cut<'_, '_>]) {
        let Some(reference) = head.element.text("contentReference").filter(|_| head.children.is_empty()) else {
            return;
        };
        let Some(deep) = cuts.iter().find(|c| !c.change.children.is_empty()) else { return };
        match self.referred(reference) {
            Ok(target) => head.children = self.copy(&target.children),
            Err((problem, message)) => self.report(deep.change.label(), problem, message),
        }
    }

    /// What the slices together make of their element. `named`: the differential has the element itself.
    fn settle(&mut self, head: &mut Node, cuts: &[Cut<'_, '_>], named: bool) {
        let Some(first) = cuts.first() else { return };
        let min = |n: &Node| n.element.get("min").and_then(Value::as_u64).unwrap_or(0);
        let whole = head.slices.iter().filter(|s| !s.slice.as_deref().is_some_and(|n| n.contains('/')));
        let wanted = whole.fold(0u64, |sum, s| sum.saturating_add(min(s)));
        let choice = head.name.ends_with("[x]");
        match max_of(head.element.get("max")) {
            Some(max) if wanted > max => {
                let message = format!("the slices together require at least {wanted}, but the maximum is {max}");
                self.report(first.change.label(), Problem::Cardinality, message);
            }
            _ if wanted > min(head) && (choice || !named) => {
                head.element.change().insert("min".to_owned(), Value::from(wanted));
            }
            _ => {}
        }
        let demanded =
            |c: &Cut<'_, '_>| find_slice(head, &c.name).and_then(|at| head.slices.get(at)).is_some_and(|s| min(s) > 0);
        let prohibited = |c: &Cut<'_, '_>| max_of(c.change.said("max")) == Some(0);
        if choice && cuts.iter().any(demanded) && cuts.iter().filter(|c| !prohibited(c)).count() > 1 {
            self.report(
                first.change.label(),
                Problem::Cardinality,
                "a slice requires its type, but other slices allow other types".to_owned(),
            );
        }
        if choice {
            settle_types(head, cuts, named);
        }
    }
}

/// Narrows a choice to the one type that a slice demands; closes it where every type has its slice.
fn settle_types(head: &mut Node, cuts: &[Cut<'_, '_>], named: bool) {
    if let [Cut { code: Some(code), name, .. }] = cuts
        && let Some(slice) = find_slice(head, name).and_then(|at| head.slices.get(at))
    {
        let demanded = slice.element.get("min").and_then(Value::as_u64) > Some(0);
        if demanded || (!named && head.slices.len() == 1 && is_extension_value(head)) {
            narrow(head.element.change(), code);
        }
    }
    let covered = |code: &str| head.slices.iter().any(|s| s.element.types().eq([code]));
    if head.element.types().all(covered)
        && let Some(slicing) = head.element.change().get_mut("slicing").and_then(Value::as_object_mut)
    {
        slicing.insert("rules".to_owned(), "closed".into());
    }
}

/// The slice that a change is about; `None` for a change to the element itself.
fn cut<'c, 'd>(head: &Node, change: &'c Change<'d>) -> Option<Cut<'c, 'd>> {
    let code = choice::type_of(head, &change.name)
        .or_else(|| choice::type_of(head, change.slice.as_deref()?))
        .map(str::to_owned);
    match &change.slice {
        Some(slice) if head.slice.as_deref() == Some(slice) => None,
        // A slice that is named only in an id does not exist.
        Some(slice) if code.is_none() && change.said("sliceName").is_none() && find_slice(head, slice).is_none() => {
            None
        }
        Some(slice) => Some(Cut { name: slice.clone(), code, change }),
        None if code.is_some() => {
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

/// Whether elements of a type can be bound to a value set (<https://hl7.org/fhir/R5/terminologies.html#4.1>).
fn is_bindable(code: &str) -> bool {
    const BINDABLE: [&str; 11] = [
        "code",
        "string",
        "uri",
        "url",
        "canonical",
        "Coding",
        "CodeableConcept",
        "CodeableReference",
        "Quantity",
        "Age",
        "Duration",
    ];
    BINDABLE.contains(&code)
}

/// Whether a choice is the value of an extension: one type named there is the only one.
fn is_extension_value(head: &Node) -> bool {
    let base = head.element.get("base").and_then(|b| b.get("path")).and_then(Value::as_str);
    &*head.name == "value[x]" && base.is_none_or(|path| path == "Extension.value[x]")
}
