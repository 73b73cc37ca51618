//! Canonical references (<https://hl7.org/fhir/R4/references.html#canonical>).

use std::fmt;

/// A canonical url with the business version that it may name: `url|version`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Canonical {
    /// The url, without a version.
    pub url: String,
    /// The business version that is asked for; `None` for any.
    pub version: Option<String>,
}

impl Canonical {
    /// Splits `url|version`; a fragment (`#id`) stays a part of the url.
    pub fn parse(text: &str) -> Canonical {
        match text.split_once('|') {
            Some((url, version)) if !version.is_empty() => {
                Canonical { url: url.to_owned(), version: Some(version.to_owned()) }
            }
            Some((url, _)) => Canonical { url: url.to_owned(), version: None },
            None => Canonical { url: text.to_owned(), version: None },
        }
    }

    /// How many bytes it has, without the `|`.
    pub fn bytes(&self) -> usize {
        self.url.len() + self.version.as_ref().map_or(0, String::len)
    }
}

/// A canonical without the version that it may name: `url` of `url|version`.
pub fn bare(canonical: &str) -> &str {
    canonical.split_once('|').map_or(canonical, |(url, _)| url)
}

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(v) => write!(f, "{}|{v}", self.url),
            None => f.write_str(&self.url),
        }
    }
}
