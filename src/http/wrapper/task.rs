//! One request, ready to run on any thread.

use std::sync::Arc;

use fhir_accord_profiles::evaluate::Memory;
use fhir_accord_profiles::instance::is_xml;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::Report;

use super::answer::Answer;
use super::asked::{Asked, File};
use crate::app::{App, AppError, Complaint, Engine, Request};
use crate::hl7::{Chosen, Level, Message};
use crate::http::Fault;
use crate::http::service::Service;
use crate::http::trace::new_id;
use crate::printable::one_line;
use crate::project::{Applied, Wanted};

pub(super) struct Task {
    asked: Asked,
}

impl Task {
    /// Reads a body.
    ///
    /// # Errors
    /// As [`Asked::read`].
    pub(super) fn read(body: &[u8]) -> Result<Task, Fault> {
        Asked::read(body).map(|asked| Task { asked })
    }

    /// The answer as JSON.
    ///
    /// # Errors
    /// 422 where a package or a profile is not loaded, 503 where it was broken off.
    pub(super) fn run(&self, service: &Service, interrupt: &Interrupt) -> Result<Vec<u8>, Fault> {
        let context = &self.asked.context;
        let chosen = Chosen { open_errors: service.config.wrapper_open_errors, ..context.chosen.clone() };
        let mut policies = chosen.policies(&service.config.validation);
        policies.work.interrupt = interrupt.clone();
        let filter = service.config.filter.as_deref();
        let wanted = Wanted { level: policies.level, issues: policies.issues };
        if let Some(filter) = filter {
            policies = filter.collecting(policies);
        }
        let request = Request { profiles: context.profiles.clone(), policies, now: None };
        let engine = service.engine();
        let narrowed = self.narrowed(&*engine)?;
        let mut memory = Memory::default();
        let mut answer = Answer::new();
        for file in &self.asked.files {
            let app = match &narrowed {
                Some(app) => Some(&**app),
                None => self.app(&*engine)?,
            };
            let text = file.file_content.as_bytes();
            let report = match app {
                Some(app) => app.validate_with(text, &request, &mut memory),
                None => engine.validate(text, &request, &mut memory),
            };
            let broken_off = || Fault::timeout(service.config.limits.work_timeout_ms);
            if interrupt.is_raised() {
                return Err(broken_off());
            }
            let report = report.map_err(refused)?;
            let applied = match filter {
                Some(filter) => filter.apply(report, ("", None), wanted),
                None => Applied::plain(report),
            };
            service.metrics.report(&applied.report);
            let (found, mut others) = self.beside(service, file, &applied.report);
            let changed = |text| Message::beside(Level::Information, "settings", "informational", text);
            others.extend(applied.remark().map(changed));
            answer.add(file, found, &applied.report, &chosen, others)?;
        }
        let session = self.asked.session.clone().unwrap_or_else(new_id);
        Ok(answer.finish(&session))
    }

    /// The engine over the packages that are named; `None` where none is.
    fn narrowed(&self, engine: &dyn Engine) -> Result<Option<Arc<App>>, Fault> {
        let context = &self.asked.context;
        if context.packages.is_empty() {
            return Ok(None);
        }
        let app = engine.narrowed(context.version, &context.packages);
        app.map(Some).map_err(|e| {
            tell(&e);
            Fault::refused("package-unknown", Complaint::new(e.to_string()))
        })
    }

    /// The engine of the FHIR version, or else the one that knows the profiles; `None`: the first.
    fn app<'e>(&self, engine: &'e dyn Engine) -> Result<Option<&'e App>, Fault> {
        let context = &self.asked.context;
        let app = match context.version {
            Some(version) => Some(engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?),
            None if context.profiles.is_empty() => None,
            None => engine.knowing(&context.profiles),
        };
        Ok(app.filter(|app| !std::ptr::eq(*app, engine.loaded())))
    }

    /// The format of a file, and what is said of it beside its report.
    fn beside(&self, service: &Service, file: &File, report: &Report) -> (&'static str, Vec<Message<'static>>) {
        let found = if is_xml(file.file_content.as_bytes()) { "xml" } else { "json" };
        let mut others = Vec::new();
        if let Some(named) = file.file_type.as_deref().filter(|named| !named.eq_ignore_ascii_case(found)) {
            let text = format!("the file is sent as `{named}`, and is no {named}");
            others.push(Message::beside(Level::Fatal, "file-type", "structure", text));
        }
        let own = service.config.tx.as_ref().map(|url| url.secret());
        let asks = self.asked.context.tx.as_deref();
        if let Some(url) = asks.filter(|url| report.tally.questions > 0 && Some(*url) != own) {
            let asked = if own.is_some() { "the service asks its own" } else { "the service asks none" };
            let text = format!("the terminology server `{url}` is not asked: {asked}, by its setting `tx`");
            others.push(Message::beside(Level::Information, "tx-server", "informational", text));
        }
        (found, others)
    }
}

/// Tells the log why, too: Inferno shows nobody the body of a refusal, and sends its users there.
fn tell(why: &dyn std::fmt::Display) {
    let why = one_line(&why.to_string()).into_owned();
    tracing::warn!(why, "POST /validate names what is not loaded");
}

fn refused(error: AppError) -> Fault {
    match error {
        AppError::Profile(text) => {
            tell(&text);
            Fault::unknown_profile(text)
        }
        other => {
            tracing::error!(error = %other, "validation could not run");
            Fault::internal("validation could not run; the log of the service says why")
        }
    }
}
