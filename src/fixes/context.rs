//! An issue with its text and the definitions.

use std::ops::Range;

use crate::cursor::{Cursor, Level, Member};
use crate::elements::{Child, Definitions, Spot, Way};
use crate::profiles::instance::is_xml;
use crate::profiles::issue::Issue;

/// What fixes are made from.
pub(super) struct Context<'a> {
    pub text: &'a str,
    pub issue: &'a Issue,
    pub definitions: Option<&'a Definitions<'a>>,
    pub asked: &'a [String],
    /// What is around the value that the issue is about.
    pub around: Cursor,
    /// What is around the first place in the object that the issue is about.
    pub within: Cursor,
}

impl<'a> Context<'a> {
    /// Whether the text is XML.
    pub fn is_xml(&self) -> bool {
        is_xml(self.text.as_bytes())
    }

    /// The bytes of the issue.
    pub fn span(&self) -> Range<usize> {
        self.issue.span.start as usize..self.issue.span.end as usize
    }

    /// The text of the issue's bytes.
    pub fn written(&self) -> &'a str {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// The value that the issue is about, quotes included.
    pub fn quoted(&self) -> Option<Range<usize>> {
        let Range { start, end } = self.span();
        let is_quote = |at: usize| self.text.as_bytes().get(at) == Some(&b'"');
        let before = start.checked_sub(1)?;
        (is_quote(before) && is_quote(end)).then_some(before..end + 1)
    }

    /// The object that the issue's value is in.
    pub fn level(&self) -> Option<&Level> {
        self.around.levels.last().map(|level| &**level)
    }

    /// The member that the issue's value is in.
    pub fn member(&self) -> Option<&Member> {
        let level = self.level()?;
        level.members.get(level.place_of(self.span().start)?)
    }

    /// The way to the last of these levels.
    pub fn way(&self, found: &Cursor) -> Option<Way> {
        self.definitions?.way(&found.levels, self.asked)
    }

    /// What definitions say of the member that the issue's value is in.
    pub fn told(&self) -> Option<(Way, Vec<Spot>)> {
        let way = self.way(&self.around)?;
        let spots = self.definitions?.child(&way.inside, &self.member()?.name);
        Some((way, spots))
    }

    /// The members that the object may have that the issue is about.
    pub fn children(&self) -> Vec<Child> {
        let way = self.way(&self.within);
        way.zip(self.definitions).map(|(way, d)| d.children(&way.inside)).unwrap_or_default()
    }
}
