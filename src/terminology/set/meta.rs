//! What a set says of itself, and the frame of its file.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::bytes::{checksum, long};

/// What the first bytes of a file are.
const MAGIC: &[u8; 8] = b"accterms";
/// The form of the files: raised with every change of it.
const FORM: u64 = 1;
/// How many sections a file has.
pub const SECTIONS: usize = 9;
/// The numbers behind the magic: form, bytes of the file, checksum of what follows the head, bytes of the description,
/// then start and end of each section, then the checksum of the head.
const NUMBERS: usize = 4 + 2 * SECTIONS + 1;
const HEAD: usize = 8 + 8 * NUMBERS;
/// The most bytes of a description.
const MOST_META: usize = 16 << 20;

/// What a set holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The codes of one code system.
    CodeSystem,
    /// The codes of a value set, of any number of code systems.
    ValueSet,
}

/// How much of it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// All codes: another code is not one of them.
    Complete,
    /// Some codes: of others it is not known.
    Fragment,
}

/// What a set says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Code system or value set.
    pub kind: Kind,
    /// Its canonical url.
    pub url: String,
    /// Its version; empty where none is known.
    pub version: String,
    /// How much of it is there.
    pub content: Content,
    /// Whether codes that differ in case differ.
    pub case_sensitive: bool,
    /// Whether it is known which code is below which.
    pub hierarchy: bool,
    /// The languages of names, as BCP 47 tags; empty where it is not known.
    pub languages: Vec<String>,
    /// The properties that codes may have.
    pub properties: Vec<String>,
    /// Starts of codes that the owner of the system uses for what these files do not hold.
    pub open_prefixes: Vec<String>,
    /// SNOMED CT: the namespaces of extensions whose concepts are there.
    pub namespaces: Vec<String>,
    /// A value set's code systems.
    pub systems: Vec<String>,
    /// How many codes.
    pub concepts: u64,
    /// How many of them are inactive.
    pub inactive: u64,
    /// How many names they have.
    pub names: u64,
    /// The names of the files that it was read from.
    pub sources: Vec<String>,
}

impl Meta {
    /// A description of an empty, complete set.
    pub fn new(kind: Kind, url: &str, version: &str) -> Meta {
        Meta {
            kind,
            url: url.to_owned(),
            version: version.to_owned(),
            content: Content::Complete,
            case_sensitive: true,
            hierarchy: false,
            languages: vec![String::new()],
            properties: Vec::new(),
            open_prefixes: Vec::new(),
            namespaces: Vec::new(),
            systems: Vec::new(),
            concepts: 0,
            inactive: 0,
            names: 0,
            sources: Vec::new(),
        }
    }

    /// `url|version`, or the url alone.
    pub fn canonical(&self) -> String {
        if self.version.is_empty() { self.url.clone() } else { format!("{}|{}", self.url, self.version) }
    }
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a file of this kind.
    #[error("it is not a code set of `accord terminology import`")]
    Magic,
    /// Written by a program with another form of the files.
    #[error("it was written by another version of accord; import the terminology again")]
    Form,
    /// Shorter or longer than it says.
    #[error("it is cut off: expected {expected} bytes, found {found}; import the terminology again")]
    Length {
        /// The bytes that it should have.
        expected: u64,
        /// The bytes that it has.
        found: u64,
    },
    /// Bytes were changed.
    #[error("it is damaged: its checksum does not match; import the terminology again")]
    Damaged,
}

/// The head of a file.
#[derive(Clone, Debug)]
pub struct Head {
    /// What the set says of itself.
    pub meta: Meta,
    /// Where each section is in the file.
    pub sections: [Range<usize>; SECTIONS],
    /// Where the sections start.
    body: usize,
    sum: u64,
}

/// A whole file of these sections.
pub fn file(meta: &Meta, sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let text = serde_json::to_vec(meta).unwrap_or_default();
    let body = (HEAD + text.len()).next_multiple_of(8);
    let mut at = body;
    let mut places = Vec::with_capacity(SECTIONS * 2);
    for section in sections {
        places.extend([at as u64, (at + section.len()) as u64]);
        at = (at + section.len()).next_multiple_of(8);
    }
    let mut out = Vec::with_capacity(at);
    out.resize(HEAD, 0);
    out.extend(&text);
    for section in sections {
        out.resize(out.len().next_multiple_of(8), 0);
        out.extend(section);
    }
    out.resize(at, 0);
    let sum = checksum(out.get(body..).unwrap_or_default());
    let mut head = MAGIC.to_vec();
    for number in [FORM, at as u64, sum, text.len() as u64].into_iter().chain(places) {
        head.extend(number.to_le_bytes());
    }
    head.extend(head_sum(&head, &text).to_le_bytes());
    out.splice(..HEAD, head);
    out
}

fn head_sum(head: &[u8], meta: &[u8]) -> u64 {
    checksum(head).rotate_left(13) ^ checksum(meta)
}

/// How many bytes of a file hold its head, from its first bytes.
///
/// # Errors
/// What is no head.
pub fn head_length(start: &[u8]) -> Result<usize, Refused> {
    if !start.starts_with(MAGIC) {
        return Err(Refused::Magic);
    }
    let numbers = start.get(8..HEAD).ok_or(Refused::Damaged)?;
    if long(numbers, 0) != Some(FORM) {
        return Err(Refused::Form);
    }
    let meta = long(numbers, 3).and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= MOST_META);
    Ok(HEAD + meta.ok_or(Refused::Damaged)?)
}

/// How many bytes are enough for [`head_length`].
pub const START: usize = HEAD;

/// The head at the front of a file of so many bytes, verified. What follows it is not.
///
/// # Errors
/// What is no head, or that of a longer or shorter file.
pub fn head(start: &[u8], file_length: u64) -> Result<Head, Refused> {
    let end = head_length(start)?;
    let (numbers, text) = (start.get(8..HEAD), start.get(HEAD..end));
    let (Some(numbers), Some(text)) = (numbers, text) else {
        return Err(Refused::Length { expected: end as u64, found: file_length });
    };
    let sum = long(numbers, NUMBERS - 1);
    if sum != Some(head_sum(start.get(..HEAD - 8).unwrap_or_default(), text)) {
        return Err(Refused::Damaged);
    }
    let number = |i| long(numbers, i).and_then(|n| usize::try_from(n).ok()).ok_or(Refused::Damaged);
    let expected = number(1)? as u64;
    if expected != file_length {
        return Err(Refused::Length { expected, found: file_length });
    }
    let mut sections: [Range<usize>; SECTIONS] = std::array::from_fn(|_| 0..0);
    for (i, section) in sections.iter_mut().enumerate() {
        *section = number(4 + 2 * i)?..number(5 + 2 * i)?;
    }
    let meta = serde_json::from_slice(text).map_err(|_| Refused::Damaged)?;
    let sum = long(numbers, 2).ok_or(Refused::Damaged)?;
    Ok(Head { meta, sections, body: end.next_multiple_of(8), sum })
}

impl Head {
    /// Whether all that follows the head is as it was written.
    pub fn fits(&self, file: &[u8]) -> bool {
        file.get(self.body..).is_some_and(|body| checksum(body) == self.sum)
    }
}
