//! What is handed to threads: documents to be validated, requests to be answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fhir_accord_profiles::interrupt::{Interrupt, Signal};
use fhir_accord_profiles::issue::Issue;
use lsp_server::RequestId;
use lsp_types::{CodeActionParams, Diagnostic, Position, Uri};

use super::session::Session;
use crate::lsp::Document;

/// A flag that breaks work off.
#[derive(Clone, Default)]
pub(super) struct Flag(Arc<AtomicBool>);

impl Flag {
    /// Breaks the work off.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The engine's view of it.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt::by(Arc::new(self.clone()))
    }
}

impl Signal for Flag {
    fn is_raised(&self) -> bool {
        Flag::is_raised(self)
    }
}

/// What a validation found.
#[derive(Default)]
pub(super) struct Found {
    pub diagnostics: Vec<Diagnostic>,
    /// What they were made from; empty where the document could not be validated.
    pub issues: Arc<Vec<Issue>>,
}

/// A document to be validated.
pub(super) struct Check {
    pub uri: Uri,
    pub document: Document,
    pub session: Session,
    pub flag: Flag,
}

/// A request to be answered.
pub(super) struct Question {
    pub id: RequestId,
    pub uri: Uri,
    pub document: Document,
    /// The issues of the text, where it was validated as it is.
    pub issues: Option<Arc<Vec<Issue>>>,
    pub asked: Asked,
    pub session: Session,
    pub flag: Flag,
}

/// What is asked of a document.
pub(super) enum Asked {
    Hover(Position),
    Completion(Position),
    Actions(Box<CodeActionParams>),
}
