//! FHIR JSON to the tape (RFC 8259, <https://hl7.org/fhir/R4/json.html>). Reads on after a fault where that makes
//! sense.

mod array;
mod escape;
mod keys;
mod scalar;

use rustc_hash::FxHashSet;

use super::fault::{Fault, FaultKind};
use super::limits::Limits;
use super::names::{NameId, Names};
use super::primitive_extensions;
use super::raw::{FIRST, Kind, RawNode};
use super::tape::Tape;

pub use escape::unescape;
pub use scalar::is_json_number;

/// Reads one JSON document to a tape. Never fails: what is wrong is in [`Tape::faults`].
pub fn parse<'t>(text: &'t [u8], names: &'t Names, limits: &Limits) -> Tape<'t> {
    let mut tape = Tape::empty(text, names, false);
    let mut p = Parser {
        text,
        at: 0,
        tape: &mut tape,
        next_look: limits.first_look(),
        limits: limits.clone(),
        stack: Vec::with_capacity(16),
        keys: Vec::with_capacity(64),
        sets: Vec::new(),
    };
    if text.len() > limits.bytes.min(u32::MAX as usize - 1) {
        p.fatal(FaultKind::LimitBytes, 0, 0, limits.bytes.to_string());
    } else {
        match std::str::from_utf8(text) {
            Ok(utf8) => {
                p.tape.utf8 = utf8;
                let _ = p.document();
            }
            Err(e) => {
                let at = e.valid_up_to();
                let byte = text.get(at).copied().unwrap_or_default();
                p.fatal(FaultKind::Utf8, at, at + e.error_len().unwrap_or(1), format!("{byte:#04x}"));
            }
        }
    }
    tape.end_root();
    tape
}

struct Stop;
type Step<T = ()> = Result<T, Stop>;

struct Frame {
    node: u32,
    last: u32,
    keys: u32,
    primitive_extensions: bool,
    set: bool,
}

struct Parser<'p, 't> {
    text: &'t [u8],
    at: usize,
    tape: &'p mut Tape<'t>,
    limits: Limits,
    /// The number of nodes at which it is looked whether reading may go on.
    next_look: usize,
    stack: Vec<Frame>,
    keys: Vec<(NameId, u32)>,
    sets: Vec<FxHashSet<NameId>>,
}

impl Parser<'_, '_> {
    fn fault(&mut self, kind: FaultKind, start: usize, end: usize, node: u32, found: impl Into<String>) {
        if self.tape.faults.len() < self.limits.faults {
            self.tape.faults.push(Fault { kind, span: start as u32..end as u32, node, found: found.into() });
        } else {
            self.tape.more_faults += 1;
        }
    }

    fn fatal(&mut self, kind: FaultKind, start: usize, end: usize, found: impl Into<String>) {
        self.tape.fatal = true;
        let node = self.stack.last().map_or(0, |f| f.node);
        let (start, end) = (start.min(u32::MAX as usize), end.min(u32::MAX as usize));
        self.tape.faults.push(Fault { kind, span: start as u32..end as u32, node, found: found.into() });
    }

    fn stop<T>(&mut self, kind: FaultKind, start: usize, end: usize, found: impl Into<String>) -> Step<T> {
        self.fatal(kind, start, end, found);
        Err(Stop)
    }

    /// A part of the text as a fault shows it.
    fn written(&self, start: usize, end: usize) -> String {
        String::from_utf8_lossy(self.text.get(start..end).unwrap_or_default()).into_owned()
    }

