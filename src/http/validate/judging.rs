//! A resource, held against the address and judged.

use std::ops::Range;

use actix_web::http::StatusCode;
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::{Report, RuleId, Severity};

use super::remarks::{demand_id, note, shift};
use super::task::Task;
use crate::app::{AppError, Request};
use crate::http::Fault;
use crate::http::mode::Mode;
use crate::http::parameters::{self, Head};
use crate::http::service::Service;
use crate::render::operation_outcome;

impl Task {
    pub(super) fn validate(
        &self,
        service: &Service,
        text: &[u8],
        range: Range<usize>,
        request: Request,
        mode: Option<Mode>,
    ) -> Result<(StatusCode, String), Fault> {
        let instance = text.get(range.clone()).unwrap_or_default();
        let head = if self.target.resource_type.is_some() || mode == Some(Mode::Update) {
            parameters::head(instance, &request.policies.intake())
        } else {
            Head::default()
        };
        self.check_target(&head)?;
        let mut report = self.report(service, instance, &request)?;
        // Of what was not read to its end the id may be behind it.
        let is_read = report.stopped.is_none();
        if mode == Some(Mode::Update) && is_read && head.resource_type.is_some() && head.id.is_none() {
            demand_id(&mut report, &head);
        }
        if range.start > 0 {
            shift(&mut report, text, range.start);
        }
        let mut outcome = operation_outcome(&report, None);
        if mode == Some(Mode::Update) && self.target.id.is_none() {
            note(
                &mut outcome,
                "the mode `update` belongs at the address of an instance; only what does not need the address \
                 was checked",
            );
        }
        let status = match report.stopped {
            None => StatusCode::OK,
            Some(RuleId::LIMIT_TIME) => StatusCode::SERVICE_UNAVAILABLE,
            Some(_) => StatusCode::PAYLOAD_TOO_LARGE,
        };
        Ok((status, self.print(outcome)))
    }

    /// What the engine of the FHIR version says that the address, the content type or else the profiles tell.
    fn report(&self, service: &Service, instance: &[u8], request: &Request) -> Result<Report, Fault> {
        let engine = service.engine();
        let app = match self.fhir_version {
            Some(version) => Some(engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?),
            None if request.profiles.is_empty() => None,
            None => engine.knowing(&request.profiles),
        };
        let report = match app.filter(|app| !std::ptr::eq(*app, engine.loaded())) {
            Some(app) => app.validate(instance, request),
            None => engine.validate(instance, request),
        };
        let told = |report: &Report| {
            if !(self.in_place && request.policies.work.interrupt.is_raised()) {
                service.metrics.report(report);
            }
        };
        report.inspect(told).map_err(|e| match e {
            AppError::Profile(text) => Fault::unknown_profile(text),
            other => {
                tracing::error!(error = %other, "validation could not run");
                Fault::internal("validation could not run; the log of the service says why")
            }
        })
    }

    /// What is in force: the settings of the service, changed by the address.
    pub(super) fn policies(&self, settings: &Policies) -> Policies {
        let policies = self.query.policies.apply(settings.clone());
        Policies { level: self.query.level.unwrap_or(Severity::Information), ..policies }
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
