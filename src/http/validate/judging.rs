//! A resource, held against the address and judged.

use std::sync::Arc;

use actix_web::http::StatusCode;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::issue::{Report, RuleId, Severity};

use super::details::detailed;
use super::memory::with_kept;
use super::remarks::{ADDRESS, demand_id, shift};
use super::task::Task;
use crate::app::{App, AppError, Complaint, Engine, Request};
use crate::http::Fault;
use crate::http::mode::Mode;
use crate::http::parameters::{self, Head, Inner};
use crate::http::service::Service;
use crate::project::{Applied, Wanted};
use crate::render::outcome;

impl Task {
    pub(super) fn validate(
        &self,
        service: &Service,
        text: &[u8],
        inner: &Inner,
        request: Request,
        mode: Option<Mode>,
    ) -> Result<(StatusCode, String), Fault> {
        let alone = inner.text(text);
        let instance = &*alone;
        let head = if self.target.resource_type.is_some() || mode == Some(Mode::Update) {
            parameters::head(instance, &request.policies.intake())
        } else {
            Head::default()
        };
        self.check_target(&head)?;
        let applied = self.in_force(service, instance, request)?;
        let settings = applied.note();
        let mut report = applied.report;
        // Of what was not read to its end the id may be behind it.
        let is_read = report.stopped.is_none();
        if mode == Some(Mode::Update) && is_read && head.resource_type.is_some() && head.id.is_none() {
            demand_id(&mut report, &head);
        }
        if inner.range.start > 0 {
            shift(&mut report, text, inner);
        }
        let note = (mode == Some(Mode::Update) && self.target.id.is_none()).then_some(&ADDRESS);
        let status = match report.stopped {
            None => StatusCode::OK,
            Some(RuleId::LIMIT_TIME) => StatusCode::SERVICE_UNAVAILABLE,
            Some(_) => StatusCode::PAYLOAD_TOO_LARGE,
        };
        let outcome = outcome(&report, None).with_note(note).with_note(settings.as_ref());
        let text = if self.query.details { self.print(&detailed(&outcome, &report)) } else { self.print(&outcome) };
        Ok((status, text))
    }

    /// The report, with the settings of the project that the service is run with.
    fn in_force(&self, service: &Service, instance: &[u8], request: Request) -> Result<Applied, Fault> {
        let Some(filter) = &service.config.filter else {
            let told = self.report(service, instance, &request).map(Applied::plain);
            return told.inspect(|applied| self.count(service, &request, &applied.report));
        };
        let wanted = Wanted { level: request.policies.level, issues: request.policies.issues };
        let request = Request { policies: filter.collecting(request.policies), ..request };
        let report = self.report(service, instance, &request)?;
        let applied = filter.apply(report, ("", None), wanted);
        self.count(service, &request, &applied.report);
        Ok(applied)
    }

    /// Counts what is in force. What a worker broke off is begun anew elsewhere, and counts there.
    fn count(&self, service: &Service, request: &Request, report: &Report) {
        if !(self.in_place && request.policies.work.interrupt.is_raised()) {
            service.metrics.report(report);
        }
    }

    /// What the engine of the FHIR version says that the address, the content type or else the profiles tell.
    fn report(&self, service: &Service, instance: &[u8], request: &Request) -> Result<Report, Fault> {
        let engine = service.engine();
        let narrowed = self.narrowed(&*engine)?;
        let app = match self.fhir_version {
            _ if narrowed.is_some() => narrowed.as_deref(),
            Some(version) => Some(engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?),
            None if request.profiles.is_empty() => None,
            None => engine.knowing(&request.profiles),
        };
        let app = app.filter(|app| !std::ptr::eq(*app, engine.loaded()));
        let validate = |memory: &mut Memory| match app {
            Some(app) => app.validate_with(instance, request, memory),
            None => engine.validate(instance, request, memory),
        };
        let report = if self.in_place { with_kept(validate) } else { validate(&mut Memory::default()) };
        report.map_err(|e| match e {
            AppError::Profile(text) => Fault::unknown_profile(text),
            other => {
                tracing::error!(error = %other, "validation could not run");
                Fault::internal("validation could not run; the log of the service says why")
            }
        })
    }

    /// The engine over the packages that the address names; `None` where it names none.
    fn narrowed(&self, engine: &dyn Engine) -> Result<Option<Arc<App>>, Fault> {
        let packages = &self.query.packages;
        if packages.is_empty() {
            return Ok(None);
        }
        let app = engine.narrowed(self.fhir_version, packages);
        app.map(Some).map_err(|e| Fault::refused("package-unknown", Complaint::new(e.to_string())))
    }

    /// What is in force: the settings of the service, changed by the address.
    pub(super) fn policies(&self, settings: &Policies) -> Policies {
        let policies = self.query.policies.apply(settings.clone());
        Policies { level: self.query.level.unwrap_or(Severity::Warning), ..policies }
    }

    /// The body must be what the address says it is.
    fn check_target(&self, head: &Head) -> Result<(), Fault> {
        if let (Some(wanted), Some(found)) = (&self.target.resource_type, &head.resource_type)
            && wanted != found
        {
            return Err(Fault::invalid(
                "type-mismatch",
                format!("the resource type in the address is `{wanted}`, the one in the body `{found}`"),
            ));
        }
        if let (Some(wanted), Some(found)) = (&self.target.id, &head.id)
            && wanted != found
        {
            return Err(Fault::invalid("id-mismatch", "the id in the address and the id in the body differ"));
        }
        Ok(())
    }
}