    /// Whether the text goes on like this.
    fn starts(&self, with: &[u8]) -> bool {
        self.text.get(self.at..).is_some_and(|rest| rest.starts_with(with))
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over white space, and comments, which JSON does not have.
    #[inline(always)]
    fn space(&mut self) {
        // Compact text has none: what follows is a quote, a bracket, a colon, a comma, a digit or a letter.
        if self.peek().is_some_and(|b| b > b' ' && b != b'/') {
            return;
        }
        self.all_space();
    }

    fn all_space(&mut self) {
        while let Some(b) = self.peek() {
            match b {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                b'/' if matches!(self.text.get(self.at + 1), Some(b'/' | b'*')) => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = self.text.get(start + 2..).unwrap_or_default();
        self.at = if self.text.get(start + 1) == Some(&b'/') {
            start + 2 + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
        } else {
            start + 2 + memchr::memmem::find(rest, b"*/").map_or(rest.len(), |i| i + 2)
        };
        let node = self.stack.last().map_or(0, |f| f.node);
        if !self.limits.comments {
            self.fault(FaultKind::Comment, start, self.at, node, "");
        }
    }

    fn unexpected<T>(&mut self) -> Step<T> {
        let at = self.at;
        let Some(b) = self.peek() else {
            return self.stop(FaultKind::UnexpectedEnd, at, at, "");
        };
        let found = self.tape.utf8.get(at..).and_then(|s| s.chars().next()).unwrap_or(b as char);
        self.stop(FaultKind::UnexpectedCharacter, at, at + found.len_utf8(), found.to_string())
    }

    fn document(&mut self) -> Step {
        if self.text.starts_with(b"\xEF\xBB\xBF") {
            self.fault(FaultKind::ByteOrderMark, 0, 3, 0, "");
            self.at = 3;
        }
        self.space();
        match self.peek() {
            None => return self.stop(FaultKind::Empty, 0, self.text.len(), ""),
            Some(b'{') => {}
            Some(found @ (b'[' | b'"' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n')) => {
                let at = self.at;
                return self.stop(FaultKind::NotAnObject, at, at + 1, char::from(found).to_string());
            }
            Some(_) => return self.unexpected(),
        }
        self.open(NameId::NONE, FIRST)?;
        self.objects()?;
        self.space();
        if self.at < self.text.len() {
            return self.stop(FaultKind::TrailingText, self.at, self.text.len(), "");
        }
        Ok(())
    }

    /// Reads until the outermost object is closed. Invariant: the position is after `{` or after a member's value.
    fn objects(&mut self) -> Step {
        while !self.stack.is_empty() {
            self.space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    self.close();
                    self.after_value()?;
                }
                Some(b'"') => self.member()?,
                Some(b'\'' | b'a'..=b'z' | b'A'..=b'Z' | b'_') => self.member()?,
                _ => self.unexpected()?,
            }
        }
        Ok(())
    }

    /// After a value: a comma, or the end of the array and object around it.
    fn after_value(&mut self) -> Step {
        loop {
            let Some(frame) = self.stack.last() else { return Ok(()) };
            let in_array = frame.node == u32::MAX;
            self.space();
            match self.peek() {
                Some(b',') => {
                    let comma = self.at;
                    self.at += 1;
                    self.space();
                    if self.peek() == Some(if in_array { b']' } else { b'}' }) {
                        let node = self.owner();
                        let array = if in_array { self.array_name() } else { String::new() };
                        self.fault(FaultKind::TrailingComma, comma, comma + 1, node, array);
                        continue;
                    }
                    if !in_array {
                        return Ok(());
                    }
                    if self.entry()? {
                        return Ok(());
                    }
                }
                Some(b']') if in_array => {
                    self.at += 1;
                    self.end_array();
                }
                Some(b'}') if !in_array => return Ok(()),
                Some(b'"' | b'{') if in_array => {
                    let node = self.owner();
                    self.fault(FaultKind::MissingComma, self.at, self.at, node, "");
                    if self.entry()? {
                        return Ok(());
                    }
                }
                Some(b'"') => {
                    let node = self.owner();
                    self.fault(FaultKind::MissingComma, self.at, self.at, node, "");
                    return Ok(());
                }
                _ => return self.unexpected(),
            }
        }
    }

    /// The innermost object's node.
    fn owner(&self) -> u32 {
        self.stack.iter().rev().find(|f| f.node != u32::MAX).map_or(0, |f| f.node)
    }

    /// The name of the array that is read.
    fn array_name(&self) -> String {
        let name = self.stack.last().map_or(NameId::NONE, |frame| NameId(frame.last));
        self.tape.names.text(name).to_owned()
    }

    fn member(&mut self) -> Step {
        let start = self.at;
        let key = self.key()?;
        let (name, primitive_extension) = self.intern(start, key);
        self.space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'"' | b'{' | b'[' | b'0'..=b'9') => {
                let node = self.owner();
                self.fault(FaultKind::MissingColon, self.at, self.at, node, "");
            }
            _ => return self.unexpected(),
        }
        self.space();
        if let Some(frame) = self.stack.last_mut() {
            frame.primitive_extensions |= primitive_extension;
        }
        if self.peek() == Some(b'[') {
            return self.begin_array(name);
        }
        if self.value(name, FIRST)? {
            return Ok(());
        }
        self.after_value()
    }

    /// Whether reading may go on at the node that comes next.
    #[cold]
    fn look(&mut self, start: usize, end: usize) -> Step {
        match self.limits.look(self.tape.nodes.len()) {
            Ok(next) => self.next_look = next,
            Err((kind, found)) => return self.stop(kind, start, end, found),
        }
        Ok(())
    }

    /// Appends a node to the innermost object.
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]
    fn push(&mut self, name: NameId, kind: Kind, start: usize, end: usize, flags: u8) -> Step<u32> {
        let index = self.tape.nodes.len() as u32;
        if index as usize >= self.next_look {
            self.look(start, end)?;
        }
        self.tape.ids += u32::from(name == NameId::ID);
        let mut parent = 0;
        let at = match self.stack.last() {
            Some(f) if f.node == u32::MAX => self.stack.len().wrapping_sub(2),
            _ => self.stack.len().wrapping_sub(1),
        };
        if let Some(frame) = self.stack.get_mut(at) {
            parent = frame.node;
            if frame.last == 0 {
                self.tape.nodes[parent as usize].child = index;
            } else {
                self.tape.nodes[frame.last as usize].next = index;
            }
            frame.last = index;
        }
        self.tape.nodes.push(RawNode { parent, ..RawNode::unlinked(name, (start, end), kind, flags) });
        Ok(index)
    }

    fn open(&mut self, name: NameId, flags: u8) -> Step {
        if self.stack.len() >= self.limits.depth {
            return self.stop(FaultKind::LimitDepth, self.at, self.at + 1, self.limits.depth.to_string());
        }
        let node = self.push(name, Kind::Object, self.at, 0, flags)?;
        self.at += 1;
        self.stack.push(Frame { node, last: 0, keys: self.keys.len() as u32, primitive_extensions: false, set: false });
        Ok(())
    }

    #[allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]
    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        self.tape.nodes[frame.node as usize].end = self.at as u32;
        self.keys.truncate(frame.keys as usize);
        if frame.set {
            self.sets.pop();
        }
        if frame.primitive_extensions {
            primitive_extensions::join(self.tape, frame.node);
        }
        self.tape.link_runs(frame.node);
    }
}
