//! What is known of resources elsewhere: assumed or judged in one validation, and certain from one to the next.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fhir_accord_profiles::evaluate::{Policies, Truth};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::plan::Handle;
use rustc_hash::{FxHashMap, FxHashSet};

/// Where a resource is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct HeldAt {
    /// The number of the text that it is in.
    pub text: usize,
    /// Of the entry of a Bundle the byte of that text at which the resource starts.
    pub entry: Option<u32>,
}

/// A resource elsewhere, and the profile that it is judged by.
pub(super) type Pair = (HeldAt, Handle);

/// Bound on the judgements that are kept from one validation to the next; further ones are made again.
const KEPT: usize = 1_000_000;

/// Bound on how often what is known of a pair changes. Judging is not monotone (`conformsTo(…).not()`, slices that are
/// not allowed): what changes further is open, so that it ends.
const CHANGES: u8 = 3;

/// One judgement: what is known or assumed, and who used it.
struct Judged {
    truth: Truth,
    /// How often that has changed.
    changes: u8,
    /// The judgements that rest on it; `None` is the instance itself.
    users: FxHashSet<Option<Pair>>,
}

/// The judgements that wait for one text to be read.
#[derive(Default)]
struct Waiting {
    fresh: Vec<Pair>,
    again: Vec<Pair>,
    wrong: Vec<Pair>,
}

/// Which of the judgements of a text are next.
type Turn = fn(&mut Waiting) -> &mut Vec<Pair>;

/// What is known in one validation.
#[derive(Default)]
pub(super) struct Known {
    judged: FxHashMap<Pair, Judged>,
    /// Those that wait to be judged, by their text: first those that never were, then what rests on what has changed,
    /// last of it what was wrong, which mostly stays so.
    waiting: FxHashMap<usize, Waiting>,
    fresh: Vec<usize>,
    again: VecDeque<usize>,
    wrong: VecDeque<usize>,
    queued: FxHashSet<Pair>,
    /// What is being judged; `None` is the instance itself.
    pub current: Option<Pair>,
    /// How many judgements were made.
    pub count: usize,
    /// Which bound was reached; nothing is judged any more.
    pub limit: Option<String>,
    /// Which bound left some judgements open, while others are made.
    limit_told: Option<String>,
    /// How often texts were read for entries in them.
    readings: FxHashMap<usize, usize>,
    /// The pairs of this validation that are not kept yet.
    new: Vec<Pair>,
}

impl Known {
    /// The next text, and the pairs in it that wait.
    pub fn next(&mut self) -> Option<(usize, Vec<Pair>)> {
        let found = loop {
            let (text, turn): (usize, Turn) = match (self.fresh.pop(), self.again.is_empty()) {
                (Some(text), _) => (text, |w| &mut w.fresh),
                (None, false) => (self.again.pop_front()?, |w| &mut w.again),
                (None, true) => (self.wrong.pop_front()?, |w| &mut w.wrong),
            };
            let Some(waiting) = self.waiting.get_mut(&text) else { continue };
            let pairs = std::mem::take(turn(waiting));
            if !pairs.is_empty() {
                break (text, pairs);
            }
        };
        for pair in &found.1 {
            self.queued.remove(pair);
        }
        Some(found)
    }

    /// Counts a reading of a text for its entries. Returns whether there are not too many.
    pub fn reads(&mut self, text: usize, most: usize) -> bool {
        let count = self.readings.entry(text).or_default();
        *count += 1;
        let fits = *count <= most;
        if !fits {
            let why = || format!("it rests on more than {most} readings of one Bundle (READINGS)");
            self.limit_told.get_or_insert_with(why);
        }
        fits
    }

    pub fn has(&self, pair: Pair) -> bool {
        self.judged.contains_key(&pair)
    }

