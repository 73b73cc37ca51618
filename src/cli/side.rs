//! The sides of a negotiation, as a command line names them: a file, a guide, or with `--fetch` the URL of a server.

use std::path::Path;

use serde_json::Value;

use crate::capability::{Hooks, Side};
use crate::printable::note;
use crate::remote::guard::{Guard, any, public_only};
use crate::remote::server_documents::{ServerDocuments, Settings, Unread};
use crate::remote::server_url::ServerUrl;

/// The options that let a negotiation go online.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(super) struct Fetching {
    /// Read the statements of sides that are given as URLs, and the server's .well-known/smart-configuration
    #[arg(long)]
    fetch: bool,
    /// With --fetch: connect to any address, such as loopback and private ones
    #[arg(long, requires = "fetch")]
    allow_private_addresses: bool,
}

impl Fetching {
    /// What reads from servers; `None` without `--fetch`.
    pub(super) fn documents(self) -> Result<Option<ServerDocuments>, String> {
        let guard: Guard = if self.allow_private_addresses { any } else { public_only };
        self.fetch.then(|| ServerDocuments::new(Settings { guard, ..Settings::default() })).transpose()
    }
}

/// A side, and where it came from.
#[derive(Clone, Debug)]
pub(super) struct ReadSide {
    /// What the negotiation is given.
    pub side: Side,
    /// The path of a file, `ig:ID#VERSION`, or the URL of a statement.
    pub from: String,
    /// The server, where the statement came from one.
    server: Option<ServerUrl>,
}

impl ReadSide {
    /// A side that came from a file.
    pub(super) fn of(side: Side, from: &str) -> ReadSide {
        ReadSide { side, from: from.to_owned(), server: None }
    }
}

/// The guides among sides, as `ID#VERSION` or `ID`: they belong to the package set too.
pub(super) fn guides<'a>(sides: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    sides.into_iter().filter_map(|side| side.strip_prefix("ig:")).map(str::to_owned).collect()
}

/// Reads the side that a text names: `ig:ID#VERSION`, a URL, or the path of a file.
pub(super) fn read(text: &str, documents: Option<&ServerDocuments>) -> Result<ReadSide, String> {
    if text.starts_with("ig:") {
        let side = Side::parse_guide(text).ok_or_else(|| format!("`{text}` names no guide; write `ig:ID#VERSION`"))?;
        return Ok(ReadSide::of(side, text));
    }
    if ServerUrl::is_meant(text) {
        return fetched(ServerUrl::parse(text)?, documents);
    }
    Ok(ReadSide::of(Side::Statement(read_json(Path::new(text))?), text))
}

/// The CDS Hooks services that a side is, which becomes the statement that they make; `None` for another side.
///
/// # Errors
/// A message where the document has too many prefetch templates.
pub(super) fn hooks(side: &mut ReadSide) -> Result<Option<Hooks>, String> {
    let Side::Statement(document) = &mut side.side else { return Ok(None) };
    if !Hooks::is_discovery(document) {
        return Ok(None);
    }
    let hooks = Hooks::read(document).map_err(|e| format!("`{}` cannot be used: {e}", side.from))?;
    *document = hooks.statement().clone();
    Ok(Some(hooks))
}

fn fetched(server: ServerUrl, documents: Option<&ServerDocuments>) -> Result<ReadSide, String> {
    let documents = documents
        .ok_or_else(|| format!("`{server}` is not read without --fetch: nothing goes online unless it is asked to"))?;
    let statement = documents.statement(&server).map_err(|e| match e {
        Unread::Absent { .. } => format!("{e}; pass the base URL of a FHIR server, or the file of a statement"),
        Unread::Failed { .. } => e.to_string(),
    })?;
    Ok(ReadSide { side: Side::Statement(statement), from: server.to_string(), server: Some(server) })
}

/// The SMART configuration: of the file, else of the server that the side came from. One that a server does not give is
/// told on standard error, and stops nothing.
pub(super) fn smart(
    file: Option<&Path>,
    side: &ReadSide,
    documents: Option<&ServerDocuments>,
) -> Result<Option<Value>, String> {
    let (None, Some(server), Some(documents)) = (file, &side.server, documents) else {
        return file.map(read_json).transpose();
    };
    let configuration = documents.smart_configuration(server);
    Ok(configuration.inspect_err(|e| note(&format!("negotiating without a SMART configuration: {e}"))).ok())
}

/// The JSON of a file.
pub(super) fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read(path).map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    serde_json::from_slice(text).map_err(|e| format!("`{}` is not JSON: {e}", path.display()))
}
