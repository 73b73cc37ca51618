//! A set that is being read: its codes, in whatever order they come.

use rustc_hash::FxHashMap;

use super::meta::Meta;

/// One code.
#[derive(Clone, Debug, Default)]
pub struct Concept {
    /// The code.
    pub code: Box<str>,
    /// Its names, the preferred one first: the number of the language, and the text.
    pub names: Vec<(u16, Box<str>)>,
    /// No longer for use.
    pub inactive: bool,
    /// Values of properties: the number of the property, and the value.
    pub properties: Vec<(u16, Box<str>)>,
}

/// A set that grows.
pub struct Draft {
    /// What it will say of itself.
    pub meta: Meta,
    /// Its codes.
    pub concepts: Vec<Concept>,
    /// Child and parent, as indices of codes.
    pub links: Vec<(u32, u32)>,
    index: FxHashMap<Box<str>, u32>,
    languages: Numbers,
    properties: Numbers,
    systems: Numbers,
    exceeded: bool,
}

/// The places of texts in a list.
type Numbers = FxHashMap<Box<str>, u32>;

/// A code without regard to case, where case does not count.
pub fn key(code: &str, case_sensitive: bool) -> std::borrow::Cow<'_, str> {
    if case_sensitive { code.into() } else { code.to_lowercase().into() }
}

impl Draft {
    /// A set without codes.
    pub fn new(meta: Meta) -> Draft {
        let (languages, properties) = (numbers(&meta.languages), numbers(&meta.properties));
        let systems = numbers(&meta.systems);
        let (concepts, links, index) = (Vec::new(), Vec::new(), FxHashMap::default());
        Draft { meta, concepts, links, index, languages, properties, systems, exceeded: false }
    }

    /// The index of a code.
    pub fn find(&self, code: &str) -> Option<u32> {
        self.index.get(key(code, self.meta.case_sensitive).as_ref()).copied()
    }

    /// The code at an index.
    pub fn at(&mut self, index: u32) -> Option<&mut Concept> {
        self.concepts.get_mut(index as usize)
    }

    /// The index of a code, and whether it is new.
    pub fn add(&mut self, code: &str) -> (u32, bool) {
        if let Some(known) = self.find(code) {
            return (known, false);
        }
        let index = self.concepts.len() as u32;
        self.index.insert(key(code, self.meta.case_sensitive).into(), index);
        self.concepts.push(Concept { code: code.into(), ..Concept::default() });
        (index, true)
    }

    /// The number of a language.
    pub fn language(&mut self, tag: &str) -> u16 {
        let at = number(&mut self.languages, &mut self.meta.languages, tag);
        self.narrow(at)
    }

    /// The number of a property.
    pub fn property(&mut self, name: &str) -> u16 {
        let at = number(&mut self.properties, &mut self.meta.properties, name);
        self.narrow(at)
    }

    /// The number of a value set's code system.
    pub fn system(&mut self, url: &str) -> u32 {
        number(&mut self.systems, &mut self.meta.systems, url)
    }

    /// Whether there are more languages, or properties, than a file has numbers for.
    pub fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    fn narrow(&mut self, at: u32) -> u16 {
        u16::try_from(at).unwrap_or_else(|_| {
            self.exceeded = true;
            u16::MAX
        })
    }
}

fn numbers(all: &[String]) -> Numbers {
    all.iter().zip(0..).map(|(text, at)| (text.as_str().into(), at)).collect()
}

fn number(known: &mut Numbers, all: &mut Vec<String>, text: &str) -> u32 {
    if let Some(at) = known.get(text) {
        return *at;
    }
    let at = all.len() as u32;
    all.push(text.to_owned());
    known.insert(text.into(), at);
    at
}

impl Concept {
    /// Adds a name, unless the code has it.
    pub fn name(&mut self, language: u16, text: &str) {
        let text = text.trim();
        if !text.is_empty() && !self.names.iter().any(|(_, t)| &**t == text) {
            self.names.push((language, text.into()));
        }
    }

    /// Adds a value of a property.
    pub fn has(&mut self, property: u16, value: &str) {
        let value = value.trim();
        if !value.is_empty() && !self.properties.iter().any(|(p, v)| *p == property && &**v == value) {
            self.properties.push((property, value.into()));
        }
    }
}
