//! Which route an expression takes, and the mask of those that only test what is present.
//!
//! A mask is a run of words: how many names, the names (as steps of a path), then a program over one bit a name. The
//! children of a node are looked at once, the rest is bits. Every answer is that of the evaluator, which the tests
//! compare.

use super::code::{Code, HEADER, Op, step};
use super::eval::is_present;
use super::simple;
use super::typing::Typing;
use crate::instance::Node;
use crate::model::TypeId;

/// How an expression is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Route {
    /// By the mask of the children that are present: the words that [`mask_holds`] reads.
    Mask(Vec<u32>),
    /// By looking along simple paths.
    Simple,
    /// By the general evaluator.
    Evaluator,
}

impl Route {
    /// The route of compiled code, by its words.
    pub fn of(words: &[u32]) -> Route {
        let code = Code { words, pool: "" };
        let root = code.word(1) as usize;
        if !code.is_current() || root < HEADER {
            return Route::Evaluator;
        }
        let mut mask = Mask::default();
        if mask.lower(&code, root).is_some() && mask.depth(&mask.program).is_some() {
            return Route::Mask(mask.words());
        }
        if simple::is_simple(&code, root) { Route::Simple } else { Route::Evaluator }
    }

    /// The name of the route: `mask`, `simple`, `evaluator`.
    pub fn name(&self) -> &'static str {
        match self {
            Route::Mask(_) => "mask",
            Route::Simple => "simple",
            Route::Evaluator => "evaluator",
        }
    }
}

/// Operations of a mask's program; smaller words push the bit of a name.
const AND: u32 = 64;
const OR: u32 = 65;
const XOR: u32 = 66;
const IMPLIES: u32 = 67;
const SAME: u32 = 68;
const NOT: u32 = 69;
const TRUE: u32 = 70;
const FALSE: u32 = 71;
/// Whether the node has a value itself.
const VALUE: u32 = 72;

/// The most names of a mask, and the most values that its program keeps at once.
const MAX_NAMES: usize = 32;
const MAX_DEPTH: u32 = 32;
/// The most operations.
const MAX_PROGRAM: usize = 128;

#[derive(Default)]
struct Mask {
    names: Vec<u32>,
    program: Vec<u32>,
}

impl Mask {
    fn words(self) -> Vec<u32> {
        let mut out = vec![self.names.len() as u32];
        out.extend(self.names);
        out.extend(self.program);
        out
    }

    /// Adds the program of a node; `None` where it asks for more than presence.
    fn lower(&mut self, code: &Code<'_>, at: usize) -> Option<()> {
        let op = code.op(at);
        let word = match op {
            Op::Bool if code.word(at + 1) != 0 => TRUE,
            Op::Bool => FALSE,
            Op::And | Op::Or | Op::Xor | Op::Implies => {
                self.lower(code, code.arg(at, 0))?;
                self.lower(code, code.arg(at, 1))?;
                match op {
                    Op::And => AND,
                    Op::Or => OR,
                    Op::Xor => XOR,
                    _ => IMPLIES,
                }
            }
            Op::Equal | Op::NotEqual => {
                self.lower(code, code.arg(at, 0))?;
                self.lower(code, code.arg(at, 1))?;
                if op == Op::Equal { SAME } else { XOR }
            }
            Op::Not => {
                self.lower(code, code.arg(at, 0))?;
                NOT
            }
            Op::HasValue if code.op(code.arg(at, 0)) == Op::This => VALUE,
            Op::Exists if code.argc(at) == 1 => self.name(code, code.arg(at, 0))?,
            Op::Empty => {
                let bit = self.name(code, code.arg(at, 0))?;
                self.program.push(bit);
                NOT
            }
            _ => return None,
        };
        self.program.push(word);
        (self.program.len() <= MAX_PROGRAM).then_some(())
    }

    /// The bit of a path of one name that starts at the focus.
    fn name(&mut self, code: &Code<'_>, at: usize) -> Option<u32> {
        let [name] = code.steps(at)? else { return None };
        if code.op(code.arg(at, 0)) != Op::This || !step::is_plain_or_choice_base(*name) {
            return None;
        }
        let known = self.names.iter().position(|n| n == name);
        let bit = known.unwrap_or_else(|| {
            self.names.push(*name);
            self.names.len() - 1
        });
        (bit < MAX_NAMES).then_some(bit as u32)
    }

    /// How many values the program keeps at most; `None` where that is too many.
    fn depth(&self, program: &[u32]) -> Option<u32> {
        let (mut now, mut most) = (0u32, 0);
        for op in program {
            match *op {
                AND..=SAME => now = now.checked_sub(1)?,
                NOT => {}
                _ => now += 1,
            }
            most = most.max(now);
        }
        (now == 1 && most <= MAX_DEPTH).then_some(most)
    }
}

/// What a mask says of a node of a known type; `None` where the type is not known or the words are damaged.
pub fn mask_holds(words: &[u32], node: Node<'_>, t: TypeId, typing: &Typing<'_>) -> Option<bool> {
    let (count, rest) = words.split_first()?;
    let (names, program) = rest.split_at_checked(*count as usize)?;
    if !t.is_known() || names.len() > MAX_NAMES {
        return None;
    }
    let mut seen = 0u32;
    for child in node.children() {
        for (i, name) in names.iter().enumerate() {
            if typing.is_step(*name, child, t) && is_present(child) {
                seen |= 1 << i;
            }
        }
    }
    let mut stack = 0u64;
    for op in program {
        stack = match *op {
            AND..=SAME => {
                let (b, a) = (stack & 1, stack >> 1 & 1);
                let c = match *op {
                    AND => a & b,
                    OR => a | b,
                    XOR => a ^ b,
                    IMPLIES => (a ^ 1) | b,
                    _ => (a ^ b) ^ 1,
                };
                stack >> 2 << 1 | c
            }
            NOT => stack ^ 1,
            TRUE => stack << 1 | 1,
            FALSE => stack << 1,
            VALUE => stack << 1 | u64::from(node.has_value()),
            bit => stack << 1 | u64::from(seen >> (bit & 31) & 1),
        };
    }
    Some(stack & 1 == 1)
}
