//! Which statement a parameter means.

use std::sync::Arc;

use actix_web::HttpRequest;
use fhir_accord_capability::Definitions;
use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::asked::Given;
use crate::http::service::{Catalogue, Service};
use crate::http::{Fault, definitions, metadata};

/// The id of the service's own statement.
const OWN: &str = "accord";

/// A statement that is meant.
pub(super) enum Party {
    /// The service's own.
    Own,
    /// One of the loaded packages, or the service's own by its url: the parameter that names it, and the canonical.
    Canonical(&'static str, Canonical),
    /// One that was sent.
    Inline(Value),
    /// One of the loaded packages by its id.
    Instance(String),
}

/// Where statements are found.
pub(super) struct Library<'l> {
    pub(super) service: &'l Service,
    pub(super) own: Value,
    pub(super) catalogue: Option<Arc<Catalogue>>,
}

impl Party {
    /// The statement of a parameter: its canonical, or the resource in it.
    ///
    /// # Errors
    /// 400 where it has neither, 422 where the resource is no statement.
    pub(super) fn of(name: &'static str, mut given: Given) -> Result<Party, Fault> {
        match given.resource.take() {
            Some(resource) => Ok(Party::Inline(checked(name, resource)?)),
            None => Ok(Party::Canonical(name, Canonical::parse(given.text()?.trim()))),
        }
    }

    /// The statement that the address names, else the one of the parameter `server`, else the service's own.
    ///
    /// # Errors
    /// 400 where both are there, and as [`Party::of`].
    pub(super) fn of_server(address: Option<Party>, given: Option<Given>) -> Result<Party, Fault> {
        match (address, given) {
            (Some(_), Some(_)) => {
                Err(Fault::invalid("parameters", "the address names the server's statement; leave out `server`"))
            }
            (Some(party), None) => Ok(party),
            (None, Some(given)) => Party::of("server", given),
            (None, None) => Ok(Party::Own),
        }
    }

    /// The statement that an address names: `/CapabilityStatement/{id}/…`, or the service's own, `/metadata/…`.
    pub(super) fn at_address(req: &HttpRequest) -> Option<Party> {
        match req.match_info().get("id") {
            Some(OWN) => Some(Party::Own),
            Some(id) => Some(Party::Instance(id.to_owned())),
            None => req.path().starts_with("/metadata/").then_some(Party::Own),
        }
    }
}

/// A resource that was sent as a statement.
fn checked(name: &str, resource: Value) -> Result<Value, Fault> {
    match resource.get("resourceType").and_then(Value::as_str) {
        Some("CapabilityStatement" | "Conformance") => Ok(resource),
        other => {
            let found: String = other.unwrap_or("no resource").chars().take(100).collect();
            Err(Fault::unprocessable(
                "no-statement",
                format!("parameter `{name}` must be a CapabilityStatement or Conformance, found `{found}`"),
            ))
        }
    }
}

impl Library<'_> {
    /// The statement.
    ///
    /// # Errors
    /// 404 where it is not loaded.
    pub(super) fn find(&self, party: Party, definitions: &dyn Definitions) -> Result<Arc<Value>, Fault> {
        match party {
            Party::Own => Ok(Arc::new(self.own.clone())),
            Party::Inline(value) => Ok(Arc::new(value)),
            Party::Canonical(name, canonical) => self.by_canonical(name, &canonical, definitions),
            Party::Instance(id) => self.by_id(&id),
        }
    }

    fn by_canonical(
        &self,
        name: &str,
        canonical: &Canonical,
        definitions: &dyn Definitions,
    ) -> Result<Arc<Value>, Fault> {
        let is = |member: &str, text: &str| self.own.get(member).is_some_and(|v| v == text);
        if is("url", &canonical.url) && canonical.version.as_deref().is_none_or(|v| is("version", v)) {
            return Ok(Arc::new(self.own.clone()));
        }
        definitions.statement(canonical).ok_or_else(|| {
            let other = definitions.statement(&Canonical { version: None, ..canonical.clone() });
            let version = other.as_ref().and_then(|o| o.get("version")).and_then(Value::as_str);
            let hint = match (version, definitions.nearest(&canonical.url)) {
                (Some(version), _) => format!("version `{version}` is loaded; "),
                (None, Some(near)) => format!("the nearest known canonical is `{near}`; "),
                (None, None) => String::new(),
            };
            let asked: String = canonical.to_string().chars().take(500).collect();
            Fault::not_found(format!(
                "unknown CapabilityStatement `{asked}` in parameter `{name}`: {hint}load its package, or send the \
                 statement itself in Parameters"
            ))
        })
    }

    fn by_id(&self, id: &str) -> Result<Arc<Value>, Fault> {
        let catalogue = self.catalogue.as_ref().ok_or_else(|| Fault::internal("no catalogue of packages"))?;
        let text = definitions::read((self.service, catalogue), "CapabilityStatement", id, None, &Interrupt::never())?;
        let text = text.ok_or_else(|| {
            Fault::not_found(format!("there is no `CapabilityStatement/{id}` in the loaded packages"))
        })?;
        let value = serde_json::from_slice(&text);
        value.map(Arc::new).map_err(|_| Fault::internal("a stored CapabilityStatement does not read"))
    }
}

impl<'l> Library<'l> {
    /// The library of a service at this address.
    pub(super) fn of(service: &'l Service, base: &str, catalogue: Option<Arc<Catalogue>>) -> Library<'l> {
        let own = metadata::statement(base, service.engine().evaluator().set());
        Library { service, own, catalogue }
    }
}
