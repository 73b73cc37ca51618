//! The content of a Binary that is sent as it is, in the place of a resource
//! (<https://hl7.org/fhir/R4/binary.html#rest>). Nobody looks at it: neither a scope nor a profile may ask for that.

use super::access::{Access, Reason, State};
use super::asked::{Asked, only};
use super::judge::{Draft, Judge};
use super::refusal::refused;
use super::route::Route;
use crate::scope::Permission;

/// The type whose content may be sent as it is.
pub(super) const BINARY: &str = "Binary";
/// Parts of names of media types in which resources and forms are written.
const WRITTEN: [&str; 8] = ["fhir", "form", "json", "ndjson", "rdf", "turtle", "urlencoded", "xml"];

/// Whether a body is sent in a type in which no server reads a resource.
pub(super) fn is_content(access: &Access<'_>) -> bool {
    let Some(sent) = access.content_type.filter(|sent| !sent.contains(',')) else { return false };
    let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_name = |part: &str| {
        let is_plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_'));
        is_plain && !part.is_empty() && !part.split(['.', '+', '-', '_']).any(|word| WRITTEN.contains(&word))
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| kind != "multipart" && is_name(kind) && is_name(subtype))
}

impl Judge<'_> {
    /// Judges a create or an update of a Binary by its content.
    pub(super) fn content(&self, access: &Access<'_>, asked: &Asked<'_>, draft: &mut Draft) -> Result<(), Reason> {
        only(&asked.parameters, &[])?;
        self.negotiated(asked.route.code(), Some(BINARY))?;
        let unseen = |why: &str| refused("body-format", format!("the content of a Binary is not looked at, and {why}"));
        let freely = |permission| {
            self.carriers(BINARY, permission)?;
            let scope = self.freely(BINARY, permission);
            scope.ok_or_else(|| unseen("only scopes with limits carry it; send the resource as FHIR JSON"))
        };
        if access.if_none_exist.is_some() {
            return Err(unseen("`If-None-Exist` is judged with resources alone"));
        }
        if !self.negotiated.writes(BINARY).is_empty() {
            return Err(unseen("Binary is written by agreed profiles; send the resource as FHIR JSON"));
        }
        let Route::Update(_, id) = asked.route else {
            draft.scope = Some(freely(Permission::Create)?);
            return Ok(());
        };
        draft.scope = Some(freely(Permission::Update)?);
        match access.old {
            State::Resource(old) => self.stands(old, BINARY, id),
            State::NotRead => {
                draft.needs_old = !self.flag(BINARY, "updateCreate") || freely(Permission::Create).is_err();
                Ok(())
            }
            State::Absent => {
                self.conditional(BINARY, "updateCreate")?;
                freely(Permission::Create).map(drop)
            }
        }
    }
}
