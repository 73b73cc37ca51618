//! Names for parts of a client's statement, as people and programs write them: `Provenance`, `Patient.vread`,
//! `*?_lastUpdated`.

use std::fmt;

use crate::agreement::{Item, Kind};

/// The first word of a part of the system level.
const SYSTEM: &str = "system";

/// Which items of an entry a part names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum What {
    /// The entry with all that it lists.
    Whole,
    /// Interactions and flags of this name.
    Named(String),
    /// Operations of this name, without `$`; `None`: all.
    Operation(Option<String>),
    /// Search parameters and combinations of this name, as `code+date`; `None`: all.
    Query(Option<String>),
    /// Includes of this code; `None`: all.
    Include { reverse: bool, code: Option<String> },
    /// Profiles of this canonical, with or without a version; `None`: all.
    Profile(Option<String>),
}

/// A part of a client's statement, for one type, for every type (`*`) or for the system level (`system`):
///
/// | text | names |
/// |---|---|
/// | `Provenance` | the type with all that is listed for it |
/// | `Patient.vread`, `Patient.updateCreate` | an interaction, a flag |
/// | `Patient.$everything`, `*.$*` | an operation, all operations |
/// | `Observation?code` | a search parameter, and the combinations that require it |
/// | `Observation?code+date`, `Group?*` | a combination, all parameters and combinations |
/// | `*?_revinclude=Provenance:target`, `*?_include` | an include, all includes |
/// | `Condition:http://example.org/p`, `*:*` | a profile, all profiles |
///
/// Without `search-type`, nothing is searched: what rides on it belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// A type, `*` or `system`.
    on: String,
    what: What,
}

/// A word, or `None` for the one that means all.
fn unless(all: &str, word: &str) -> Option<String> {
    (word != all).then(|| word.to_owned())
}

impl Part {
    /// Reads a text; `None` where it names nothing.
    ///
    /// ```
    /// use fhir_accord_capability::Part;
    ///
    /// for text in ["Provenance", "Patient.vread", "*.$*", "Observation?code+date", "*?_include", "*:*"] {
    ///     assert_eq!(Part::parse(text).unwrap().to_string(), text);
    /// }
    /// assert_eq!(Part::parse("Patient."), None);
    /// ```
    pub fn parse(text: &str) -> Option<Part> {
        let at = text.find(['.', '?', ':']);
        let (on, rest) = text.split_at(at.unwrap_or(text.len()));
        let mut rest = rest.chars();
        let mark = rest.next();
        let word = rest.as_str();
        if on.is_empty() || mark.is_some() && word.is_empty() {
            return None;
        }
        let include = |reverse: bool, rest: &str| match rest.strip_prefix('=') {
            Some("") => None,
            Some(code) => Some(What::Include { reverse, code: Some(code.to_owned()) }),
            None => rest.is_empty().then_some(What::Include { reverse, code: None }),
        };
        let what = match mark {
            None => What::Whole,
            Some('.') => match word.strip_prefix('$') {
                Some("") => return None,
                Some(name) => What::Operation(unless("*", name)),
                None => What::Named(word.to_owned()),
            },
            Some('?') => match (word.strip_prefix("_include"), word.strip_prefix("_revinclude")) {
                (Some(rest), _) => include(false, rest)?,
                (_, Some(rest)) => include(true, rest)?,
                _ => What::Query(unless("*", word)),
            },
            Some(_) => What::Profile(unless("*", word)),
        };
        Some(Part { on: on.to_owned(), what })
    }

    /// The part that an item of a type is; without a type, of the system level.
    pub fn of(resource_type: Option<&str>, item: &Item) -> Part {
        let what = match item {
            Item::Type(_) => What::Whole,
            Item::Interaction(name) | Item::Flag { name, .. } => What::Named(name.clone()),
            Item::Operation { name, .. } => What::Operation(Some(name.clone())),
            Item::SearchParam { .. } | Item::Combination { .. } => What::Query(Some(item.name())),
            Item::Include { code, reverse } => What::Include { reverse: *reverse, code: Some(code.clone()) },
            Item::Profile(profile) => What::Profile(Some(profile.required.clone())),
        };
        Part { on: resource_type.unwrap_or(SYSTEM).to_owned(), what }
    }

    /// An interaction of a type, or of every type (`*`).
    pub fn interaction(on: &str, code: &str) -> Part {
        Part { on: on.to_owned(), what: What::Named(code.to_owned()) }
    }

