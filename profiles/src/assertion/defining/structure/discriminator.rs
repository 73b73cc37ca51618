//! Whether the slices of an element can be told apart: what a discriminator leads to differs between them
//! (<https://hl7.org/fhir/R4/profiling.html#discriminator>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use super::base::{Spot, plain};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene, Weight};
use crate::plan::DiscriminatorKind;
use crate::plan::rows::NONE;

/// The most names in an id whose elements are looked up.
const MAX_DEPTH: usize = 64;

/// Bound on the discriminators of a slicing whose slices are warned of.
const MAX_DISCRIMINATORS: usize = 16;

/// What the elements of one list say of their slices.
pub struct Discriminators {
    /// By id: the kinds and paths by which an element is sliced.
    by: FxHashMap<String, Vec<(String, String)>>,
    /// By the id of a slice: the paths below it of which something is said, and what.
    said: FxHashMap<String, Vec<(String, Said)>>,
}

/// What is said of an element that may tell a slice.
#[derive(Clone, Copy, Default)]
struct Said {
    /// A value, a pattern or a binding.
    value: bool,
    /// How often it is there.
    count: bool,
    types: bool,
    /// Profiles or targets of its types.
    profiles: bool,
}

impl Said {
    fn of(e: Node<'_>) -> Said {
        let is_value = |name: &str| name.starts_with("fixed") || name.starts_with("pattern");
        let types = || named(e, "type");
        let of_types = |name| types().any(|t| named(t, name).next().is_some());
        Said {
            value: e.children().any(|c| is_value(c.name_text())) || named(e, "binding").next().is_some(),
            count: named(e, "min").next().is_some() || named(e, "max").next().is_some(),
            types: types().next().is_some(),
            profiles: of_types("profile") || of_types("targetProfile"),
        }
    }

    /// Whether it may tell a slice by a discriminator of this kind. A profile may say anything.
    fn tells(self, kind: &str) -> bool {
        self.profiles
            || match kind {
                "type" => self.types,
                "profile" => false,
                "exists" => self.count || self.value,
                _ => self.value || self.count || self.types,
            }
    }
}

impl Discriminators {
    /// For the elements of one list.
    pub fn new(elements: &[Node<'_>]) -> Discriminators {
        let mut all = Discriminators { by: FxHashMap::default(), said: FxHashMap::default() };
        let slices: FxHashSet<String> = elements
            .iter()
            .filter(|e| named(**e, "sliceName").next().is_some())
            .filter_map(|e| text(*e, "id"))
            .map(|id| id.into_owned())
            .collect();
        for e in elements {
            let Some(id) = text(*e, "id").filter(|id| id.matches('.').count() < MAX_DEPTH) else { continue };
            let by = named(*e, "slicing").flat_map(|s| named(s, "discriminator"));
            let by: Vec<_> = by
                .filter_map(|d| text(d, "type").zip(text(d, "path")))
                .map(|(kind, path)| (kind.into_owned(), path.into_owned()))
                .collect();
            if !by.is_empty() {
                all.by.insert(id.to_string(), by);
            }
            let said = Said::of(*e);
            for (dot, _) in id.match_indices('.').chain([(id.len(), "")]) {
                let (Some(above), below) = (id.get(..dot), id.get(dot + 1..).unwrap_or_default()) else { continue };
                if slices.contains(above) {
                    all.said.entry(above.to_owned()).or_default().push((plain(below), said));
                }
            }
        }
        all
    }

    /// Judges a slice that the base does not have.
    pub fn check<'t>(&self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, id: &str) {
        let last = id.rfind('.').map_or(0, |dot| dot + 1);
        let Some(end) = id.get(last..).and_then(|name| Some(last + name.find(':')?)) else { return };
        let (Some(whole), Some(name), Some(slice)) = (id.get(..end), id.get(last..end), id.get(end..)) else { return };
        let is_new = spot.is_new_slice && named(e, "sliceName").next().is_some() && !slice.contains('/');
        // Extensions are told by their urls, and a type's slice of a choice by its name.
        if !is_new || matches!(name, "extension" | "modifierExtension") || spot.narrowed.is_some() {
            return;
        }
        let by = self.by.get(whole).map_or_else(|| Cow::Owned(of_base(j, spot)), |by| Cow::Borrowed(&**by));
        if by.is_empty() || by.len() > MAX_DISCRIMINATORS || by.iter().any(|(kind, path)| self.is_told(id, kind, path))
        {
            return;
        }
        j.find(RuleId::STRUCTURE_DISCRIMINATOR, Weight::Warning, e, &[], || {
            let paths: Vec<String> = by.iter().map(|(kind, path)| format!("{kind} of `{path}`")).collect();
            Detail::Text(format!(
                "slice `{id}` cannot be told from other entries: it says nothing of the {}",
                paths.join(", nor of the ")
            ))
        });
    }

    /// Whether something is said of the slice that a discriminator may tell it by. In doubt it is.
    fn is_told(&self, slice: &str, kind: &str, path: &str) -> bool {
        let path = path.strip_prefix("$this").unwrap_or(path).trim_start_matches('.');
        // What a function leads to is said where it starts, or by the slice itself.
        let (path, is_beyond) = match path.find('(') {
            Some(at) => (path.get(..at).and_then(|p| p.rsplit_once('.')).map_or("", |(before, _)| before), true),
            None => (path, false),
        };
        let said = self.said.get(slice).map(Vec::as_slice).unwrap_or_default();
        said.iter().any(|(below, said)| {
            // How often the slice itself is there tells nothing, nor that it is of the element's type.
            let said = if below.is_empty() {
                Said { count: false, types: said.types && kind == "type", ..*said }
            } else {
                *said
            };
            said.tells(if is_beyond && kind != "profile" { "value" } else { kind }) && is_related(below, path)
        })
    }
}

/// Whether one path leads on from the other. A choice may be written with or without its type.
fn is_related(a: &str, b: &str) -> bool {
    let names = |path: &str| path.split('.').filter(|n| !n.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let bare = |name: &str| name.strip_suffix("[x]").unwrap_or(name).to_owned();
    let same = |a: &str, b: &str| {
        let (a, b) = (bare(a), bare(b));
        let is_typed = |long: &str, short: &str| {
            long.strip_prefix(short).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        a == b || is_typed(&a, &b) || is_typed(&b, &a)
    };
    names(a).iter().zip(&names(b)).all(|(a, b)| same(a, b))
}

/// The kinds and paths by which the base slices an element.
fn of_base(scene: &Scene<'_, '_>, spot: Spot<'_>) -> Vec<(String, String)> {
    let image = scene.set.layer(spot.whole.layer);
    let row = scene.set.element(spot.whole).filter(|row| row.slicing != NONE);
    let Some(slicing) = row.and_then(|row| image.slicing(row.slicing)) else { return Vec::new() };
    let name = |kind: DiscriminatorKind| match kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => "value",
        DiscriminatorKind::Exists => "exists",
        DiscriminatorKind::Type => "type",
        DiscriminatorKind::Profile => "profile",
        DiscriminatorKind::Position | DiscriminatorKind::Unknown => "position",
    };
    let all = image.discriminators(slicing.discriminators).iter();
    all.map(|d| (name(d.kind()).to_owned(), image.str(d.path).to_owned())).collect()
}
