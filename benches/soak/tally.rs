//! What was counted.

use std::collections::BTreeMap;

use crate::histogram::Histogram;

/// Counts of one thread, or of all.
#[derive(Clone, Default)]
pub struct Tally {
    /// Valid small requests, from the time when they were due.
    pub due: Histogram,
    /// The same, from the time when they were sent.
    pub sent: Histogram,
    /// Valid small requests soon after a start, from the time when they were due.
    pub young: Histogram,
    /// Larger valid ones, from the time when they were due.
    pub large: Histogram,
    /// `GET /health/live` of the address of its own, and of the service's.
    pub health: [Histogram; 2],
    /// Requests by what they were and the status of their answer; 0 is no answer.
    pub answers: BTreeMap<(&'static str, u16), u64>,
    /// Verdicts that were compared.
    pub compared: u64,
    /// Connections that broke at a kill.
    pub broken: u64,
    /// Hostile requests that found no thread.
    pub unsent: u64,
    /// Answers that are wrong, with what is wrong: the first ones.
    pub wrong: Vec<String>,
    /// How many there are.
    pub wrong_count: u64,
    /// Connections that broke besides, or answers that are none: the first ones.
    pub failed: Vec<String>,
    pub failed_count: u64,
}

const TOLD: usize = 10;

/// What instances are counted as.
pub const INSTANCES: [&str; 3] = ["valid, small", "valid, large", "invalid"];

impl Tally {
    pub fn answered(&mut self, what: &'static str, status: u16) {
        *self.answers.entry((what, status)).or_default() += 1;
    }

    pub fn wrong(&mut self, told: String) {
        self.wrong_count += 1;
        if self.wrong.len() < TOLD {
            self.wrong.push(told);
        }
    }

    pub fn failed(&mut self, told: String) {
        self.failed_count += 1;
        if self.failed.len() < TOLD {
            self.failed.push(told);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.due.merge(&other.due);
        self.sent.merge(&other.sent);
        self.young.merge(&other.young);
        self.large.merge(&other.large);
        self.health.iter_mut().zip(&other.health).for_each(|(own, more)| own.merge(more));
        for (what, count) in &other.answers {
            *self.answers.entry(*what).or_default() += count;
        }
        self.compared += other.compared;
        self.broken += other.broken;
        self.unsent += other.unsent;
        self.wrong_count += other.wrong_count;
        self.failed_count += other.failed_count;
        self.wrong.extend(other.wrong.iter().take(TOLD.saturating_sub(self.wrong.len())).cloned());
        self.failed.extend(other.failed.iter().take(TOLD.saturating_sub(self.failed.len())).cloned());
    }

    /// How many instances were answered.
    pub fn instances(&self) -> u64 {
        self.of(|what| INSTANCES.contains(&what))
    }

    /// How many requests were answered that make the load: instances, and what is hostile.
    pub fn load(&self) -> u64 {
        self.of(|what| !["health", "negotiation"].contains(&what))
    }

    fn of(&self, what: impl Fn(&str) -> bool) -> u64 {
        self.answers.iter().filter(|((w, _), _)| what(w)).map(|(_, count)| count).sum()
    }

    /// The answers to all that have one of these statuses.
    pub fn answers_with(&self, wanted: impl Fn(&str, u16) -> bool) -> u64 {
        self.answers.iter().filter(|((what, status), _)| wanted(what, *status)).map(|(_, count)| count).sum()
    }
}
