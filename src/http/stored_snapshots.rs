//! Snapshots of StructureDefinitions whose package has none, generated once and kept in the store.

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::registry::Definition;
use fhir_accord_profiles::snapshot::Generator;
use memchr::memmem;
use serde_json::{Value, json};

use super::Fault;
use super::service::Service;
use crate::packages::hash::sha256_hex;
use crate::packages::reading::Limits;
use crate::store::Entry;

const STRUCTURE: &str = "StructureDefinition";

/// Whether a definition has no snapshot.
fn lacks_one(text: &[u8]) -> bool {
    memmem::find(text, b"\"snapshot\"").is_none()
}

/// `stored`, the text of `entry`, with a snapshot, as far as one can be made.
pub(super) fn complete(
    service: &Service,
    entry: &Entry,
    stored: Vec<u8>,
    interrupt: &Interrupt,
) -> Result<Vec<u8>, Fault> {
    if entry.resource_type != STRUCTURE || !lacks_one(&stored) {
        return Ok(stored);
    }
    if let Ok(Some(text)) = service.store.snapshot(&place(service, entry), &entry.file) {
        return Ok(text);
    }
    Ok(generate_all(service, entry, interrupt)?.unwrap_or(stored))
}

/// The package as snapshots are kept by: with all packages that are loaded, since a snapshot rests on others.
fn place(service: &Service, entry: &Entry) -> String {
    let engine = service.engine();
    let all = engine.packages().packages.iter().map(|p| format!("{} {}\n", p.name(), p.sha256));
    format!("{} {}", entry.package, sha256_hex(all.collect::<String>().as_bytes()))
}

/// Generates the snapshots of a whole package: reading its definitions and those that they rest on costs more than the
/// snapshots do. One that cannot be made is kept as the definition is; where the store fails none is kept. Returns the
/// one of `entry`.
fn generate_all(service: &Service, entry: &Entry, interrupt: &Interrupt) -> Result<Option<Vec<u8>>, Fault> {
    let package = &entry.package;
    let engine = service.engine();
    let set = engine.packages();
    let Some(asking) = set.packages.iter().position(|p| p.name() == *package) else { return Ok(None) };
    let graph = set.load().map_err(|error| {
        tracing::error!(%error, "the packages could not be read");
        Fault::internal("the packages could not be read; see the log of the service")
    })?;
    let Some(loaded) = graph.packages().get(asking) else { return Ok(None) };
    let (mut asked, mut is_kept, place) = (None, true, place(service, entry));
    let source = (&graph, Some(asking));
    let generator = Generator::new(&source).under(interrupt);
    let find = |url: &str| graph.resolve(&Canonical::parse(url), Some(asking), &[STRUCTURE]).is_some();
    let lacking = loaded.definitions.iter().filter(|d| d.resource_type == STRUCTURE && lacks_one(d.text()));
    // The one that is asked for comes first, and what was made before the work was broken off is not made again.
    let (first, others): (Vec<_>, Vec<_>) = lacking.partition(|d| d.file == entry.file);
    for definition in first.into_iter().chain(others) {
        if service.store.snapshot(&place, &definition.file).is_ok_and(|known| known.is_some()) {
            continue;
        }
        let base = definition.value().get("baseDefinition").and_then(Value::as_str);
        let generated = base.filter(|b| find(b)).and_then(|_| generator.generate(definition.value()).ok());
        if interrupt.is_raised() {
            return Err(Fault::timeout(service.config.limits.work_timeout_ms));
        }
        let text = generated.and_then(|s| with_snapshot(definition, s.elements));
        let text = text.unwrap_or_else(|| definition.text().to_vec());
        if is_kept && let Err(error) = service.store.keep_snapshot(&place, &definition.file, &text) {
            tracing::warn!(%error, package, "snapshots are not kept");
            is_kept = false;
        }
        if definition.file == entry.file {
            asked = Some(text);
        }
    }
    Ok(asked)
}

/// The definition with the snapshot in front of its differential.
fn with_snapshot(definition: &Definition, elements: Vec<Value>) -> Option<Vec<u8>> {
    let mut document = Value::clone(definition.value());
    let members = document.as_object_mut()?;
    let place = members.keys().position(|k| k == "differential").unwrap_or(members.len());
    members.shift_insert(place, "snapshot".to_owned(), json!({ "element": elements }));
    Some(document.to_string().into_bytes())
}

/// Looks a definition up in its package, for the store that has lost it.
pub(super) fn from_package(service: &Service, entry: &Entry) -> Result<Vec<u8>, Fault> {
    let engine = service.engine();
    let located = engine.packages().packages.iter().find(|p| p.name() == entry.package);
    let gone = || Fault::not_found(format!("the package `{}` is not loaded any more", entry.package));
    let package = located.ok_or_else(gone)?.load(&Limits::default()).ok();
    let text = package.and_then(|p| {
        p.definitions
            .iter()
            .find(|d| d.file == entry.file && d.resource_type == entry.resource_type)
            .map(|d| d.text().to_vec())
    });
    let text = text.ok_or_else(|| Fault::internal("a definition is missing from the store; restart the service"))?;
    let mended = service.store.mend(&entry.package, &entry.file, &text);
    let is_mended = mended.is_ok();
    tracing::warn!(package = entry.package, file = entry.file, is_mended, "a damaged definition was read again");
    Ok(text)
}
