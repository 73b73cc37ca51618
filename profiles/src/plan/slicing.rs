//! Slicing rows to plans: for each slice and discriminator, where to look and what must be there.

mod places;
mod positions;
mod twins;

use rustc_hash::FxHashMap;

use super::image::Image;
use super::kinds::{BindingStrength, DiscriminatorKind, SlicingRules};
use super::node::{Check, PlanSlice, PlanSlicing, SliceTest, Step};
use super::rows::{ELEMENT_CHOICE, ElementRow, NONE, SlicingRow};
use super::set::{Handle, ImageSet};
use crate::instance::NameId;
use places::{Place, children, resolve};
use twins::mark_twins;

/// The slicing of an element; `None` where it has no slices and lays no rule.
pub fn plan(set: &ImageSet, h: Handle, e: &ElementRow, is_extension: bool) -> Option<PlanSlicing> {
    resliced(set, h, e, is_extension, &[])
}

/// The same of a slice; its slices are told apart as those around them (`outer`), where it does not say how.
fn resliced(
    set: &ImageSet,
    h: Handle,
    e: &ElementRow,
    is_extension: bool,
    outer: &[(DiscriminatorKind, &str)],
) -> Option<PlanSlicing> {
    let image = set.layer(h.layer);
    let row = image.slicing(e.slicing);
    let mut discriminators: Vec<(DiscriminatorKind, &str)> = row.map_or_else(Vec::new, |r| {
        image.discriminators(r.discriminators).iter().map(|d| (d.kind(), image.str(d.path))).collect()
    });
    if row.is_none() && !outer.is_empty() {
        discriminators.extend(outer);
    } else if discriminators.is_empty() && is_extension {
        discriminators.push((DiscriminatorKind::Value, "url"));
    } else if row.is_none() && e.flags & ELEMENT_CHOICE != 0 {
        discriminators.push((DiscriminatorKind::Type, "$this"));
    }
    let rules = row.map_or(SlicingRules::Open, SlicingRow::rules);
    let mut slices = Vec::new();
    let mut at = e.first_slice;
    while let Some(s) = image.element(at) {
        let sh = Handle { layer: h.layer, row: at };
        let tests = discriminators.iter().map(|(kind, path)| test(set, sh, *kind, path)).collect();
        let reslicing = if s.first_slice == NONE {
            None
        } else {
            resliced(set, sh, &s, is_extension, &discriminators).map(Box::new)
        };
        let demands_more = demands_more(image, e, &s, &discriminators);
        slices.push(PlanSlice { element: sh, min: s.min, max: s.max, tests, reslicing, demands_more, twin: false });
        at = s.next_slice;
    }
    if slices.is_empty() && rules != SlicingRules::Closed {
        return None;
    }
    let by_url = if is_extension { url_table(set, &slices) } else { None };
    let by_position = positions::positions(&discriminators, &slices);
    if by_url.is_none() && by_position.is_none() {
        mark_twins(set, &mut slices);
    }
    let ordered = row.is_some_and(|r| r.ordered != 0);
    Some(PlanSlicing { element: h, rules, ordered, slices: slices.into(), by_position, by_url })
}

/// Whether a slice demands more of an entry than its element and its discriminators do. In doubt it does.
fn demands_more(image: &Image, e: &ElementRow, s: &ElementRow, discriminators: &[(DiscriminatorKind, &str)]) -> bool {
    let own =
        [s.first_child, s.first_slice, s.fixed, s.pattern, s.min_value, s.max_value].iter().any(|row| *row != NONE);
    let lengths = (s.max_length, s.min_length) != (e.max_length, e.min_length);
    let constraints = image.links(s.constraints).iter().any(|c| !image.links(e.constraints).contains(c));
    let told = |places: &[&str]| {
        discriminators.iter().any(|(kind, path)| {
            matches!(kind, DiscriminatorKind::Type | DiscriminatorKind::Profile) && places.contains(path)
        })
    };
    let (profiles, targets) = (told(&["$this", ""]), told(&["resolve()", "$this.resolve()"]));
    let types = image.type_refs(s.types).iter().any(|t| {
        let of_element = image.type_refs(e.types).iter().find(|o| o.code == t.code);
        of_element.is_none_or(|o| {
            (!profiles && o.profiles != t.profiles)
                || (!targets && o.targets != t.targets)
                || (o.aggregation, o.versioning) != (t.aggregation, t.versioning)
        })
    });
    own || lengths || constraints || types || s.binding != e.binding
}

/// Url to slice, where every slice is identified by a fixed url only.
fn url_table(set: &ImageSet, slices: &[PlanSlice]) -> Option<FxHashMap<Box<str>, u16>> {
    let mut table = FxHashMap::default();
    for (i, s) in slices.iter().enumerate() {
        let [SliceTest { path, check }] = &*s.tests else { return None };
        if s.reslicing.is_some() || **path != [Step::Child(NameId::URL)] {
            return None;
        }
        let url: Box<str> = match check {
            Check::Value { value, .. } => set.str(value.layer, set.value(*value)?.text).into(),
            Check::Text(url) => url.clone(),
            _ => return None,
        };
        table.insert(url, i as u16);
    }
    Some(table)
}