    /// An entry of a type with all that it lists.
    pub fn whole(resource_type: &str) -> Part {
        Part { on: resource_type.to_owned(), what: What::Whole }
    }

    /// The same items on every type.
    pub fn everywhere(&self) -> Part {
        Part { on: "*".to_owned(), what: self.what.clone() }
    }

    /// All items of the same kind.
    pub fn all_alike(&self) -> Part {
        let what = match &self.what {
            What::Operation(_) => What::Operation(None),
            What::Query(_) => What::Query(None),
            What::Include { reverse, .. } => What::Include { reverse: *reverse, code: None },
            What::Profile(_) => What::Profile(None),
            other => other.clone(),
        };
        Part { on: self.on.clone(), what }
    }

    /// Whether it names something on this type; `None`: on the system level.
    pub fn is_on(&self, resource_type: Option<&str>) -> bool {
        match resource_type {
            Some(name) => self.on == name || self.on == "*",
            None => self.on == SYSTEM,
        }
    }

    /// Whether it names an item, by its kind and name; `reverse` tells `_revinclude` apart.
    pub fn names(&self, kind: Kind, name: &str, reverse: bool) -> bool {
        let is = |wanted: &Option<String>| wanted.as_ref().is_none_or(|w| w == name);
        match &self.what {
            What::Whole => true,
            What::Named(wanted) if wanted == "search-type" => match kind {
                Kind::Interaction => wanted == name,
                Kind::SearchParam | Kind::Combination | Kind::Include => true,
                _ => false,
            },
            What::Named(wanted) => matches!(kind, Kind::Interaction | Kind::Flag) && wanted == name,
            What::Operation(wanted) => kind == Kind::Operation && is(wanted),
            What::Query(wanted) => matches!(kind, Kind::SearchParam | Kind::Combination) && is(wanted),
            What::Include { reverse: own, code } => kind == Kind::Include && *own == reverse && is(code),
            What::Profile(wanted) => kind == Kind::Profile && wanted.as_ref().is_none_or(|w| is_profile(w, name)),
        }
    }

    /// Whether it names all that another part, of an item of this kind, names.
    pub fn covers(&self, other: &Part, kind: Kind) -> bool {
        let on = self.on == other.on || self.on == "*" && other.on != SYSTEM;
        on && match &other.what {
            What::Whole => self.what == What::Whole,
            What::Named(name) => self.names(kind, name, false),
            What::Operation(Some(name)) | What::Profile(Some(name)) => self.names(kind, name, false),
            What::Query(Some(name)) => {
                // Without a parameter, nothing is searched by it together with others.
                let one = |p: &str| self.names(Kind::SearchParam, p, false);
                self.names(kind, name, false) || kind == Kind::Combination && name.split('+').any(one)
            }
            What::Include { reverse, code: Some(code) } => self.names(kind, code, *reverse),
            _ => self.what == other.what || self.what == What::Whole,
        }
    }

    /// The canonical of a profile.
    pub fn profile(&self) -> Option<&str> {
        match &self.what {
            What::Profile(canonical) => canonical.as_deref(),
            _ => None,
        }
    }

    /// The code of an interaction or the name of a flag.
    pub fn named(&self) -> Option<&str> {
        match &self.what {
            What::Named(name) => Some(name),
            _ => None,
        }
    }
}

/// Whether a text names a canonical: with its version, or without any.
fn is_profile(wanted: &str, canonical: &str) -> bool {
    wanted == canonical || canonical.split_once('|').is_some_and(|(url, _)| url == wanted)
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = &self.on;
        let or_all = |name: &'_ Option<String>| name.clone().unwrap_or_else(|| "*".to_owned());
        match &self.what {
            What::Whole => f.write_str(on),
            What::Named(name) => write!(f, "{on}.{name}"),
            What::Operation(name) => write!(f, "{on}.${}", or_all(name)),
            What::Query(name) => write!(f, "{on}?{}", or_all(name)),
            What::Include { reverse, code } => {
                write!(f, "{on}?{}", if *reverse { "_revinclude" } else { "_include" })?;
                code.iter().try_for_each(|code| write!(f, "={code}"))
            }
            What::Profile(canonical) => write!(f, "{on}:{}", or_all(canonical)),
        }
    }
}
