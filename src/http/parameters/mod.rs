//! The Parameters resource of `$validate` (<https://hl7.org/fhir/R4/parameters.html>), read on the tape so that the
//! resource inside keeps its exact text.

mod call;
mod complaints;
mod guarding;
mod head;
#[cfg(test)]
mod tests;

use fhir_accord_profiles::instance::{Limits, NameId, read as read_instance};

use super::Fault;
pub(super) use call::{Call, Inner};
use call::{NAMES, name, take};
pub(super) use complaints::{complain, words};
pub(super) use guarding::{Guarding, guarding};
pub(super) use head::{Head, head};

/// How a body of `$validate` is to be understood.
#[derive(Debug)]
pub(super) enum Reading {
    /// The body is the resource.
    Raw,
    /// The body is the operation's Parameters.
    Call(Call),
}

/// Whether a body could be Parameters: a cheap look, that errs on the side of yes.
pub(super) fn may_be(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"Parameters").is_some() || memchr::memmem::find(body, b"\\u").is_some()
}

/// Reads a body, within these bounds: Parameters that call the operation, or the resource itself.
///
/// # Errors
/// 400 where the body is Parameters and cannot be read as such.
pub(super) fn read(body: &[u8], intake: &Limits) -> Result<Reading, Fault> {
    if !may_be(body) {
        return Ok(Reading::Raw);
    }
    let limits = Limits { depth: intake.depth + 3, ..intake.clone() };
    let tape = read_instance(body, &NAMES, &limits);
    let Some(root) = tape.root() else { return Ok(Reading::Raw) };
    if root.child_text(NameId::RESOURCE_TYPE).as_deref() != Some("Parameters") {
        return Ok(Reading::Raw);
    }
    let mut call = Call::default();
    for parameter in root.children_named(name("parameter")) {
        take(&mut call, parameter)?;
    }
    complain(&tape, body, call.resource.as_ref().map(|r| &r.range))?;
    Ok(Reading::Call(call))
}
