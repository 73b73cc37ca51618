//! A place in XML.

use std::ops::Range;

use super::level::{Cursor, DEPTH, Level, Member, Spot, Token};
use super::places::{Places, Slot};
use super::xml_tag::{Tag, tag};

/// An element that is open.
struct Open {
    name: Range<usize>,
    /// Where its start tag begins.
    start: usize,
    level: Level,
    members: Vec<(Range<usize>, Range<usize>)>,
    /// Where it is kept, once a place is in it.
    slot: Option<Slot>,
}

struct Scan<'t> {
    text: &'t str,
    open: Vec<Open>,
    places: Places,
}

/// What is at each of these bytes; nothing where the text is nested too deep.
pub(super) fn cursors(text: &str, places: &[usize]) -> Vec<Cursor> {
    let mut scan = Scan { text, open: Vec::new(), places: Places::new(places) };
    match scan.read() {
        Some(()) => scan.finish(),
        None => Places::new(places).finish(true),
    }
}

impl<'t> Scan<'t> {
    /// Reads the text; `None` where it is nested too deep.
    fn read(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut pos = 0;
        while let Some(next) = memchr::memchr(b'<', bytes.get(pos..)?) {
            let start = pos + next;
            self.gap(|at| at <= start);
            let rest = self.text.get(start..)?;
            let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]
                .into_iter()
                .find(|(begin, _)| rest.starts_with(begin));
            pos = match skipped {
                Some((_, end)) => {
                    let behind = rest.find(end).map_or(self.text.len(), |n| start + n + end.len());
                    self.pass(start..behind);
                    behind
                }
                None => self.tag(start, tag(bytes, start))?,
            };
        }
        Some(())
    }

    /// Passes over what definitions do not speak of.
    fn pass(&mut self, range: Range<usize>) {
        while let Some((_, number)) = self.places.due(|at| range.start < at && at < range.end) {
            self.note(number, 0, Spot::Nowhere);
        }
    }

    fn tag(&mut self, start: usize, tag: Tag) -> Option<usize> {
        let name = self.text.get(tag.name.clone()).unwrap_or_default();
        if tag.is_end {
            self.pass(start..tag.end);
            self.end(name, start, tag.end);
            return Some(tag.end);
        }
        while let Some((_, number)) = self.places.due(|at| start < at && at <= tag.name.end) {
            self.note(number, 0, Spot::Name(self.token(tag.name.clone())));
        }
        let level = Level { inside: tag.end..self.text.len(), ..Level::default() };
        self.open.push(Open { name: tag.name.clone(), start, level, members: Vec::new(), slot: None });
        self.attributes(&tag);
        // In the tag, at nothing in particular.
        while let Some((_, number)) = self.places.due(|at| at < tag.end) {
            self.note(number, 0, Spot::Nowhere);
        }
        // A tag that nobody finished holds nothing.
        if tag.is_empty || !tag.is_finished {
            self.close(tag.end, tag.end);
        }
        (self.open.len() <= DEPTH).then_some(tag.end)
    }

    fn token(&self, range: Range<usize>) -> Token {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        Token { range, text, is_quoted: true }
    }

    /// Learns from the attributes of the element that was opened last, and looks whether one of them is at the place.
    fn attributes(&mut self, tag: &Tag) {
        let text = self.text;
        let get = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let name = get(&tag.name);
        for (key, value) in &tag.attributes {
            let is_valued = value.start > key.end;
            let named = match get(key) {
                // The value belongs to the member that the element is.
                "value" => Some((name, 1)),
                own @ ("url" | "id") => Some((own, 0)),
                _ => None,
            };
            // Places before it in the tag are at nothing.
            while let Some((_, number)) = self.places.due(|at| at < value.start) {
                self.note(number, 0, Spot::Nowhere);
            }
            let holds = |at: usize| is_valued && value.start <= at && at <= value.end;
            while let Some((_, number)) = named.and_then(|_| self.places.due(holds)) {
                let (name, up) = named.unwrap_or_default();
                let token = self.token(value.clone());
                self.note(number, up, Spot::Value { name: name.to_owned(), token });
            }
            match get(key) {
                "value" => self.simple(name, get(value)),
                own => {
                    if let Some(top) = self.open.last_mut().filter(|_| own == "url") {
                        top.level.learn(own, get(value));
                    }
                }
            }
        }
    }

    /// Learns from the value of the element that was opened last.
    fn simple(&mut self, name: &str, value: &str) {
        let Some(parent) = self.open.len().checked_sub(2) else { return };
        let claims = name == "profile" && self.open.get(parent).is_some_and(|o| self.name(&o.name) == "meta");
        let above = if claims { parent.checked_sub(1) } else { Some(parent) };
        let Some(level) = above.and_then(|i| self.open.get_mut(i)).map(|o| &mut o.level) else { return };
        match claims {
            true => level.profiles.push(value.to_owned()),
            false => level.learn(name, value),
        }
    }

    fn name(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Closes the element that an end tag names, with what is open inside it; where there is none, nothing.
    fn end(&mut self, name: &str, at: usize, behind: usize) {
        let Some(mate) = self.open.iter().rposition(|o| self.name(&o.name) == name) else { return };
        while self.open.len() > mate {
            self.close(at, if self.open.len() == mate + 1 { behind } else { at });
        }
    }

    fn close(&mut self, inside: usize, behind: usize) {
        let Some(mut done) = self.open.pop() else { return };
        done.level.inside.end = inside;
        if let Some(top) = self.open.last_mut() {
            top.members.push((done.name.clone(), done.start..behind));
        }
        let Some(slot) = done.slot else { return };
        let text = self.text;
        let get = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().to_owned();
        let member = |(key, value): (Range<usize>, Range<usize>)| Member { name: get(&key), key, value };
        let members = done.members.into_iter().map(member).collect();
        let name = get(&done.name);
        let mut level = Level { members, ..done.level };
        // A resource in a resource: the element that holds it is its name.
        if is_resource(&name) {
            level.name = self.open.last().map(|holder| get(&holder.name)).unwrap_or_default();
            level.resource_type = Some(name);
        } else {
            level.name = name;
        }
        self.places.keep(slot, level);
    }

    /// Notes the places that are between two tags: where an element could be written.
    fn gap(&mut self, holds: impl Fn(usize) -> bool) {
        while let Some((at, number)) = self.places.due(&holds) {
            let token = Token { range: at..at, text: String::new(), is_quoted: false };
            self.note(number, 0, if self.open.is_empty() { Spot::Nowhere } else { Spot::Name(token) });
        }
    }

    /// Notes what is at a place, in what is open but for the innermost `up`.
    fn note(&mut self, number: usize, up: usize, spot: Spot) {
        let mut slots: Vec<Slot> = Vec::new();
        let count = self.open.len().saturating_sub(up);
        for open in self.open.iter_mut().take(count) {
            // What holds a resource is one with it.
            if is_resource(self.text.get(open.name.clone()).unwrap_or_default()) {
                slots.pop();
            }
            slots.push(*open.slot.get_or_insert_with(|| self.places.slot()));
        }
        self.places.note(number, slots, spot);
    }

    fn finish(mut self) -> Vec<Cursor> {
        let end = self.text.len();
        self.gap(|_| true);
        while !self.open.is_empty() {
            self.close(end, end);
        }
        self.places.finish(true)
    }
}

/// Whether an element is a resource: their names begin with a capital letter.
fn is_resource(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}
