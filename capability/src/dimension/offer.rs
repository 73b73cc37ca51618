//! What a server's statement offers.
//!
//! In a statement of an instance or of software, what is listed is supported whatever its expectation, and what is not
//! listed is not. Requirements, and a part of a statement, promise only what weighs SHALL on its whole path; everything
//! else is unknown.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::listed::Listed;
use crate::agreement::Answer;
use crate::expectation::{Expectation, Weight, weigh};
use crate::reason::Reason;
use crate::statement::{Resource, Stated, Statement};

/// An answer with the reasons for it, and where the server's statement says so.
#[derive(Clone, Debug)]
pub struct Offered<'s> {
    pub answer: Answer,
    pub why: Vec<Reason>,
    /// The element of the server's statement; `None` where it lists nothing of the kind.
    pub path: Option<&'s str>,
}

impl<'s> Offered<'s> {
    /// An answer for what stands nowhere.
    pub fn nowhere(answer: Answer, why: Vec<Reason>) -> Offered<'s> {
        Offered { answer, why, path: None }
    }
}

/// A server's statement, as it answers.
#[derive(Clone, Copy)]
pub struct Server<'s> {
    pub statement: &'s Statement,
    /// The items of the system level.
    pub listed: &'s Listed<'s>,
    weight: Option<Weight>,
}

impl<'s> Server<'s> {
    /// A statement with the items of its system level.
    pub fn new(statement: &'s Statement, listed: &'s Listed<'s>) -> Server<'s> {
        Server { statement, listed, weight: weigh(Some(Weight::Shall), statement.rest.expectation) }
    }

    /// What it says about a type.
    pub fn of_type(self, resource_type: &str) -> ServerType<'s> {
        let resource = self.statement.resource(resource_type);
        let offered = match resource {
            Some(resource) => self.listed(self.weight, resource.expectation, &resource.path),
            None => self.unlisted(),
        };
        let weight = resource.and_then(|r| weigh(self.weight, r.expectation));
        let resource = resource.filter(|_| offered.answer != Answer::No);
        ServerType { server: self, resource, offered, weight, listed: OnceCell::new() }
    }

    /// An item at the system level.
    pub fn item<T>(self, item: &'s Stated<T>) -> Offered<'s> {
        self.listed(self.weight, item.expectation, &item.path)
    }

    fn listed(self, parent: Option<Weight>, own: Option<Expectation>, path: &'s str) -> Offered<'s> {
        let (answer, why) = if !self.statement.usable {
            (Answer::Unknown, vec![Reason::ModifierExtension])
        } else if own == Some(Expectation::ShallNot) {
            (Answer::No, vec![Reason::Prohibited])
        } else if self.statement.promises_shall_only && weigh(parent, own) != Some(Weight::Shall) {
            (Answer::Unknown, vec![Reason::ServerExpectation])
        } else {
            (Answer::Yes, Vec::new())
        };
        Offered { answer, why, path: Some(path) }
    }

    /// The answer for what is not listed.
    pub fn unlisted(self) -> Offered<'s> {
        let answer = if self.statement.open || !self.statement.usable { Answer::Unknown } else { Answer::No };
        Offered::nowhere(answer, vec![Reason::Unlisted])
    }
}

/// What a server's statement says about one type.
pub struct ServerType<'s> {
    pub server: Server<'s>,
    /// The entry, unless the type is prohibited.
    pub resource: Option<&'s Resource>,
    pub offered: Offered<'s>,
    weight: Option<Weight>,
    listed: OnceCell<Listed<'s>>,
}

impl<'s> ServerType<'s> {
    /// An item of the type's entry.
    pub fn item<T>(&self, item: &'s Stated<T>) -> Offered<'s> {
        self.server.listed(self.weight, item.expectation, &item.path)
    }

    /// The answer for what the entry does not list, or for everything where there is no entry.
    pub fn unlisted(&self) -> Offered<'s> {
        match self.offered.answer {
            Answer::No => Offered::nowhere(Answer::No, vec![Reason::TypeAbsent]),
            _ => self.server.unlisted(),
        }
    }

    /// The items of the type's entry.
    pub fn listed(&self) -> &Listed<'s> {
        self.listed.get_or_init(|| self.resource.map(Listed::of_resource).unwrap_or_default())
    }

    /// What the type's entry says about an interaction.
    pub fn interaction(&self, code: &str) -> Offered<'s> {
        best(self.listed().interactions(code).map(|i| self.item(i))).unwrap_or_else(|| self.unlisted())
    }

    /// True where the server does not support the type.
    pub fn is_absent(&self) -> bool {
        self.offered.answer == Answer::No
    }
}

/// The better of two offers: yes, then unknown, then no; among equals the one that needs fewer reasons, then the first.
pub fn better<'s>(a: Offered<'s>, b: Offered<'s>) -> Offered<'s> {
    if (b.answer, Reverse(b.why.len())) > (a.answer, Reverse(a.why.len())) { b } else { a }
}

/// The best of several offers.
pub fn best<'s>(offers: impl Iterator<Item = Offered<'s>>) -> Option<Offered<'s>> {
    offers.reduce(better)
}

/// The worse of two offers, with its reasons; the first among equals.
pub fn worse<'s>(a: Offered<'s>, b: Offered<'s>) -> Offered<'s> {
    if b.answer < a.answer { b } else { a }
}
