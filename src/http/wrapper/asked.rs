//! What a request of the validator-wrapper asks for (`model/ValidationRequest`): settings, files, a session.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::context::{self, Context};
use crate::app::Complaint;
use crate::http::Fault;

/// The longest session id that is taken over.
const SESSION_BYTES: usize = 128;

/// The most files of one request, and the most members and entries outside of their contents.
const MOST_FILES: usize = 1_000;
const MOST_PARTS: usize = 100_000;

/// One file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    #[serde(default)]
    pub(super) file_name: Option<String>,
    pub(super) file_content: String,
    #[serde(default)]
    pub(super) file_type: Option<String>,
}

/// A request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) context: Context,
    pub(super) files: Vec<File>,
    pub(super) session: Option<String>,
}

impl Asked {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 where it is no JSON, 422 with the places of what is not understood or not supported.
    pub(super) fn read(body: &[u8]) -> Result<Asked, Fault> {
        if parts(body) > MOST_PARTS {
            return Err(Fault::too_many(MOST_PARTS));
        }
        let value: Value = serde_json::from_slice(body)
            .map_err(|e| Fault::syntax(vec![Complaint::at("", format!("the body is not JSON: {e}"))]))?;
        let Value::Object(mut members) = value else {
            return Err(refused("", "expected an object with `filesToValidate`"));
        };
        let context = context(&mut members)?;
        let files = files(members.remove("filesToValidate"))?;
        Ok(Asked { context, files, session: session(members.remove("sessionId"))? })
    }
}

/// How many members and entries a body has about, what stands in texts left out.
fn parts(body: &[u8]) -> usize {
    let (mut count, mut inside, mut escaped) = (0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'{' | b'[' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

fn refused(pointer: &str, text: impl Into<String>) -> Fault {
    Fault::schema(vec![Complaint::at(pointer, text)])
}

/// The settings, by their older or their newer name.
fn context(members: &mut Map<String, Value>) -> Result<Context, Fault> {
    let mut given = None;
    for name in ["cliContext", "validationContext"] {
        match members.remove(name) {
            None | Some(Value::Null) => {}
            Some(Value::Object(_)) if given.is_some() => {
                return Err(refused(
                    &format!("/{name}"),
                    "`cliContext` and `validationContext` are one thing; send one",
                ));
            }
            Some(Value::Object(settings)) => given = Some((name, settings)),
            Some(_) => return Err(refused(&format!("/{name}"), "expected an object")),
        }
    }
    let (name, settings) = given.unwrap_or(("validationContext", Map::new()));
    context::read(name, settings).map_err(Fault::schema)
}

fn files(given: Option<Value>) -> Result<Vec<File>, Fault> {
    const AT: &str = "/filesToValidate";
    let entries = match given {
        Some(Value::Array(entries)) if !entries.is_empty() => entries,
        Some(Value::Array(_) | Value::Null) | None => {
            let text = "no files to validate; send them as `filesToValidate`, or a resource by itself to \
                        `/validate?profile=URL`";
            return Err(refused(AT, text));
        }
        Some(_) => return Err(refused(AT, "expected an array")),
    };
    if entries.len() > MOST_FILES {
        return Err(refused(AT, format!("at most {MOST_FILES} files are taken at once; send several requests")));
    }
    let mut files = Vec::with_capacity(entries.len());
    for (i, entry) in entries.into_iter().enumerate() {
        // What serde says could repeat what is in the file.
        let file: File = serde_json::from_value(entry).map_err(|_| {
            let text = "expected an object with the texts `fileContent`, and if you like `fileName` and `fileType`";
            refused(&format!("{AT}/{i}"), text)
        })?;
        let known = file.file_type.as_deref().map(str::to_ascii_lowercase);
        if known.is_some_and(|t| t != "json" && t != "xml") {
            let text = "only files of the types `json` and `xml` are validated here";
            return Err(refused(&format!("{AT}/{i}/fileType"), text));
        }
        files.push(file);
    }
    Ok(files)
}

fn session(given: Option<Value>) -> Result<Option<String>, Fault> {
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if id.is_empty() => Ok(None),
        Some(Value::String(id)) if id.len() <= SESSION_BYTES => Ok(Some(id)),
        Some(_) => Err(refused("/sessionId", format!("expected a text of at most {SESSION_BYTES} bytes"))),
    }
}

#[cfg(test)]
#[path = "asked_tests.rs"]
mod tests;
