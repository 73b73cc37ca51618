//! What a rule finds: its id and the node, with what its text needs to say more.

use crate::instance::NameId;
use crate::issue::RuleId;
use crate::plan::Handle;

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// An error: the instance is invalid.
    Error,
    /// Something that is reported and leaves the instance valid.
    Warning,
    /// An open question that could become an error.
    Question,
    /// A note: changes nothing.
    Note,
}

/// One finding of the walk.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// The rule that was broken or could not be decided.
    pub rule: RuleId,
    /// What it means for the verdict.
    pub weight: Weight,
    /// The node's index in the tape.
    pub node: u32,
    /// The element rows that demand it.
    pub handles: Vec<Handle>,
    /// What the message needs beyond the node.
    pub detail: Detail,
}

/// What a finding is about, in addition to its node.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Detail {
    /// Nothing beyond the node.
    None,
    /// A child by its name.
    Child {
        /// The child's name.
        name: NameId,
        /// How often it was found.
        found: u32,
        /// How often it may or must be there.
        bound: u32,
    },
    /// A property that no type knows.
    Name(String),
    /// A slice.
    Slice {
        /// The slice's element row.
        slice: Handle,
        /// How many entries are in the slice.
        found: u32,
        /// How many may or must be.
        bound: u32,
        /// Where a profile identifies the slice: what keeps the nearest entry from conforming to it.
        near: Vec<Finding>,
    },
    /// An entry that matches no slice of this element.
    NoSlice(Handle),
    /// A constraint row, with the error of its expression if there was one.
    Constraint {
        /// The layer of the constraint's row in the set of images.
        layer: u32,
        /// The row in the layer.
        row: u32,
        /// Why the expression could not be evaluated.
        error: Option<String>,
    },
    /// A fixed value, a pattern or a bound.
    Value(Handle),
    /// A code: the value set or code system that it was looked for in, and why that cannot be decided.
    Code {
        /// The canonical of the value set or code system.
        canonical: String,
        /// The code that was found.
        found: String,
        /// Why it cannot be decided; empty where it is.
        reason: String,
    },
    /// What the script of a site's rule reported.
    Site(Box<Site>),
    /// What is wrong with a definition.
    Definition(Box<Faulty>),
    /// One of the rule's numbered faults, and the text at fault.
    Fault {
        /// The fault's number within its rule.
        kind: u8,
        /// The text at fault.
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
    /// The fault in words.
    pub message: String,
    /// What its base demands holds instead, and leaves nothing open.
    pub overruled: bool,
}

/// The report of a site's rule.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Site {
    /// What the script says.
    pub text: String,
    /// IssueType code.
    pub code: &'static str,
    /// What to do about it; empty where the script does not say.
    pub help: String,
    /// The script.
    pub file: String,
}

impl Finding {
    /// A finding at the node with this index of the tape, demanded by these element rows.
    pub fn new(rule: RuleId, weight: Weight, node: u32, handles: &[Handle], detail: Detail) -> Finding {
        Finding { rule, weight, node, handles: handles.to_vec(), detail }
    }

    /// Adds the element rows that demand the same.
    pub(super) fn join(&mut self, handles: &[Handle]) {
        self.handles.extend_from_slice(handles);
    }
}
