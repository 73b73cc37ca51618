//! Reasons with links to what they mean, and the list of meanings that the links lead to.

use std::collections::BTreeSet;
use std::io::{Result, Write};

use askama::Template;
use askama::filters::HtmlSafe;

use super::prose::Prose;
use crate::capability::reason::Reason;
use crate::capability::rules::{Rule, rule};

/// The rules that a page has named so far.
#[derive(Debug, Default)]
pub struct Named {
    rules: BTreeSet<Reason>,
}

/// Reasons, each with a link.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "page/reasons.html")]
pub struct Reasons {
    rules: Vec<&'static Rule>,
}

impl HtmlSafe for Reasons {}

/// The links of reasons whose meaning is said beside them.
#[derive(Debug, Template)]
#[template(path = "page/links.html")]
pub struct Links<'a> {
    rules: &'a [&'static Rule],
}

impl HtmlSafe for Links<'_> {}

impl Reasons {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Their links only.
    pub fn links(&self) -> Links<'_> {
        Links { rules: &self.rules }
    }
}

/// What each of the named rules means.
#[derive(Template)]
#[template(path = "page/rules.html")]
struct Meanings {
    rules: Vec<&'static Rule>,
}

impl Named {
    /// These reasons, which the page then explains.
    pub fn reasons(&mut self, why: &[Reason]) -> Reasons {
        self.rules.extend(why);
        Reasons { rules: catalogue(why) }
    }

    /// Writes what all named rules mean, sorted by id.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> Result<()> {
        let why: Vec<Reason> = self.rules.iter().copied().collect();
        Meanings { rules: catalogue(&why) }.write_into(out)
    }
}

fn catalogue(why: &[Reason]) -> Vec<&'static Rule> {
    why.iter().filter_map(|reason| rule(reason.id())).collect()
}
