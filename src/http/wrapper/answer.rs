//! The answer of the validator-wrapper (`model/ValidationResponse`), within a bound on its bytes.

use fhir_accord_profiles::issue::Report;
use serde::Serialize;
use serde_json::json;

use super::asked::File;
use crate::hl7::{Chosen, Message, messages};
use crate::http::Fault;

/// The longest answer: the contents of the files stand in it, too.
const ANSWER_BYTES: usize = 64 << 20;

/// An answer that is put together.
pub(super) struct Answer {
    outcomes: Vec<u8>,
}

/// What became of a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    file_info: FileInfo<'a>,
    issues: Vec<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<&'a str>,
    file_content: &'a str,
    file_type: &'a str,
}

impl Answer {
    pub(super) fn new() -> Answer {
        Answer { outcomes: Vec::new() }
    }

    /// Adds what became of a file; `others` are issues beside the report's.
    ///
    /// # Errors
    /// 422 where the answer would be too long.
    pub(super) fn add(
        &mut self,
        file: &File,
        file_type: &str,
        report: &Report,
        chosen: &Chosen,
        others: Vec<Message<'_>>,
    ) -> Result<(), Fault> {
        let file_info = FileInfo { file_name: file.file_name.as_deref(), file_content: &file.file_content, file_type };
        let outcome = Outcome { file_info, issues: messages(report, chosen).into_iter().chain(others).collect() };
        if !self.outcomes.is_empty() {
            self.outcomes.push(b',');
        }
        serde_json::to_writer(&mut self.outcomes, &outcome)
            .map_err(|_| Fault::internal("the answer could not be written"))?;
        if self.outcomes.len() > ANSWER_BYTES { Err(Fault::too_costly(ANSWER_BYTES)) } else { Ok(()) }
    }

    /// The answer as JSON. No times are told.
    pub(super) fn finish(self, session: &str) -> Vec<u8> {
        let rest = format!("],\"sessionId\":{},\"validationTimes\":{{}}}}", json!(session));
        [&b"{\"outcomes\":["[..], &self.outcomes, rest.as_bytes()].concat()
    }
}
