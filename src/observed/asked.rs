//! The profiles that instances are held against, with what selects their instances.

use fhir_accord_capability::{CodesAt, Definitions, Prepared};
use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::plan::Handle;

use super::limits::VERSIONS_LIMIT;
use crate::app::{App, Known};

/// The elements whose codes select the instances of a profile.
pub(super) const SELECTING: [&str; 3] = ["code", "category", "type"];

/// One version of a required profile.
pub(super) struct Version {
    /// `url|version`.
    pub canonical: String,
    /// Its root element.
    pub root: Handle,
    /// The profiles whose demands are also its own: itself, and what it imposes.
    pub own: Vec<String>,
}

/// A required profile.
pub(super) struct AskedProfile {
    /// As the client names it.
    pub required: Canonical,
    pub resource_type: String,
    /// The versions that may be meant.
    pub versions: Vec<Version>,
    /// Elements with the codes of which an instance has all, or one; empty where no codes select.
    pub selector: Vec<(&'static str, CodesAt)>,
}

/// All that is asked of instances.
pub(super) struct Asked<'k> {
    pub app: &'k App,
    pub all: Vec<AskedProfile>,
    /// Tells which other profiles there are.
    pub known: &'k Known,
}

impl<'k> Asked<'k> {
    /// The profiles of a client that are loaded.
    pub fn of(client: &Prepared, known: &'k Known) -> Result<Asked<'k>, String> {
        let release = client.release();
        if release.as_deref() != Some("4.0") {
            let told = release.unwrap_or_else(|| "an unknown version".to_owned());
            return Err(format!("the client speaks FHIR {told}; observed instances are validated for R4 (4.0) alone"));
        }
        let app = known.engine(FhirVersion::R4).ok_or("no R4 package is loaded to validate observed instances with")?;
        let session = known.session();
        let one = |(resource_type, required): (&str, &Canonical)| AskedProfile {
            required: required.clone(),
            resource_type: resource_type.to_owned(),
            versions: versions(app, &session, required),
            selector: selector(&session, resource_type, required),
        };
        let all = client.profiles().into_iter().map(one).collect();
        Ok(Asked { app, all, known })
    }
}

fn versions(app: &App, definitions: &dyn Definitions, required: &Canonical) -> Vec<Version> {
    let infos = definitions.versions(&required.url);
    let meant = infos.iter().filter(|i| required.version.is_none() || i.version == required.version);
    let one = |info: &std::sync::Arc<fhir_accord_capability::ProfileInfo>| {
        let canonical = info.canonical().to_string();
        let root = app.set().root(app.set().find_structure(&canonical, None)?)?;
        let imposed = info.imposes.iter().map(ToString::to_string);
        let own = std::iter::once(canonical.clone()).chain(imposed).collect();
        (app.set().canonical_of(root) == canonical).then_some(Version { canonical, root, own })
    };
    meant.filter_map(one).take(VERSIONS_LIMIT).collect()
}

/// What the profile itself says of the codes that select; what its type says of all instances selects none.
fn selector(definitions: &dyn Definitions, resource_type: &str, required: &Canonical) -> Vec<(&'static str, CodesAt)> {
    let named = |url: &str, version: Option<&String>| {
        let infos = definitions.versions(url);
        infos.into_iter().find(|i| version.is_none_or(|v| i.version.as_ref() == Some(v))).map(|i| i.canonical())
    };
    let core = named(&format!("http://hl7.org/fhir/StructureDefinition/{resource_type}"), None);
    let Some(profile) = named(&required.url, required.version.as_ref()) else { return Vec::new() };
    let at =
        |canonical: &Canonical, element: &str| definitions.codes_at(canonical, &format!("{resource_type}.{element}"));
    let of = |element: &'static str| {
        let own = at(&profile, element);
        let of_type = core.as_ref().map(|core| at(core, element));
        let selects = matches!(own, CodesAt::Fixed(_) | CodesAt::OneOf(_)) && of_type.as_ref() != Some(&own);
        selects.then_some((element, own))
    };
    SELECTING.iter().filter_map(|element| of(element)).collect()
}
