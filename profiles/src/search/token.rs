//! Token search (<https://hl7.org/fhir/R4/search.html#token>).

use std::borrow::Cow;

use super::answer::{Open, Told, all, any, open};
use super::escape::{plain, split};
use super::reading::{Reading, complex, text_of};
use crate::fhirpath::Item;
use crate::instance::Node;

/// The code systems of booleans, by their addresses over time.
const BOOLEANS: [&str; 2] =
    ["http://terminology.hl7.org/CodeSystem/special-values", "http://hl7.org/fhir/special-values"];

/// The system that is asked for.
#[derive(Debug)]
enum System<'q> {
    /// Whatever it is.
    Any,
    /// None.
    Absent,
    /// This one.
    Is(Cow<'q, str>),
}

/// A value of a token parameter.
#[derive(Debug)]
pub(super) struct Token<'q> {
    system: System<'q>,
    /// `None`: any code of the system.
    code: Option<Cow<'q, str>>,
}

impl<'q> Token<'q> {
    /// Reads `code`, `system|code`, `|code` or `system|`.
    pub fn parse(text: &'q str) -> Result<Token<'q>, Open> {
        let mut parts = split(text, b'|');
        let (first, second) = (plain(parts.next().unwrap_or_default())?, parts.next().map(plain).transpose()?);
        if parts.next().is_some() {
            return open("a token has more than one `|`");
        }
        let token = match second {
            None => Token { system: System::Any, code: Some(first) },
            Some(code) => Token {
                system: if first.is_empty() { System::Absent } else { System::Is(first) },
                code: Some(code).filter(|c| !c.is_empty()),
            },
        };
        match &token {
            Token { code: Some(code), .. } if code.is_empty() => open("a value is empty"),
            Token { system: System::Absent, code: None } => open("a value is empty"),
            _ => Ok(token),
        }
    }

    /// Whether a system and a code of the resource are those asked for.
    fn is(&self, system: Option<&str>, code: Option<&str>) -> Told {
        let right_system = match &self.system {
            System::Any => true,
            System::Absent => system.is_none(),
            System::Is(wanted) => system == Some(&**wanted),
        };
        if !right_system {
            return Ok(false);
        }
        match (&self.code, code) {
            (None, _) => Ok(true),
            (Some(_), None) => Ok(false),
            (Some(wanted), Some(code)) => same_but_for_case(wanted, code),
        }
    }

    /// Whether it is a code whose system only the definition of its element tells.
    fn is_implied(&self, code: &str) -> Told {
        let Some(wanted) = &self.code else { return open("the system of a code is not written in the resource") };
        match (same_but_for_case(wanted, code), &self.system) {
            (Ok(true), System::Is(_) | System::Absent) => open("the system of a code is not written in the resource"),
            (told, _) => told,
        }
    }

    /// Whether it is a value that has no system, or one of these, whatever its definition says.
    fn is_bare(&self, text: &str, systems: &[&str]) -> Told {
        let Some(code) = &self.code else { return open("a system is asked for where a value has none") };
        match (same_but_for_case(code, text), &self.system) {
            (Ok(false), _) => Ok(false),
            (_, System::Is(wanted)) if !systems.contains(&&**wanted) => {
                open("a system is asked for where a value has none")
            }
            (told, _) => told,
        }
    }
}

/// Which letters are the same is up to the code system.
fn same_but_for_case(wanted: &str, found: &str) -> Told {
    if wanted == found {
        return Ok(true);
    }
    // A letter in the other case takes at most three times the bytes, so what is much longer is another text.
    let may_be = found.len() <= wanted.len() * 3 && wanted.len() <= found.len() * 3;
    if may_be && wanted.to_lowercase() == found.to_lowercase() {
        return open("a code differs from the one asked for in the case of its letters alone");
    }
    Ok(false)
}

/// Whether an item is any of the tokens.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Token<'_>, Open>]) -> Told {
    let each = |test: &dyn Fn(&Token<'_>) -> Told| {
        any(wanted.iter().map(|token| {
            reading.take(1)?;
            test(token.as_ref().map_err(Clone::clone)?)
        }))
    };
    let (node, name) = match item {
        Item::Bool(b) => {
            let text = if *b { "true" } else { "false" };
            return each(&|t| t.is_bare(text, &BOOLEANS));
        }
        Item::Node(node, _) => (*node, reading.type_of(item)),
        other => match other.as_str() {
            Some(text) => return each(&|t| t.is_bare(text, &[])),
            None => return open("the parameter finds what is no token"),
        },
    };
    let pair = |node: Node<'_>, system: &str, code: &str| {
        let node = complex(node)?;
        let (system, code) = (reading.child_text(node, system)?, reading.child_text(node, code)?);
        each(&|t| t.is(system.as_deref(), code.as_deref()))
    };
    match name {
        "Coding" => pair(node, "system", "code"),
        "Identifier" => pair(node, "system", "value"),
        "CodeableConcept" => any(reading.children(complex(node)?, "coding").map(|c| pair(c, "system", "code"))),
        "CodeableReference" => match reading.child(complex(node)?, "concept")? {
            Some(concept) => any(reading.children(complex(concept)?, "coding").map(|c| pair(c, "system", "code"))),
            None => Ok(false),
        },
        "ContactPoint" => {
            let Some(value) = reading.child_text(complex(node)?, "value")? else { return Ok(false) };
            reading.take_text(&value)?;
            let bare_value = bare(&value);
            each(&|t| contact(reading, t, (&value, &bare_value)))
        }
        "code" => text_of(node)?.map_or(Ok(false), |code| each(&|t| t.is_implied(&code))),
        "boolean" if matches!(node.text().as_ref(), "true" | "false") => each(&|t| t.is_bare(&node.text(), &BOOLEANS)),
        "string" | "id" | "uri" | "url" | "canonical" | "oid" | "uuid" | "markdown" => {
            text_of(node)?.map_or(Ok(false), |text| each(&|t| t.is_bare(&text, &[])))
        }
        _ => open("the parameter finds what is no token"),
    }
}

