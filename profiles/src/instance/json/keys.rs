//! The names of members: read, interned, looked up among those before.

use super::escape::unescape;
use super::{Parser, Step};
use crate::instance::fault::FaultKind;
use crate::instance::names::NameId;

/// An object with more keys than this looks its keys up in a hash set.
const LINEAR_KEYS: usize = 64;

impl Parser<'_, '_> {
    /// The byte range of a member's name, quotes taken off.
    #[inline]
    pub(super) fn key(&mut self) -> Step<(usize, usize)> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                let (s, e, _) = self.string_body(b'"')?;
                Ok((s, e))
            }
            Some(b'\'') => {
                self.at += 1;
                let (s, e, _) = self.string_body(b'\'')?;
                let node = self.owner();
                self.fault(FaultKind::SingleQuotes, start, self.at, node, self.written(s, e));
                Ok((s, e))
            }
            _ => {
                while self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
                    self.at += 1;
                }
                let node = self.owner();
                self.fault(FaultKind::UnquotedName, start, self.at, node, self.written(start, self.at));
                Ok((start, self.at))
            }
        }
    }

    /// Interns a key and notes duplicates; says whether it is a primitive extension (`_name`).
    #[inline]
    pub(super) fn intern(&mut self, quote: usize, (start, end): (usize, usize)) -> (NameId, bool) {
        let text = self.text;
        let bytes = text.get(start..end).unwrap_or_default();
        let name = match self.tape.names.find(bytes) {
            Some(id) => id,
            None => self.intern_unknown(bytes),
        };
        let base = self.stack.last().map_or(0, |f| f.keys as usize);
        let duplicate = if self.keys.len() - base < LINEAR_KEYS {
            self.keys.get(base..).unwrap_or_default().iter().any(|(k, _)| *k == name)
        } else {
            self.large_object(base, name)
        };
        if duplicate {
            let node = self.owner();
            self.fault(FaultKind::DuplicateKey, quote, self.at, node, String::from_utf8_lossy(bytes));
        } else {
            self.keys.push((name, 0));
        }
        (name, bytes.first() == Some(&b'_') && bytes.len() > 1)
    }

    fn intern_unknown(&mut self, bytes: &[u8]) -> NameId {
        let text = String::from_utf8_lossy(bytes);
        if text.contains('\\') { self.tape.intern(&unescape(&text)) } else { self.tape.intern(&text) }
    }

    fn large_object(&mut self, base: usize, name: NameId) -> bool {
        let Some(frame) = self.stack.last_mut() else { return false };
        if !frame.set {
            frame.set = true;
            self.sets.push(self.keys.get(base..).unwrap_or_default().iter().map(|(k, _)| *k).collect());
        }
        self.sets.last_mut().is_some_and(|s| !s.insert(name))
    }
}
