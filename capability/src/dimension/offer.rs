//! What a server's statement offers.
//!
//! In a statement of an instance or of software, what is listed is supported whatever its expectation, and what is not
//! listed is not. Requirements, and a part of a statement, promise only what weighs SHALL on its whole path; everything
//! else is unknown.

use std::cmp::Reverse;

use crate::agreement::Answer;
use crate::expectation::{Expectation, Weight, weigh};
use crate::statement::{Resource, Stated, Statement};

/// An answer with the rules that it is based on.
pub type Offered = (Answer, Vec<&'static str>);

/// A server's statement, as it answers.
#[derive(Clone, Copy)]
pub struct Server<'s> {
    pub statement: &'s Statement,
    weight: Option<Weight>,
}

impl<'s> Server<'s> {
    pub fn new(statement: &'s Statement) -> Server<'s> {
        Server { statement, weight: weigh(Some(Weight::Shall), statement.rest.expectation) }
    }

    /// What it says about a type.
    pub fn of_type(self, resource_type: &str) -> ServerType<'s> {
        let resource = self.statement.resource(resource_type);
        let offered = match resource {
            Some(resource) => self.listed(self.weight, resource.expectation),
            None => self.unlisted(),
        };
        let weight = resource.and_then(|r| weigh(self.weight, r.expectation));
        ServerType { server: self, resource: resource.filter(|_| offered.0 != Answer::No), offered, weight }
    }

    /// An item at the system level.
    pub fn item<T>(self, item: &Stated<T>) -> Offered {
        self.listed(self.weight, item.expectation)
    }

    fn listed(self, parent: Option<Weight>, own: Option<Expectation>) -> Offered {
        if !self.statement.usable {
            return (Answer::Unknown, vec!["modifier-extension"]);
        }
        if own == Some(Expectation::ShallNot) {
            return (Answer::No, vec!["prohibited"]);
        }
        if self.statement.promises_shall_only && weigh(parent, own) != Some(Weight::Shall) {
            return (Answer::Unknown, vec!["server-expectation"]);
        }
        (Answer::Yes, Vec::new())
    }

    /// The answer for what is not listed.
    pub fn unlisted(self) -> Offered {
        let answer = if self.statement.open || !self.statement.usable { Answer::Unknown } else { Answer::No };
        (answer, vec!["unlisted"])
    }
}

/// What a server's statement says about one type.
#[derive(Clone)]
pub struct ServerType<'s> {
    pub server: Server<'s>,
    /// The entry, unless the type is prohibited.
    pub resource: Option<&'s Resource>,
    pub offered: Offered,
    weight: Option<Weight>,
}

impl<'s> ServerType<'s> {
    /// An item of the type's entry.
    pub fn item<T>(&self, item: &Stated<T>) -> Offered {
        self.server.listed(self.weight, item.expectation)
    }

    /// The answer for what the entry does not list, or for everything where there is no entry.
    pub fn unlisted(&self) -> Offered {
        match self.offered.0 {
            Answer::No => (Answer::No, vec!["type-absent"]),
            _ => self.server.unlisted(),
        }
    }

    /// True where the server does not support the type.
    pub fn is_absent(&self) -> bool {
        self.offered.0 == Answer::No
    }
}

/// The better of two offers: yes, then unknown, then no; among equals the one that needs fewer reasons, then the first.
pub fn better(a: Offered, b: Offered) -> Offered {
    if (b.0, Reverse(b.1.len())) > (a.0, Reverse(a.1.len())) { b } else { a }
}

/// The worse of two offers, with its reasons; the first among equals.
pub fn worse(a: Offered, b: Offered) -> Offered {
    if b.0 < a.0 { b } else { a }
}