/// Letters and digits alone, in one case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a contact is the token. Servers may look at contacts without their punctuation, or at parts of them.
fn contact(reading: &Reading<'_>, token: &Token<'_>, (value, bare_value): (&str, &str)) -> Told {
    let Some(code) = token.code.as_deref() else { return open("a system is asked for where a contact has none") };
    if code == value && !matches!(token.system, System::Is(_)) {
        return Ok(true);
    }
    reading.take_text(bare_value)?;
    if bare_value.contains(&bare(code)) { open("servers differ in how they compare contacts") } else { Ok(false) }
}

/// A value of `:of-type`: system and code of an identifier's type, and its value.
#[derive(Debug)]
pub(super) struct OfType<'q> {
    kind: Token<'q>,
    value: Token<'q>,
}

impl<'q> OfType<'q> {
    /// Reads `system|code|value`.
    pub fn parse(text: &'q str) -> Result<OfType<'q>, Open> {
        let parts: Vec<Cow<'q, str>> = split(text, b'|').map(plain).collect::<Result<_, _>>()?;
        match <[Cow<'q, str>; 3]>::try_from(parts) {
            Ok([system, code, value]) if ![&system, &code, &value].iter().any(|part| part.is_empty()) => Ok(OfType {
                kind: Token { system: System::Is(system), code: Some(code) },
                value: Token { system: System::Any, code: Some(value) },
            }),
            _ => open("`:of-type` has not the form `system|code|value`"),
        }
    }
}

/// Whether an item is any of the identifiers.
pub(super) fn of_type(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<OfType<'_>, Open>]) -> Told {
    let (Item::Node(node, _), "Identifier") = (item, reading.type_of(item)) else {
        return open("`:of-type` is asked of what is no identifier");
    };
    let node = complex(*node)?;
    let value = reading.child_text(node, "value")?;
    any(wanted.iter().map(|wanted| {
        let wanted = wanted.as_ref().map_err(Clone::clone)?;
        let right_value = wanted.value.is(None, value.as_deref());
        let Some(kind) = reading.child(node, "type")? else { return Ok(false) };
        let right_kind = any(reading.children(complex(kind)?, "coding").map(|coding| {
            reading.take(1)?;
            let coding = complex(coding)?;
            let (system, code) = (reading.child_text(coding, "system")?, reading.child_text(coding, "code")?);
            wanted.kind.is(system.as_deref(), code.as_deref())
        }));
        all([right_value, right_kind])
    }))
}
