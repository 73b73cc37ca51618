//! The parameters of `$validate`, one by one.

use std::ops::Range;
use std::sync::LazyLock;

use fhir_accord_profiles::instance::{NameId, Names, Node};

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
    /// The bytes of the resource in the body.
    pub resource: Option<Range<usize>>,
    pub mode: Option<Mode>,
    pub profiles: Vec<String>,
}

pub(super) fn take(call: &mut Call, parameter: Node<'_>) -> Result<(), Fault> {
    match parameter.child_text(name("name")).as_deref() {
        Some("resource") => {
            let resource = parameter.child(NameId::RESOURCE).filter(|r| r.is_object());
            let resource =
                resource.ok_or_else(|| Fault::invalid("parameters", "parameter `resource` contains no resource"))?;
            let span = resource.span();
            if call.resource.replace(span.start as usize..span.end as usize).is_some() {
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
