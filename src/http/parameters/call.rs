//! The parameters of `$validate`, one by one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use fhir_accord_profiles::instance::{NameId, Names, Node, outer_declarations, resource_span};

use crate::http::Fault;
use crate::http::mode::Mode;

/// The names that this room looks for.
pub(super) static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(["parameter", "name"]));

pub(super) fn name(text: &str) -> NameId {
    NAMES.find(text.as_bytes()).unwrap_or_default()
}

/// The parameters of `$validate`.
#[derive(Debug, Default)]
pub(in crate::http) struct Call {
    pub resource: Option<Inner>,
    pub mode: Option<Mode>,
    pub profiles: Vec<String>,
}

/// The resource in a body.
#[derive(Debug, Default)]
pub(in crate::http) struct Inner {
    /// Its bytes in the body.
    pub range: Range<usize>,
    /// Where in it the namespaces belong that are declared around it, and their declarations.
    pub declared: Option<(usize, String)>,
}

impl Inner {
    /// The bytes of a body from here to there.
    pub fn plain(range: Range<usize>) -> Inner {
        Inner { range, declared: None }
    }

    /// The resource as a document of its own.
    pub fn text<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        let text = body.get(self.range.clone()).unwrap_or_default();
        match self.declared.as_ref().and_then(|(at, all)| Some((text.split_at_checked(*at)?, all))) {
            Some(((head, rest), all)) => Cow::Owned([head, all.as_bytes(), rest].concat()),
            None => Cow::Borrowed(text),
        }
    }

    /// The place in the body of a place in that document.
    pub fn place_in_body(&self, at: u32) -> u32 {
        let at = match &self.declared {
            Some((from, all)) => (at as usize).saturating_sub(all.len()).max((*from).min(at as usize)),
            None => at as usize,
        };
        (self.range.start + at) as u32
    }
}

pub(super) fn take(call: &mut Call, parameter: Node<'_>) -> Result<(), Fault> {
    match parameter.child_text(name("name")).as_deref() {
        Some("resource") => {
            let none = || Fault::invalid("parameters", "parameter `resource` contains no resource");
            let held = parameter.child(NameId::RESOURCE).ok_or_else(none)?;
            let span = resource_span(held).ok_or_else(none)?;
            let inner = Inner {
                range: span.start as usize..span.end as usize,
                declared: outer_declarations(held).map(|(at, all)| ((at - span.start) as usize, all)),
            };
            if call.resource.replace(inner).is_some() {
                return Err(Fault::invalid("parameters", "duplicate parameter `resource`"));
            }
        }
        Some("mode") => {
            let mode = Mode::parse(&value(parameter, "mode")?)?;
            if call.mode.replace(mode).is_some() {
                return Err(Fault::invalid("parameters", "duplicate parameter `mode`"));
            }
        }
        Some("profile") => call.profiles.push(value(parameter, "profile")?),
        Some(other) => {
            return Err(Fault::invalid(
                "parameters",
                format!("unknown parameter `{other}`; known are resource, mode and profile"),
            ));
        }
        None => return Err(Fault::invalid("parameters", "a parameter without a name")),
    }
    Ok(())
}

/// The text of `value[x]`, of whichever type of string.
fn value(parameter: Node<'_>, which: &str) -> Result<String, Fault> {
    let found = parameter.children().find(|c| c.name_text().starts_with("value") && c.has_value());
    let text = found.map(|v| v.text().into_owned()).filter(|t| !t.is_empty());
    text.ok_or_else(|| Fault::invalid("parameters", format!("parameter `{which}` has no value")))
}