/// The steps of a discriminator's path (<https://hl7.org/fhir/R4/profiling.html#discriminator>); `None` outside the
/// allowed subset.
fn steps(set: &ImageSet, path: &str) -> Option<Vec<Step>> {
    let mut out = Vec::new();
    let mut rest = path.trim();
    while !rest.is_empty() {
        rest = rest.trim_start_matches('.');
        if let Some(r) = rest.strip_prefix("$this") {
            rest = r;
        } else if let Some(r) = rest.strip_prefix("resolve()") {
            out.push(Step::Resolve);
            rest = r;
        } else if let Some(r) = rest.strip_prefix("extension(") {
            let (arg, r) = r.split_once(')')?;
            out.push(Step::Extension(arg.trim_matches(['\'', '"']).into()));
            rest = r;
        } else if let Some(r) = rest.strip_prefix("ofType(") {
            let (arg, r) = r.split_once(')')?;
            out.push(Step::OfType(set.model().find(arg.rsplit('.').next()?)?));
            rest = r;
        } else {
            let (name, r) = rest.split_once('.').unwrap_or((rest, ""));
            out.push(Step::Child(set.model().names().find(name.strip_suffix("[x]").unwrap_or(name).as_bytes())?));
            rest = r;
        }
    }
    Some(out)
}

fn test(set: &ImageSet, slice: Handle, kind: DiscriminatorKind, path: &str) -> SliceTest {
    let Some(steps) = steps(set, path) else {
        return SliceTest {
            path: Box::default(),
            check: Check::Unsupported(format!("the discriminator path `{path}` is not supported")),
        };
    };
    let places = resolve(set, slice, &steps);
    let prohibited = places
        .iter()
        .filter(|p| p.taken == steps.len() && p.taken > 0)
        .any(|p| set.element(p.element).is_some_and(|e| e.max == 0));
    let check = match kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern if prohibited => Check::Exists(false),
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => value(set, &places, &steps),
        DiscriminatorKind::Exists => exists(set, &places),
        DiscriminatorKind::Type => types(set, slice, &places, &steps),
        DiscriminatorKind::Profile => profiles(set, &places),
        DiscriminatorKind::Position => Check::Unsupported("the position tells nothing by itself".to_owned()),
        DiscriminatorKind::Unknown => Check::Unsupported("the discriminator is of an unknown type".to_owned()),
    };
    let check = match check {
        Check::Nothing if is_url_of_extension(set, slice, &steps) => {
            extension_url(set, slice).map_or(Check::Nothing, Check::Text)
        }
        Check::Nothing if kind <= DiscriminatorKind::Exists => fallback(set, slice, &places),
        check => check,
    };
    SliceTest { path: steps.into(), check }
}

/// Whether a discriminator asks for the url of an extension.
fn is_url_of_extension(set: &ImageSet, slice: Handle, steps: &[Step]) -> bool {
    steps == [Step::Child(NameId::URL)]
        && set.element(slice).is_some_and(|e| matches!(e.name, NameId::EXTENSION | NameId::MODIFIER_EXTENSION))
}

/// The url of an extension slice whose definition is not loaded: it is the canonical of the profile that the slice
/// names.
fn extension_url(set: &ImageSet, slice: Handle) -> Option<Box<str>> {
    let image = set.layer(slice.layer);
    let profile = image.type_refs(set.element(slice)?.types).iter().find_map(|t| image.list(t.profiles).next())?;
    profile.split(['|', '#']).next().map(Box::from)
}

/// The value or pattern at the end of the path, or the part of one further up; else a required binding there.
fn value(set: &ImageSet, places: &[Place], steps: &[Step]) -> Check {
    let mut checks: Vec<Check> = Vec::new();
    for p in places.iter().rev() {
        let Some(e) = set.element(p.element) else { continue };
        for (row, fixed) in [(e.fixed, true), (e.pattern, false)] {
            let rest = steps.get(p.taken..).unwrap_or_default();
            if row != NONE
                && let Some(v) = inside(set, Handle { layer: p.element.layer, row }, rest)
            {
                checks.push(Check::Value { value: v, fixed: fixed && rest.is_empty() });
            }
        }
        if !checks.is_empty() {
            return checks.swap_remove(0);
        }
    }
    for p in places.iter().rev().filter(|p| p.taken == steps.len()) {
        let image = set.layer(p.element.layer);
        if let Some(b) = image
            .element(p.element.row)
            .and_then(|e| image.binding(e.binding))
            .filter(|b| b.strength() == BindingStrength::Required && !b.value_set.is_empty())
        {
            let canonical = image.str(b.value_set).to_owned();
            return Check::Binding { value_set: set.find_value_set(&canonical, Some(p.element.layer)), canonical };
        }
    }
    Check::Nothing
}

