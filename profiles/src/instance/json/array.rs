//! Arrays: their entries are nodes of the array's name; an array directly inside an array is skipped and recorded.

use super::{Frame, Parser, Step};
use crate::instance::fault::FaultKind;
use crate::instance::names::NameId;
use crate::instance::raw::{FIRST, IN_ARRAY, Kind};

impl Parser<'_, '_> {
    /// After `[`: an array frame carries the name in `last` and whether an entry was seen in `keys`.
    pub(super) fn begin_array(&mut self, name: NameId) -> Step {
        let start = self.at;
        if self.stack.len() >= self.limits.depth {
            return self.stop(FaultKind::LimitDepth, self.at, self.at + 1, self.limits.depth.to_string());
        }
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.push(name, Kind::EmptyArray, start, self.at, FIRST)?;
            return self.after_value();
        }
        self.stack.push(Frame {
            node: u32::MAX,
            last: name.0,
            keys: FIRST as u32,
            primitive_extensions: false,
            set: false,
        });
        if self.entry()? { Ok(()) } else { self.after_value() }
    }

    pub(super) fn end_array(&mut self) {
        self.stack.pop();
    }

    /// One array entry; `true` when it opened an object.
    pub(super) fn entry(&mut self) -> Step<bool> {
        let Some(frame) = self.stack.last_mut() else { return Ok(false) };
        let name = NameId(frame.last);
        let flags = IN_ARRAY | frame.keys as u8;
        frame.keys = 0;
        if self.peek() == Some(b'[') {
            return self.nested_array(name, flags).map(|()| false);
        }
        self.value(name, flags)
    }

    /// Skips an array that stands directly in an array, and records it.
    fn nested_array(&mut self, name: NameId, flags: u8) -> Step {
        let start = self.at;
        let mut depth = self.stack.len();
        let base = depth;
        loop {
            match self.peek() {
                None => return self.unexpected(),
                Some(b'"') => {
                    self.at += 1;
                    self.string_body(b'"')?;
                    continue;
                }
                Some(b'[' | b'{') => {
                    depth += 1;
                    if depth > self.limits.depth {
                        return self.stop(FaultKind::LimitDepth, self.at, self.at + 1, self.limits.depth.to_string());
                    }
                }
                Some(b']' | b'}') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if depth == base {
                break;
            }
        }
        self.push(name, Kind::NestedArray, start, self.at, flags)?;
        Ok(())
    }
}
