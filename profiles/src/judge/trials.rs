//! What is known of the trials of one validation.
//!
//! A trial that comes back to itself takes for granted that it will end true. What leaned on that is provisional: it is
//! kept when the trial does end true, and thrown away, to be tried again when asked for, where it ends otherwise.

use rustc_hash::FxHashMap;

use super::truth::Truth;
use crate::plan::Handle;

/// A node and the root element of a profile.
pub(super) type Key = (u32, Handle);

/// Leans on nothing that is under way.
const FINAL: usize = usize::MAX;

/// An answer, with the lowest trial under way that it leaned on.
#[derive(Clone, Copy)]
struct Answer {
    truth: Truth,
    leans: usize,
}

/// A trial under way.
struct Open {
    key: Key,
    leans: usize,
    /// Where in the log the answers start that were found during this trial.
    since: usize,
}

/// The trials of one validation: those under way, and the answers of those that ended.
#[derive(Default)]
pub struct Trials {
    answers: FxHashMap<Key, Answer>,
    open: Vec<Open>,
    /// The provisional answers, in the order in which they were found.
    log: Vec<Key>,
}

impl Trials {
    pub(super) fn clear(&mut self) {
        self.answers.clear();
        self.open.clear();
        self.log.clear();
    }

    fn lean(&mut self, on: usize) {
        if let Some(top) = self.open.last_mut() {
            top.leans = top.leans.min(on);
        }
    }

    /// The answer that is there already. A trial that is still under way counts as true, and who asks leans on it.
    pub(super) fn known(&mut self, key: Key) -> Option<Truth> {
        if let Some(answer) = self.answers.get(&key).copied() {
            self.lean(answer.leans);
            return Some(answer.truth);
        }
        let at = self.open.iter().position(|o| o.key == key)?;
        self.lean(at);
        Some(Truth::True)
    }

    pub(super) fn begin(&mut self, key: Key) {
        self.open.push(Open { key, leans: FINAL, since: self.log.len() });
    }

    pub(super) fn end(&mut self, truth: Truth) {
        let Some(done) = self.open.pop() else { return };
        // What leaned only on this trial leans on nothing any more.
        let leans = if done.leans >= self.open.len() { FINAL } else { done.leans };
        let found = self.log.split_off(done.since.min(self.log.len()));
        for key in &found {
            if truth != Truth::True {
                // It may have taken for granted that this trial ends true.
                self.answers.remove(key);
            } else if let Some(answer) = self.answers.get_mut(key) {
                answer.leans = leans;
            }
        }
        self.answers.insert(done.key, Answer { truth, leans });
        if leans != FINAL {
            if truth == Truth::True {
                self.log.extend(found);
            }
            self.log.push(done.key);
        }
        self.lean(leans);
    }
}