    /// Takes a pair up with what is known of it, or assumed where it has to be judged.
    pub fn add(&mut self, pair: Pair, truth: Truth, is_assumed: bool) {
        self.judged.insert(pair, Judged { truth, changes: 0, users: FxHashSet::default() });
        if is_assumed {
            self.queued.insert(pair);
            self.new.push(pair);
            let waiting = self.waiting.entry(pair.0.text).or_default();
            if waiting.fresh.is_empty() {
                self.fresh.push(pair.0.text);
            }
            waiting.fresh.push(pair);
        }
    }

    /// What is known of a pair. What judges now rests on it from now on.
    pub fn used(&mut self, pair: Pair) -> Truth {
        let user = self.current;
        let Some(judged) = self.judged.get_mut(&pair) else { return Truth::Unknown };
        judged.users.insert(user);
        judged.truth
    }

    /// Keeps what was found of a pair, and has what rests on it judged anew where that is other than assumed. Returns
    /// whether the instance rests on it.
    pub fn found(&mut self, pair: Pair, truth: Truth) -> bool {
        self.current = None;
        let Some(judged) = self.judged.get_mut(&pair).filter(|judged| judged.truth != truth) else { return false };
        let truth = if judged.changes < CHANGES { truth } else { Truth::Unknown };
        if judged.truth == truth {
            return false;
        }
        judged.changes = judged.changes.saturating_add(1);
        judged.truth = truth;
        let mut is_instance = false;
        for user in std::mem::take(&mut judged.users) {
            match user {
                Some(user) => self.judge_again(user),
                None => is_instance = true,
            }
        }
        is_instance
    }

    /// Has a pair judged anew, once, after those that never were.
    fn judge_again(&mut self, pair: Pair) {
        let is_wrong = self.judged.get(&pair).is_some_and(|j| j.truth == Truth::False);
        if !self.queued.insert(pair) {
            return;
        }
        let waiting = self.waiting.entry(pair.0.text).or_default();
        let (texts, pairs) = match is_wrong {
            true => (&mut self.wrong, &mut waiting.wrong),
            false => (&mut self.again, &mut waiting.again),
        };
        if pairs.is_empty() {
            texts.push_back(pair.0.text);
        }
        pairs.push(pair);
    }

    /// The bound that was reached, as a sentence.
    pub fn limit_reached(&self) -> Option<String> {
        self.limit.as_ref().or(self.limit_told.as_ref()).cloned()
    }

    /// What is certain now and was not before: nothing waits. What may be open because of a bound that this instance
    /// reached is not: another may not reach it.
    pub fn certain(&mut self) -> Vec<(Pair, Truth)> {
        let is_limited = self.limit.is_some() || self.limit_told.is_some();
        let all = std::mem::take(&mut self.new).into_iter();
        let known = all.filter_map(|pair| Some((pair, self.judged.get(&pair)?.truth)));
        known.filter(|(_, truth)| !is_limited || *truth != Truth::Unknown).collect()
    }
}

/// What is kept from one validation to the next, for as long as the policies and the time stay the same.
#[derive(Default, Debug)]
struct Kept {
    of: Option<(Policies, Option<Temporal>)>,
    truths: FxHashMap<Pair, Truth>,
}

/// What is certain of resources elsewhere, over all validations.
#[derive(Default, Debug)]
pub(in crate::app) struct Settled(Mutex<Kept>);

impl Settled {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was found under other policies, or at another time.
    pub fn begin(&self, policies: &Policies, now: Option<Temporal>) {
        let mut kept = self.kept();
        if kept.of.as_ref().is_none_or(|(p, n)| p != policies || *n != now) {
            kept.truths.clear();
            kept.of = Some((policies.clone(), now));
        }
    }

    pub fn truth(&self, pair: Pair) -> Option<Truth> {
        self.kept().truths.get(&pair).copied()
    }

    pub fn keep(&self, all: Vec<(Pair, Truth)>) {
        if all.is_empty() {
            return;
        }
        let mut kept = self.kept();
        for (pair, truth) in all {
            if kept.truths.len() < KEPT {
                kept.truths.insert(pair, truth);
            }
        }
    }
}
