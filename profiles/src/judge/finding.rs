//! What a rule finds: its id and the node, with what its text needs to say more.

use crate::instance::NameId;
use crate::issue::RuleId;
use crate::plan::Handle;

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Weight {
    Error,
    Warning,
    /// An open question that could become an error.
    Question,
    /// A note: changes nothing.
    Note,
}

/// One finding of the walk.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Finding {
    pub rule: RuleId,
    pub weight: Weight,
    /// The tape node at which it stands.
    pub node: u32,
    /// The element rows that demand it.
    pub handles: Vec<Handle>,
    pub detail: Detail,
}

/// What a finding is about, beside its node.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Detail {
    None,
    /// A child by its name.
    Child {
        name: NameId,
        found: u32,
        bound: u32,
    },
    /// A property that no type knows.
    Name(String),
    /// A slice.
    Slice {
        slice: Handle,
        found: u32,
        bound: u32,
        /// Where the slice is told by a profile: what keeps the nearest entry from conforming to it.
        near: Vec<Finding>,
    },
    /// An entry that matches no slice of this element.
    NoSlice(Handle),
    /// A constraint row, with the error of its expression if there was one.
    Constraint {
        layer: u32,
        row: u32,
        error: Option<String>,
    },
    /// A fixed value, a pattern or a bound.
    Value(Handle),
    /// A code: the value set or code system that it was looked for in, and why that cannot be decided.
    Code {
        canonical: String,
        found: String,
        reason: String,
    },
    /// What the script of a site's rule reported.
    Site(Box<Site>),
    /// What is wrong with a definition.
    Definition(Box<Faulty>),
    /// One of the faults that its rule tells apart by number, and what stands there.
    Fault {
        kind: u8,
        found: String,
    },
    /// Anything else, as text.
    Text(String),
}

/// A fault of a definition.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Faulty {
    /// The canonical of the definition at fault.
    pub profile: String,
    /// The id of its element.
    pub element: String,
    pub message: String,
    /// What its base demands holds instead, and leaves nothing open.
    pub overruled: bool,
}

/// The report of a site's rule.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Site {
    pub text: String,
    /// IssueType code.
    pub code: &'static str,
    pub help: String,
    /// The script.
    pub file: String,
}

impl Finding {
    pub fn new(rule: RuleId, weight: Weight, node: u32, handles: &[Handle], detail: Detail) -> Finding {
        Finding { rule, weight, node, handles: handles.to_vec(), detail }
    }

    /// Adds the element rows that demand the same.
    pub(super) fn join(&mut self, handles: &[Handle]) {
        self.handles.extend_from_slice(handles);
    }
}
