//! One validation: what the address and the body ask for, put together.

use std::sync::Arc;

use actix_web::http::StatusCode;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::interrupt::Interrupt;
use serde::Serialize;

use super::remarks::{DELETION, nothing};
use crate::app::Request;
use crate::http::body::Body;
use crate::http::mode::Mode;
use crate::http::parameters::{self, Inner, Reading};
use crate::http::query::Query;
use crate::http::service::{Catalogue, Service};
use crate::http::{Fault, definitions};
use crate::render::outcome;

/// What the address names.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    pub(super) resource_type: Option<String>,
    pub(super) id: Option<String>,
}

/// One validation, ready to run on any thread.
pub(super) struct Task {
    pub(super) query: Query,
    pub(super) target: Target,
    /// The FHIR version that the address or the content type names.
    pub(super) fhir_version: Option<FhirVersion>,
    /// A worker does it itself: where it is broken off it is begun anew elsewhere, and counts there.
    pub(super) in_place: bool,
    /// Where the resource itself might be asked for from the store.
    pub(super) catalogue: Option<Arc<Catalogue>>,
}

impl Task {
    /// The OperationOutcome, as text, and its status: 413 where a limit of intake kept the resource from being
    /// examined, 503 where it was broken off before that.
    pub(super) fn run(
        &self,
        service: &Service,
        body: &Body,
        interrupt: &Interrupt,
    ) -> Result<(StatusCode, String), Fault> {
        let mut policies = self.policies(&service.config.validation);
        policies.work.interrupt = interrupt.clone();
        let answer = self.answer(service, body, policies);
        let limit_ms = service.config.limits.work_timeout_ms;
        // What was broken off fails in many ways.
        answer.map_err(|fault| if interrupt.is_raised() { Fault::timeout(limit_ms) } else { fault })
    }

    fn answer(&self, service: &Service, body: &Body, policies: Policies) -> Result<(StatusCode, String), Fault> {
        let mut call = match parameters::read(body, &policies.intake())? {
            Reading::Raw => parameters::Call {
                resource: (!body.is_empty() || self.target.id.is_none()).then(|| Inner::plain(0..body.len())),
                ..Default::default()
            },
            Reading::Call(call) => call,
        };
        let mode = match (call.mode.take(), self.query.mode) {
            (Some(a), Some(b)) if a != b => {
                return Err(Fault::invalid("mode", "the mode in the address and the one in the body differ; give one"));
            }
            (a, b) => a.or(b),
        };
        let mut profiles = self.query.profiles.clone();
        profiles.append(&mut call.profiles);
        if mode == Some(Mode::Profile) && profiles.is_empty() {
            return Err(Fault::invalid("mode", "the mode `profile` needs a profile; send the parameter `profile`"));
        }
        if mode == Some(Mode::Delete) {
            return Ok((StatusCode::OK, self.print(&outcome(&nothing(), None).with_note(Some(&DELETION)))));
        }
        let kept;
        let (text, inner) = match call.resource {
            Some(inner) => (&body[..], inner),
            None => {
                kept = self.kept(service, &policies.work.interrupt)?;
                (&kept[..], Inner::plain(0..kept.len()))
            }
        };
        self.validate(service, text, &inner, Request { profiles, policies, now: None }, mode)
    }

    /// The resource that the address names, from the store.
    fn kept(&self, service: &Service, interrupt: &Interrupt) -> Result<Vec<u8>, Fault> {
        let (Target { resource_type: Some(resource_type), id: Some(id) }, Some(catalogue)) =
            (&self.target, &self.catalogue)
        else {
            return Err(Fault::invalid("no-resource", "nothing to validate; send the parameter `resource`"));
        };
        let found = definitions::read((service, catalogue), resource_type, id, None, interrupt)?;
        found.ok_or_else(|| {
            Fault::not_found(format!("`{resource_type}/{id}` is not stored here; send the parameter `resource`"))
        })
    }

    pub(super) fn print(&self, outcome: &impl Serialize) -> String {
        let text =
            if self.query.pretty { serde_json::to_string_pretty(outcome) } else { serde_json::to_string(outcome) };
        text.unwrap_or_default()
    }
}
