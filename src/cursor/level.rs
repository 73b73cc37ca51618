//! The words of the room: levels, members, spots.

use std::ops::Range;
use std::sync::Arc;

/// How deep objects may nest: beyond it a place is nowhere.
pub const DEPTH: usize = 256;

/// What is around a place, and at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The objects that hold the place: that of the resource first.
    pub levels: Vec<Arc<Level>>,
    /// What is at the place, in the last of them.
    pub spot: Spot,
    /// Whether the text is XML.
    pub is_xml: bool,
}

/// An object of JSON, or an element of XML with what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// What the level above calls it; empty for the first. Of a resource in a resource the element that holds it.
    pub name: String,
    /// The resource type that it says.
    pub resource_type: Option<String>,
    /// What `meta.profile` claims.
    pub profiles: Vec<String>,
    /// Its `url`, `system` and `code`, where they are simple values.
    pub facts: Vec<(&'static str, String)>,
    /// What is in it, behind the place too, in the order of the text.
    pub members: Vec<Member>,
    /// The bytes between its brackets or tags; to the end of the text where it is not closed.
    pub inside: Range<usize>,
}

/// A member of an object, or a child element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The bytes of its name, quotes included; in XML of its tag's name.
    pub key: Range<usize>,
    /// The bytes of its value; in XML of the whole element.
    pub value: Range<usize>,
}

/// A name or a value that is written, or that could be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// Its bytes without quotes; empty where nothing is written yet.
    pub range: Range<usize>,
    /// Its text, as it is written.
    pub text: String,
    /// Whether it is in quotes, or in XML behind `<`.
    pub is_quoted: bool,
}

/// What is at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Spot {
    /// Nothing that definitions speak of.
    #[default]
    Nowhere,
    /// A member's name, or where one could be written.
    Name(Token),
    /// A simple value, or where one could be written.
    Value {
        /// The member that it is the value of.
        name: String,
        /// The value.
        token: Token,
    },
}

impl Level {
    /// One of the [`Level::facts`].
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(n, _)| *n == name).map(|(_, value)| &**value)
    }

    /// Which member has a byte in its value; `None` where none has.
    pub fn place_of(&self, at: usize) -> Option<usize> {
        let place = self.members.partition_point(|m| m.value.start <= at).checked_sub(1)?;
        self.members.get(place).filter(|m| at <= m.value.end).map(|_| place)
    }

    /// Keeps what is said of the level itself by a simple value in it.
    pub(super) fn learn(&mut self, name: &str, value: &str) {
        let fact = ["url", "system", "code"].into_iter().find(|f| *f == name);
        if let Some(fact) = fact.filter(|f| self.fact(f).is_none()) {
            self.facts.push((fact, value.to_owned()));
        }
    }
}
