//! A place in JSON.

use std::ops::Range;

use super::level::{Cursor, DEPTH, Level, Member, Spot, Token};
use super::places::{Places, Slot};
use super::value::{string_end, word_end};

/// What is open: an object, or an array that is the value of a member.
struct Open {
    is_array: bool,
    /// The name by which its parent, or that of the arrays around it, has it.
    name: Range<usize>,
    level: Level,
    /// The members, by their places.
    members: Vec<(Range<usize>, Range<usize>)>,
    /// The name that waits for its value, and whether its colon was seen.
    pending: Option<(Range<usize>, bool)>,
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
        None => Places::new(places).finish(false),
    }
}

/// The bytes of a token without its quotes.
fn bare(token: &Range<usize>, is_closed: bool) -> Range<usize> {
    token.start + 1..token.end - usize::from(is_closed)
}

impl<'t> Scan<'t> {
    /// Reads the text; `None` where it is nested too deep.
    fn read(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut pos = 0;
        while let Some(&b) = bytes.get(pos) {
            if b.is_ascii_whitespace() {
                pos += 1;
                continue;
            }
            let is_token = !b"{}[]:,".contains(&b);
            self.gap(|at| at < pos || at == pos && !is_token);
            pos = match b {
                b'{' | b'[' => {
                    self.begin(pos, b == b'[')?;
                    pos + 1
                }
                b'}' | b']' => {
                    self.end(pos, b == b']');
                    pos + 1
                }
                b':' => {
                    if let Some((_, colon)) = self.open.last_mut().and_then(|o| o.pending.as_mut()) {
                        *colon = true;
                    }
                    pos + 1
                }
                b',' => {
                    if let Some(top) = self.open.last_mut() {
                        top.pending = None;
                    }
                    pos + 1
                }
                b'"' => self.string(pos),
                b'/' if matches!(bytes.get(pos + 1), Some(b'/' | b'*')) => self.comment(pos),
                _ => self.word(pos),
            };
        }
        Some(())
    }

    fn comment(&mut self, start: usize) -> usize {
        let rest = self.text.get(start + 2..).unwrap_or_default();
        let (end, width) = if self.text.as_bytes().get(start + 1) == Some(&b'*') { ("*/", 2) } else { ("\n", 1) };
        let end = rest.find(end).map_or(self.text.len(), |n| start + 2 + n + width);
        self.gap(|at| at <= start);
        while let Some((_, number)) = self.places.due(|at| at < end) {
            self.note(number, Spot::Nowhere);
        }
        end
    }

    fn string(&mut self, start: usize) -> usize {
        let (end, is_closed) = string_end(self.text.as_bytes(), start);
        let token = start..end;
        let inside = bare(&token, is_closed);
        self.reach(|at| start <= at && (at < end || !is_closed && at == end), &inside, true);
        self.token(token, inside);
        end
    }

    fn word(&mut self, start: usize) -> usize {
        let end = word_end(self.text.as_bytes(), start);
        self.reach(|at| start <= at && at <= end, &(start..end), false);
        self.token(start..end, start..end);
        end
    }

    /// A string or a word: a name, or a simple value.
    fn token(&mut self, token: Range<usize>, inside: Range<usize>) {
        let Some(top) = self.open.last_mut() else { return };
        if top.is_array {
            let name = top.name.clone();
            self.simple(&name, &inside, 1);
            return;
        }
        match top.pending.take() {
            Some((key, true)) => {
                top.members.push((key.clone(), token));
                self.simple(&key, &inside, 0);
            }
            _ => top.pending = Some((token, false)),
        }
    }

