//! A response as a list: itself, its items and their answers, each followed by what it contains.

use std::borrow::Cow;
use std::ops::Range;

use super::form::Form;
use crate::instance::{NameId, Node};

/// The response itself among its parts.
pub const ROOT: u32 = 0;

/// The parts of a response.
pub struct Parts<'t> {
    all: Vec<Part<'t>>,
    /// By the number of a linkId that conditions refer to: the items, in order.
    asked: Vec<Vec<u32>>,
}

/// The response, an item or an answer.
pub struct Part<'t> {
    pub node: Node<'t>,
    pub link_id: Option<Cow<'t, str>>,
    /// How many items and answers it directly contains.
    pub items: u32,
    pub answers: u32,
    is_answer: bool,
    up: u32,
    /// The number after the last part inside it.
    end: u32,
}

/// The occurrences of an item that are nearest to a place.
pub struct Near {
    /// The part that contains them; it is one itself where its own answers count.
    pub around: u32,
    /// Their range among all occurrences.
    pub range: Range<usize>,
}

#[allow(clippy::indexing_slicing, reason = "numbers of parts and linkIds come from this list and its form only")]
impl<'t> Parts<'t> {
    pub fn new(response: Node<'t>, form: &Form<'_>) -> Parts<'t> {
        let mut parts = Parts { all: Vec::new(), asked: vec![Vec::new(); form.asked_count()] };
        parts.add(response, ROOT, form);
        parts
    }

    fn add(&mut self, node: Node<'t>, up: u32, form: &Form<'_>) {
        let at = self.all.len();
        let link_id = if node.name() == NameId::ITEM { node.child_text(NameId::LINK_ID) } else { None };
        if let Some(number) = link_id.as_deref().and_then(|l| form.asked(l)) {
            self.asked[number as usize].push(at as u32);
        }
        let is_answer = node.name() == NameId::ANSWER;
        self.all.push(Part { node, link_id, items: 0, answers: 0, is_answer, up, end: 0 });
        let (mut items, mut answers) = (0, 0);
        for c in node.children().filter(|c| c.is_object()) {
            match c.name() {
                NameId::ITEM => items += 1,
                NameId::ANSWER => answers += 1,
                _ => continue,
            }
            self.add(c, at as u32, form);
        }
        let end = self.all.len() as u32;
        let part = &mut self.all[at];
        (part.items, part.answers, part.end) = (items, answers, end);
    }

    pub fn part(&self, at: u32) -> &Part<'t> {
        &self.all[at as usize]
    }

    fn children(&self, holder: u32) -> impl Iterator<Item = (u32, &Part<'t>)> {
        let end = self.part(holder).end;
        let mut at = holder + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then(|| (at, self.part(at)))?;
            at = child.1.end;
            Some(child)
        })
    }

    /// The items directly inside a part.
    pub fn items(&self, holder: u32) -> impl Iterator<Item = (u32, &Part<'t>)> {
        self.children(holder).filter(|(_, p)| !p.is_answer)
    }

    /// The answers directly inside an item.
    pub fn answers(&self, item: u32) -> impl Iterator<Item = (u32, Node<'t>)> {
        self.children(item).filter(|(_, p)| p.is_answer).map(|(at, p)| (at, p.node))
    }

    /// The items of a linkId, by its number.
    pub fn occurrences(&self, asked: u32) -> &[u32] {
        &self.asked[asked as usize]
    }

    /// The nearest occurrences of an item, seen from a place: those inside the closest part around it that has one.
    pub fn nearest(&self, asked: u32, from: u32) -> Option<Near> {
        let all = self.occurrences(asked);
        let mut around = from;
        loop {
            let part = self.part(around);
            let first = all.partition_point(|o| *o < around);
            match all.get(first) {
                Some(o) if *o == around => return Some(Near { around, range: first..first + 1 }),
                Some(o) if *o < part.end => {
                    return Some(Near { around, range: first..all.partition_point(|o| *o < part.end) });
                }
                _ if around == ROOT => return None,
                _ => around = part.up,
            }
        }
    }
}
