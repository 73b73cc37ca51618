//! What a negotiation lists of searching: parameters and includes. What it does not list, nobody agreed to.

use super::access::Reason;
use super::judge::Judge;
use super::offer::Level;
use super::refusal::refused;

/// Parameters that say how much is answered, and in which order: of them only what is excluded is refused.
const SHAPING: [&str; 7] = ["_contained", "_count", "_elements", "_sort", "_summary", "_total", "_type"];
/// What leads a search back through references: each parameter on its way is judged, and not the way.
const REVERSE: &str = "_has";
/// Names by which servers take another method from a query.
const OTHER_METHOD: [&str; 4] = ["_method", "x-http-method", "x-http-method-override", "x-method-override"];

/// Whether a parameter may be read as another method than the one that is judged.
pub(super) fn is_other_method(name: &str) -> bool {
    OTHER_METHOD.iter().any(|own| own.eq_ignore_ascii_case(name))
}

impl Judge<'_> {
    /// Whether the negotiation lists a search parameter of a type, or with `None` of the system level.
    pub(super) fn parameter_listed(&self, resource_type: Option<&str>, name: &str) -> Result<(), Reason> {
        let standing = self.negotiated.level(resource_type).and_then(|l| l.parameters.get(name));
        let needs_no_row = name == REVERSE || SHAPING.contains(&name);
        let on = resource_type.unwrap_or("the system level");
        let text = match standing {
            Some(s) if s.usable || needs_no_row && !s.is_excluded => return Ok(()),
            None if needs_no_row => return Ok(()),
            Some(s) if s.is_excluded => {
                format!("the negotiation says that the search parameter `{name}` cannot be used")
            }
            Some(_) => format!("the negotiation leaves open whether the search parameter `{name}` of {on} can be used"),
            None => format!("the negotiation does not list the search parameter `{name}` of {on}"),
        };
        Err(refused("parameter-not-negotiated", text))
    }

    /// Whether the negotiation lists an include, as `Observation:subject:Patient`, under any of the codes that cover
    /// it; of the type that is searched, or where `resource_type` is `None` of any.
    pub(super) fn include_listed(&self, resource_type: Option<&str>, name: &str, value: &str) -> Result<(), Reason> {
        let mut parts = value.splitn(3, ':');
        let (source, parameter) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let codes = [value.to_owned(), format!("{source}:{parameter}"), format!("{source}:*"), "*".to_owned()];
        let codes = codes.map(|code| format!("{name}={code}"));
        let of = |level: &Level, is: &dyn Fn(super::offer::Standing) -> bool| {
            codes.iter().any(|code| level.includes.get(code).is_some_and(|s| is(*s)))
        };
        let excluded = self.negotiated.types.values().any(|level| of(level, &|s| s.is_excluded));
        let listed = match resource_type {
            Some(own) => self.negotiated.types.get(own).is_some_and(|level| of(level, &|s| s.usable)),
            None => self.negotiated.types.values().any(|level| of(level, &|s| s.usable)),
        };
        let text = match (excluded, listed) {
            (false, true) => return Ok(()),
            (true, _) => format!("the negotiation says that an `{name}` cannot be used"),
            (false, false) => format!("the negotiation does not list the `{name}`, or leaves open whether it works"),
        };
        Err(refused("include-not-negotiated", text))
    }
}
