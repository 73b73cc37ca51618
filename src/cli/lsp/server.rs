//! The loop: documents, their validation once typing pauses, and what goes to the client.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use fhir_accord_profiles::issue::Issue;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{Diagnostic, InitializeParams, PublishDiagnosticsParams, Uri};
use serde::de::DeserializeOwned;

use super::convert::place;
use super::jobs::{Event, Jobs};
use super::session::Session;
use super::work::{Asked, Check, Flag, Found, Question};
use crate::cli::exit;
use crate::lsp::{Change, Document};

/// How long nothing is typed before a document is validated.
const PAUSE: Duration = Duration::from_millis(200);
/// The most documents that may be open.
const MOST_DOCUMENTS: usize = 10_000;

/// A document with what is going on about it.
struct Open {
    document: Document,
    /// When it is to be validated.
    due: Option<Instant>,
    /// Breaks the validation off that is under way.
    running: Option<Flag>,
    /// The issues of the version that was validated last.
    issues: Option<(i32, Arc<Vec<Issue>>)>,
    /// Whether the client was told of diagnostics.
    is_told: bool,
}

/// How far client and server are.
#[derive(PartialEq, Eq)]
enum Phase {
    Begun,
    Serving,
    ShutDown,
}

pub(super) struct Server<'o> {
    events: Receiver<Event>,
    jobs: Jobs,
    out: &'o mut dyn Write,
    phase: Phase,
    session: Session,
    documents: HashMap<String, Open>,
    /// Requests that are not answered yet.
    pending: HashMap<RequestId, Flag>,
}

type Written = Result<(), String>;

impl<'o> Server<'o> {
    pub fn new(events: Receiver<Event>, jobs: Jobs, out: &'o mut dyn Write) -> Server<'o> {
        Server {
            events,
            jobs,
            out,
            phase: Phase::Begun,
            session: Session::default(),
            documents: HashMap::new(),
            pending: HashMap::new(),
        }
    }

    /// Serves to the end.
    ///
    /// # Errors
    /// Where what is read are no messages, or the client does not take what is written.
    pub fn run(mut self) -> Result<u8, String> {
        loop {
            self.validate_due()?;
            let next = self.documents.values().filter_map(|d| d.due).min();
            let wait = next.map_or(Duration::from_secs(3600), |d| d.saturating_duration_since(Instant::now()));
            let event = match self.events.recv_timeout(wait) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(self.code()),
            };
            match event {
                Event::Closed(None) => return Ok(self.code()),
                Event::Closed(Some(why)) => return Err(why),
                Event::Malformed(why) => self.malformed(&why)?,
                Event::Message(Message::Notification(n)) if n.method == "exit" => return Ok(self.code()),
                Event::Message(Message::Notification(n)) => self.notified(n)?,
                Event::Message(Message::Request(r)) => self.requested(r)?,
                Event::Message(Message::Response(_)) => {}
                Event::Checked { uri, version, found } => self.checked(uri, version, found)?,
                Event::Answer(response) => {
                    self.pending.remove(&response.id);
                    self.send(response.into())?;
                }
            }
        }
    }

    /// The exit code: whether the client had asked for the end.
    fn code(&self) -> u8 {
        if self.phase == Phase::ShutDown { exit::OK } else { exit::INVALID }
    }

    fn send(&mut self, message: Message) -> Written {
        message.write(&mut self.out).map_err(|e| format!("the client does not take messages: {e}"))
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, why: impl Into<String>) -> Written {
        self.send(Response::new_err(id, code as i32, why.into()).into())
    }

    /// Answers a body that is no message: whose it was is not known.
    fn malformed(&mut self, why: &str) -> Written {
        let error = serde_json::json!({"code": ErrorCode::ParseError as i32, "message": format!("no message: {why}")});
        let body = serde_json::json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
        let written = write!(self.out, "Content-Length: {}\r\n\r\n{body}", body.len()).and_then(|()| self.out.flush());
        written.map_err(|e| format!("the client does not take messages: {e}"))
    }

    fn notify(&mut self, method: &str, params: impl serde::Serialize) -> Written {
        let params = serde_json::to_value(params).map_err(|e| e.to_string())?;
        self.send(Notification { method: method.to_owned(), params }.into())
    }

    /// Tells the client's log what cannot be answered.
    fn log(&mut self, message: String) -> Written {
        self.notify("window/logMessage", serde_json::json!({"type": 2, "message": message}))
    }

    fn requested(&mut self, request: Request) -> Written {
        let Request { id, method, params } = request;
        match (&self.phase, &*method) {
            (Phase::Begun, "initialize") => match serde_json::from_value::<InitializeParams>(params) {
                Ok(params) => {
                    self.session = Session::of(&params);
                    self.phase = Phase::Serving;
                    let result = serde_json::to_value(self.session.result()).map_err(|e| e.to_string())?;
                    self.send(Response { id, response_result: Ok(result) }.into())
                }
                Err(e) => self.refuse(id, ErrorCode::InvalidParams, e.to_string()),
            },
            (Phase::Begun, _) => self.refuse(id, ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Phase::ShutDown, _) => self.refuse(id, ErrorCode::InvalidRequest, "the server was shut down"),
            (Phase::Serving, "initialize") => {
                self.refuse(id, ErrorCode::InvalidRequest, "the server was initialized before")
            }
            (Phase::Serving, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.documents.values().filter_map(|d| d.running.as_ref()).for_each(Flag::raise);
                self.send(Response { id, response_result: Ok(serde_json::Value::Null) }.into())
            }
            (Phase::Serving, _) => match asked(&method, params) {
                Ok(Some((uri, asked))) => self.ask(id, uri, asked),
                Ok(None) => self.refuse(id, ErrorCode::MethodNotFound, format!("`{method}` is not served")),
                Err(why) => self.refuse(id, ErrorCode::InvalidParams, why),
            },
        }
    }

