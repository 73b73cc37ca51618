//! The state of reading XML: where it is, what is open, and the nodes and faults that it writes.

use super::space::Spaces;
use crate::instance::fault::{Fault, FaultKind};
use crate::instance::limits::Limits;
use crate::instance::names::NameId;
use crate::instance::raw::{FIRST, IN_ARRAY, Kind, RawNode};
use crate::instance::tape::Tape;

/// Reading cannot go on; the fault is recorded in the tape.
pub(super) struct Stop;
/// A step of reading, with what it gives.
pub(super) type Step<T = ()> = Result<T, Stop>;

/// An open element.
pub(super) struct Frame {
    /// Its node; a nested resource shares its holder's.
    pub(super) node: u32,
    /// The last child pushed so far.
    pub(super) last: u32,
    /// Byte range of its name in the text, as written.
    pub(super) name: (usize, usize),
    /// The node that holds the children: the primitive extension of a primitive.
    pub(super) holder: u32,
    /// It holds a nested resource, and may hold nothing else.
    pub(super) filled: bool,
    pub(super) is_resource: bool,
    /// Outside FHIR's namespace, as it or an element around it has been told to be.
    pub(super) foreign: bool,
}

/// The reader: the text, the position in it, and the tape that it writes.
pub(super) struct Reader<'p, 't> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    pub(super) tape: &'p mut Tape<'t>,
    pub(super) limits: Limits,
    /// The number of nodes at which it is looked whether reading may go on.
    pub(super) next_look: usize,
    pub(super) stack: Vec<Frame>,
    pub(super) spaces: Spaces<'t>,
}

impl Reader<'_, '_> {
    /// The text from the position on.
    pub(super) fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Records a fault that ends the reading.
    pub(super) fn fatal(&mut self, kind: FaultKind, start: usize, end: usize, found: impl Into<String>) {
        self.tape.fatal = true;
        let node = self.stack.last().map_or(0, |f| f.node);
        let span = start.min(u32::MAX as usize) as u32..end.min(u32::MAX as usize) as u32;
        self.tape.faults.push(Fault { kind, span, node, found: found.into() });
    }

    /// As [`Reader::fatal`], for the caller to return.
    pub(super) fn stop<T>(&mut self, kind: FaultKind, start: usize, end: usize, found: impl Into<String>) -> Step<T> {
        self.fatal(kind, start, end, found);
        Err(Stop)
    }

    /// Records a fault that reading goes on after.
    pub(super) fn note(&mut self, kind: FaultKind, range: (usize, usize), found: impl Into<String>) {
        if self.tape.faults.len() < self.limits.faults {
            let node = self.stack.last().map_or(0, |f| f.node);
            self.tape.faults.push(Fault { kind, span: range.0 as u32..range.1 as u32, node, found: found.into() });
        } else {
            self.tape.more_faults += 1;
            self.tape.more_of_form += usize::from(kind.is_of_form());
        }
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

    /// Appends a node without links.
    pub(super) fn node(&mut self, name: NameId, kind: Kind, start: usize, end: usize, flags: u8) -> Step<u32> {
        let index = self.tape.nodes.len() as u32;
        if index as usize >= self.next_look {
            self.look(start, end)?;
        }
        self.tape.ids += u32::from(name == NameId::ID);
        self.tape.nodes.push(RawNode::unlinked(name, (start, end), kind, flags));
        Ok(index)
    }

    /// Hangs a node under the innermost element, after what stands there.
    #[allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]
    pub(super) fn link(&mut self, index: u32) {
        let Some(frame) = self.stack.last_mut() else { return };
        let (parent, last) = (frame.node, frame.last);
        frame.last = index;
        self.tape.nodes[index as usize].parent = parent;
        if last == 0 {
            self.tape.nodes[frame.holder as usize].child = index;
            return;
        }
        self.tape.nodes[last as usize].next = index;
        if self.tape.nodes[last as usize].name == self.tape.nodes[index as usize].name {
            self.tape.nodes[last as usize].flags |= IN_ARRAY;
            let flags = &mut self.tape.nodes[index as usize].flags;
            *flags = (*flags | IN_ARRAY) & !FIRST;
        }
    }
}
