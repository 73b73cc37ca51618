//! What works, what does not, what cannot be determined, and what to do about it.

use askama::Template;
use askama::filters::HtmlSafe;

use super::bounds::{GROUPS, LIST, NAMED, PROFILES, ROWS, TYPES};
use super::prose::Prose;
use super::reasons::{Named, Reasons};
use super::text::Shown;
use crate::capability::agreement::{Agreement, Finding};
use crate::wording::words::weight_word;
use crate::wording::{Group, Works, groups, help, works};

/// What works.
#[derive(Template)]
#[template(path = "page/works.html")]
pub struct WorksPart<'a> {
    works: Works<'a>,
}

impl<'a> WorksPart<'a> {
    /// Of a result.
    pub fn of(agreement: &'a Agreement) -> WorksPart<'a> {
        WorksPart { works: works(agreement) }
    }

    fn types(&self) -> impl Iterator<Item = Shown<'a>> {
        self.works.types.iter().take(TYPES).map(|text| Shown::name(text))
    }

    fn profiles(&self) -> impl Iterator<Item = Shown<'a>> {
        self.works.profiles.iter().take(PROFILES).map(|text| Shown::name(text))
    }

    fn more_types(&self) -> usize {
        self.works.types.len().saturating_sub(TYPES)
    }

    fn more_profiles(&self) -> usize {
        self.works.profiles.len().saturating_sub(PROFILES)
    }
}

/// The groups of one finding.
#[derive(Template)]
#[template(path = "page/groups.html")]
pub struct GroupsPart {
    /// The anchor of the section.
    anchor: &'static str,
    /// Its heading.
    title: &'static str,
    groups: Vec<Advice>,
    more: usize,
}

/// Items that share their reasons, and what to do about them.
#[derive(Template)]
#[template(path = "page/group.html")]
pub struct Advice {
    weight: &'static str,
    is_write: bool,
    why: Reasons,
    items: Vec<(Option<usize>, String)>,
    more: usize,
    count: usize,
    help: Option<&'static str>,
}

impl HtmlSafe for Advice {}

impl GroupsPart {
    /// What fails.
    pub fn failed(agreement: &Agreement, named: &mut Named) -> GroupsPart {
        GroupsPart::of("failed", "What does not work", groups(agreement, Finding::Unmet), named)
    }

    /// What cannot be determined.
    pub fn unknown(agreement: &Agreement, named: &mut Named) -> GroupsPart {
        GroupsPart::of("unknown", "What cannot be determined", groups(agreement, Finding::Unknown), named)
    }

    fn of(anchor: &'static str, title: &'static str, groups: Vec<Group<'_>>, named: &mut Named) -> GroupsPart {
        let more = groups.len().saturating_sub(GROUPS);
        let groups = groups.iter().take(GROUPS).map(|group| Advice::of(group, named)).collect();
        GroupsPart { anchor, title, groups, more }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

impl Advice {
    fn of(group: &Group<'_>, named: &mut Named) -> Advice {
        let mut made = Advice { help: help(group.why), ..Advice::plain(group, NAMED, named) };
        // A row that is not shown cannot be linked to.
        for (link, item) in made.items.iter_mut().zip(&group.items) {
            link.0 = (item.row < ROWS).then_some(item.row);
        }
        made
    }

    /// Without links to rows, and without what to do; it names at most so many items.
    pub fn plain(group: &Group<'_>, most: usize, named: &mut Named) -> Advice {
        Advice {
            weight: weight_word(Some(group.weight)),
            is_write: group.is_write,
            why: named.reasons(group.why),
            items: group.items.iter().take(most).map(|item| (None, shown(&item.name))).collect(),
            more: group.items.len().saturating_sub(most),
            count: group.items.len(),
            help: None,
        }
    }

    /// Whether the items are folded, for there are many.
    fn is_long(&self) -> bool {
        self.items.len() > LIST
    }
}

fn shown(name: &str) -> String {
    Shown::name(name).to_string()
}