    /// Learns from a simple value; `up` is how many arrays it is in.
    fn simple(&mut self, key: &Range<usize>, inside: &Range<usize>, up: usize) {
        let text = self.text;
        let name = name_of(text, key);
        let Some(value) = text.get(inside.clone()) else { return };
        let Some(own) = self.open.len().checked_sub(1 + up) else { return };
        let claims = name == "profile" && self.open.get(own).is_some_and(|o| name_of(text, &o.name) == "meta");
        if claims {
            let above = own.checked_sub(1).and_then(|i| self.open.get_mut(i));
            above.into_iter().for_each(|o| o.level.profiles.push(value.to_owned()));
            return;
        }
        let Some(level) = self.open.get_mut(own).filter(|_| up == 0).map(|o| &mut o.level) else { return };
        match name {
            "resourceType" => level.resource_type = Some(value.to_owned()),
            name => level.learn(name, value),
        }
    }

    fn begin(&mut self, start: usize, is_array: bool) -> Option<()> {
        let name = match self.open.last_mut() {
            None => 0..0,
            Some(top) if top.is_array => top.name.clone(),
            Some(top) => top.pending.as_ref().filter(|(_, colon)| *colon).map_or(start..start, |(key, _)| key.clone()),
        };
        let level = Level { inside: start + 1..self.text.len(), ..Level::default() };
        self.open.push(Open { is_array, name, level, members: Vec::new(), pending: None, slot: None });
        (self.open.len() <= DEPTH).then_some(())
    }

    /// Closes what the bracket closes, with what is open inside it.
    fn end(&mut self, at: usize, is_array: bool) {
        let Some(mate) = self.open.iter().rposition(|o| o.is_array == is_array) else { return };
        while self.open.len() > mate {
            self.close(at, if self.open.len() == mate + 1 { at + 1 } else { at });
        }
    }

    /// Closes the innermost: its inside ends at `inside`, the value that it is at `behind`.
    fn close(&mut self, inside: usize, behind: usize) {
        let Some(mut done) = self.open.pop() else { return };
        done.level.inside.end = inside;
        let start = done.level.inside.start - 1;
        if let Some(top) = self.open.last_mut().filter(|top| !top.is_array)
            && let Some((key, true)) = top.pending.take()
        {
            top.members.push((key, start..behind));
        }
        let Some(slot) = done.slot else { return };
        let text = self.text;
        let member = |(key, value): (Range<usize>, Range<usize>)| {
            let name = name_of(text, &key).to_owned();
            Member { name, key, value }
        };
        let name = name_of(text, &done.name).to_owned();
        let members = done.members.into_iter().map(member).collect();
        self.places.keep(slot, Level { name, members, ..done.level });
    }

    /// Notes the places that are between two tokens.
    fn gap(&mut self, holds: impl Fn(usize) -> bool) {
        while let Some((at, number)) = self.places.due(&holds) {
            let spot = self.spot(at..at, false);
            self.note(number, spot);
        }
    }

    /// Notes the places that are at a token.
    fn reach(&mut self, holds: impl Fn(usize) -> bool, token: &Range<usize>, is_quoted: bool) {
        while let Some((_, number)) = self.places.due(&holds) {
            let spot = self.spot(token.clone(), is_quoted);
            self.note(number, spot);
        }
    }

    /// What a token is here.
    fn spot(&self, range: Range<usize>, is_quoted: bool) -> Spot {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let token = Token { range, text, is_quoted };
        match self.open.last() {
            None => Spot::Nowhere,
            Some(top) if top.is_array => Spot::Value { name: name_of(self.text, &top.name).to_owned(), token },
            Some(Open { pending: Some((key, true)), .. }) => {
                Spot::Value { name: name_of(self.text, key).to_owned(), token }
            }
            Some(_) => Spot::Name(token),
        }
    }

    /// Notes what is at a place in all that is open.
    fn note(&mut self, number: usize, spot: Spot) {
        let mut slots = Vec::new();
        for open in self.open.iter_mut().filter(|o| !o.is_array) {
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
        self.places.finish(false)
    }
}

/// A name without its quotes.
fn name_of<'t>(text: &'t str, key: &Range<usize>) -> &'t str {
    text.get(key.clone()).unwrap_or_default().trim_matches('"')
}