/// The part of a value that the steps lead to.
fn inside(set: &ImageSet, root: Handle, steps: &[Step]) -> Option<Handle> {
    let mut at = root;
    for s in steps {
        let Step::Child(name) = s else { return None };
        let mut child = set.value(at)?.first_child;
        loop {
            let row = set.value(Handle { layer: at.layer, row: child })?;
            if row.name == *name {
                break;
            }
            child = row.next;
        }
        at = Handle { layer: at.layer, row: child };
    }
    Some(at)
}

fn exists(set: &ImageSet, places: &[Place]) -> Check {
    let deepest = places.iter().map(|p| p.taken).max().unwrap_or(0);
    let Some(e) = places.iter().find(|p| p.taken == deepest).and_then(|p| set.element(p.element)) else {
        return Check::Nothing;
    };
    match (e.min, e.max) {
        (_, 0) => Check::Exists(false),
        (1.., _) => Check::Exists(true),
        _ => Check::Nothing,
    }
}

fn types(set: &ImageSet, slice: Handle, places: &[Place], steps: &[Step]) -> Check {
    let mut ids = Vec::new();
    if steps.last() == Some(&Step::Resolve) {
        for p in places.iter().filter(|p| p.taken == steps.len()) {
            ids.extend(
                set.structure_of(p.element).and_then(|s| set.model().find(set.str(p.element.layer, s.type_name))),
            );
        }
    } else {
        let depth = if steps.is_empty() { 0 } else { steps.len() };
        for p in places.iter().filter(|p| p.taken == depth && (depth > 0 || p.element == slice)) {
            let image = set.layer(p.element.layer);
            let Some(e) = image.element(p.element.row) else { continue };
            if e.parent == NONE {
                ids.extend(set.structure_of(p.element).and_then(|s| set.model().find(image.str(s.type_name))));
            }
            ids.extend(image.type_refs(e.types).iter().filter_map(|t| set.model().find(image.str(t.code))));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() { Check::Nothing } else { Check::Type(ids.into()) }
}

fn profiles(set: &ImageSet, places: &[Place]) -> Check {
    let deepest = places.iter().map(|p| p.taken).max().unwrap_or(0);
    let mut roots = Vec::new();
    let mut missing = None;
    for p in places.iter().filter(|p| p.taken == deepest) {
        let image = set.layer(p.element.layer);
        let Some(e) = image.element(p.element.row) else { continue };
        if e.parent == NONE {
            roots.push(p.element);
            continue;
        }
        for url in image.type_refs(e.types).iter().flat_map(|t| image.list(t.profiles)) {
            match set.find_structure(url, Some(p.element.layer)).and_then(|s| set.root(s)) {
                Some(r) => roots.push(r),
                None => missing = Some(url.to_owned()),
            }
        }
    }
    match missing {
        Some(url) if roots.is_empty() => Check::Unsupported(format!("profile `{url}` is not loaded")),
        _ if roots.is_empty() => Check::Nothing,
        _ => Check::Profile(roots.into()),
    }
}

/// A discriminator whose place says nothing of its kind: existence where the slice demands or forbids it.
fn fallback(set: &ImageSet, slice: Handle, places: &[Place]) -> Check {
    let deepest = places.iter().map(|p| p.taken).max().unwrap_or(0);
    if deepest == 0 {
        return Check::Nothing;
    }
    match places.iter().find(|p| p.taken == deepest).filter(|p| p.element != slice).and_then(|p| set.element(p.element))
    {
        Some(e) if e.min > 0 => nested(set, places),
        Some(e) if e.max == 0 => Check::Exists(false),
        _ => Check::Nothing,
    }
}

/// Fixed values and patterns below the discriminator's place (`coding` where `coding.system` and `coding.code` are
/// fixed).
fn nested(set: &ImageSet, places: &[Place]) -> Check {
    let deepest = places.iter().map(|p| p.taken).max().unwrap_or(0);
    let mut tests = Vec::new();
    for p in places.iter().filter(|p| p.taken == deepest) {
        for c in children(set, p.element) {
            let Some(e) = set.element(c) else { continue };
            for (row, fixed) in [(e.fixed, true), (e.pattern, false)] {
                if row != NONE {
                    tests.push(SliceTest {
                        path: Box::new([Step::Child(e.name)]),
                        check: Check::Value { value: Handle { layer: c.layer, row }, fixed },
                    });
                }
            }
        }
    }
    if tests.is_empty() { Check::Exists(true) } else { Check::All(tests.into()) }
}

/// The slicing that an element's row lays down; `None` where it has none.
pub fn slicing_of(set: &ImageSet, element: Handle) -> Option<PlanSlicing> {
    let row = set.element(element)?;
    plan(set, element, &row, matches!(row.name, NameId::EXTENSION | NameId::MODIFIER_EXTENSION))
}
