//! Work that the loop hands to threads, and the thread that reads messages.

use std::io::{BufReader, stdin};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::Builder;

use fhir_accord_profiles::evaluate::Memory;
use lsp_server::{ErrorCode, Message, Response};
use lsp_types::Uri;

use super::engine::Engine;
use super::frames::{Frame, read as read_frame};
use super::work::{Check, Found, Question};
use super::{answers, check};

/// The stack of a thread that validates.
const STACK: usize = 32 << 20;
/// The most messages that were read and not yet looked at.
const UNREAD: usize = 256;

/// What happens to the loop.
pub(super) enum Event {
    /// A message of the client.
    Message(Message),
    /// A body that is no message, and why.
    Malformed(String),
    /// Nothing more comes; with what is wrong, where something is.
    Closed(Option<String>),
    /// A document was validated; `None`: it is no FHIR instance.
    Checked { uri: Uri, version: i32, found: Option<Found> },
    /// A request is answered.
    Answer(Response),
}

/// Where work is handed in.
pub(super) struct Jobs {
    pub checks: Sender<Check>,
    pub questions: Sender<Question>,
}

fn thread(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let started = Builder::new().name(name.to_owned()).stack_size(STACK).spawn(body);
    started.map(drop).map_err(|e| format!("no thread could be started: {e}"))
}

/// Starts the threads that validate and answer.
///
/// # Errors
/// Where the system starts no thread.
pub(super) fn start(engine: &Arc<Engine>, events: &SyncSender<Event>) -> Result<Jobs, String> {
    let (checks, waiting): (_, Receiver<Check>) = channel();
    let (own, done) = (Arc::clone(engine), events.clone());
    thread("check", move || {
        let mut memory = Memory::default();
        for job in waiting {
            if job.flag.is_raised() {
                continue;
            }
            let work = || check::check(&own, &job, &mut memory);
            let found = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Some(check::broken_down()));
            // A document that was closed, or opened again, has other diagnostics by now.
            if job.flag.is_raised() {
                continue;
            }
            let (uri, version) = (job.uri.clone(), job.document.version);
            if done.send(Event::Checked { uri, version, found }).is_err() {
                return;
            }
        }
    })?;
    let (questions, waiting): (_, Receiver<Question>) = channel();
    let (own, done) = (Arc::clone(engine), events.clone());
    thread("answer", move || {
        for job in waiting {
            let id = job.id.clone();
            let refused = |code: ErrorCode, why: &str| Response::new_err(id.clone(), code as i32, why.to_owned());
            let response = match job.flag.is_raised() {
                true => refused(ErrorCode::RequestCanceled, "the request was cancelled"),
                false => match catch_unwind(AssertUnwindSafe(|| answers::answer(&own, &job))) {
                    Ok(Ok(result)) => Response { id, response_result: Ok(result) },
                    Ok(Err(why)) => refused(ErrorCode::RequestFailed, &why),
                    Err(_) => refused(ErrorCode::InternalError, "the answer broke down: an error of this program"),
                },
            };
            if done.send(Event::Answer(response)).is_err() {
                return;
            }
        }
    })?;
    Ok(Jobs { checks, questions })
}

/// Where events come together: whoever reads waits when too many were not looked at.
pub(super) fn events() -> (SyncSender<Event>, Receiver<Event>) {
    sync_channel(UNREAD)
}

/// Starts the thread that reads messages from standard input.
///
/// # Errors
/// Where the system starts no thread.
pub(super) fn read(events: SyncSender<Event>) -> Result<(), String> {
    thread("read", move || {
        let mut input = BufReader::new(stdin());
        loop {
            let event = match read_frame(&mut input) {
                Frame::End => Event::Closed(None),
                Frame::Broken(why) => Event::Closed(Some(why)),
                Frame::Body(body) => message(&body),
            };
            let is_last = matches!(event, Event::Closed(_));
            if events.send(event).is_err() || is_last {
                return;
            }
        }
    })
}

/// The message of a body. It is read as a value first: only so are numbers numbers again.
fn message(body: &[u8]) -> Event {
    let value: Result<serde_json::Value, _> = serde_json::from_slice(body);
    match value.and_then(serde_json::from_value::<Message>) {
        Ok(message) => Event::Message(message),
        Err(e) => Event::Malformed(e.to_string()),
    }
}