    fn ask(&mut self, id: RequestId, uri: Uri, asked: Asked) -> Written {
        let Some(open) = self.documents.get(uri.as_str()) else {
            return self.refuse(id, ErrorCode::InvalidParams, format!("`{}` is not open", uri.as_str()));
        };
        let flag = Flag::default();
        let (document, session) = (open.document.clone(), self.session);
        let issues = open.issues.as_ref().filter(|(version, _)| *version == document.version);
        let issues = issues.map(|(_, issues)| Arc::clone(issues));
        self.pending.insert(id.clone(), flag.clone());
        let question = Question { id, uri, document, issues, asked, session, flag };
        self.jobs.questions.send(question).map_err(|_| "the thread that answers is gone".to_owned())
    }

    fn notified(&mut self, notification: Notification) -> Written {
        let Notification { method, params } = notification;
        if method == "$/cancelRequest" {
            let id = params.get("id");
            let id = id.and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
            id.and_then(|id| self.pending.get(&id)).into_iter().for_each(Flag::raise);
            return Ok(());
        }
        if self.phase != Phase::Serving || !method.starts_with("textDocument/") {
            return Ok(());
        }
        let done = match &*method {
            "textDocument/didOpen" => read(params).and_then(|p| self.open(p)),
            "textDocument/didChange" => read(params).and_then(|p| self.change(p)),
            "textDocument/didClose" => read(params).and_then(|p| self.close(p)),
            _ => Ok(()),
        };
        done.or_else(|why| self.log(format!("`{method}` was not followed: {why}")))
    }

    fn open(&mut self, params: lsp_types::DidOpenTextDocumentParams) -> Written {
        let lsp_types::TextDocumentItem { uri, version, text, .. } = params.text_document;
        if self.documents.len() >= MOST_DOCUMENTS {
            return Err(format!("more than {MOST_DOCUMENTS} documents are open"));
        }
        let document = Document::new(text, version);
        let open = Open { document, due: Some(Instant::now()), running: None, issues: None, is_told: false };
        if let Some(before) = self.documents.insert(uri.as_str().to_owned(), open) {
            before.running.iter().for_each(Flag::raise);
        }
        Ok(())
    }

    fn change(&mut self, params: lsp_types::DidChangeTextDocumentParams) -> Written {
        let (uri, encoding) = (params.text_document.uri, self.session.encoding);
        let open = self.documents.get_mut(uri.as_str());
        let open = open.ok_or_else(|| format!("`{}` is not open", uri.as_str()))?;
        for change in params.content_changes {
            let range = change.range.map(|r| (place(r.start), place(r.end)));
            open.document.change(Change { range, text: change.text }, encoding);
        }
        open.document.version = params.text_document.version;
        open.running.take().iter().for_each(Flag::raise);
        open.due = Some(Instant::now() + PAUSE);
        Ok(())
    }

    fn close(&mut self, params: lsp_types::DidCloseTextDocumentParams) -> Written {
        let uri = params.text_document.uri;
        let Some(open) = self.documents.remove(uri.as_str()) else { return Ok(()) };
        open.running.iter().for_each(Flag::raise);
        if open.is_told { self.publish(uri, None, Vec::new()) } else { Ok(()) }
    }

    /// Hands in the documents whose time has come.
    fn validate_due(&mut self) -> Written {
        let now = Instant::now();
        for (uri, open) in &mut self.documents {
            if open.due.is_none_or(|due| due > now) {
                continue;
            }
            open.due = None;
            let Ok(uri) = uri.parse::<Uri>() else { continue };
            let flag = Flag::default();
            open.running = Some(flag.clone());
            let check = Check { uri, document: open.document.clone(), session: self.session, flag };
            self.jobs.checks.send(check).map_err(|_| "the thread that validates is gone".to_owned())?;
        }
        Ok(())
    }

    /// Tells the client what was found, unless the document has changed since.
    fn checked(&mut self, uri: Uri, version: i32, found: Option<Found>) -> Written {
        let Some(open) = self.documents.get_mut(uri.as_str()) else { return Ok(()) };
        if open.document.version != version || open.due.is_some() {
            return Ok(());
        }
        open.running = None;
        let was_told = std::mem::replace(&mut open.is_told, found.is_some());
        let found = match found {
            None if !was_told => return Ok(()),
            found => found.unwrap_or_default(),
        };
        open.issues = Some((version, found.issues));
        self.publish(uri, Some(version), found.diagnostics)
    }

    fn publish(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) -> Written {
        self.notify("textDocument/publishDiagnostics", PublishDiagnosticsParams { uri, diagnostics, version })
    }
}

/// Params of a method.
fn read<P: DeserializeOwned>(params: serde_json::Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|e| e.to_string())
}

/// What a request asks of which document; `None` where the method is not served.
fn asked(method: &str, params: serde_json::Value) -> Result<Option<(Uri, Asked)>, String> {
    Ok(match method {
        "textDocument/hover" => {
            let at = read::<lsp_types::HoverParams>(params)?.text_document_position_params;
            Some((at.text_document.uri, Asked::Hover(at.position)))
        }
        "textDocument/completion" => {
            let at = read::<lsp_types::CompletionParams>(params)?.text_document_position;
            Some((at.text_document.uri, Asked::Completion(at.position)))
        }
        "textDocument/codeAction" => {
            let params = read::<lsp_types::CodeActionParams>(params)?;
            Some((params.text_document.uri.clone(), Asked::Actions(Box::new(params))))
        }
        _ => None,
    })
}
