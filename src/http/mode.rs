//! The modes of `$validate` (<https://hl7.org/fhir/R4/valueset-resource-validation-mode.html>).

use super::Fault;

/// What is to be validated for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    Create,
    Update,
    Delete,
    Profile,
}

impl Mode {
    /// The mode of a code.
    ///
    /// # Errors
    /// 400 for any other code.
    pub(super) fn parse(code: &str) -> Result<Mode, Fault> {
        match code {
            "create" => Ok(Mode::Create),
            "update" => Ok(Mode::Update),
            "delete" => Ok(Mode::Delete),
            "profile" => Ok(Mode::Profile),
            other => Err(Fault::invalid(
                "mode",
                format!("unknown mode `{other}`; expected create, update, delete or profile"),
            )),
        }
    }
}
