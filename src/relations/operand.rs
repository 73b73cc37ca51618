//! What is compared: a profile by its canonical or file, or all profiles of a package.

use std::path::Path;

use serde_json::Value;

use crate::app::{App, AppError, Settings};
use crate::packages::{Located, Origin, Spec, embedded};
use crate::profiles::definition::FhirVersion;
use crate::profiles::plan::Handle;

/// One side of a comparison, as it was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// `url` or `url|version`.
    Canonical(String),
    /// A file with a StructureDefinition; with its canonical.
    File(String, String),
    /// `ID#VERSION`: all profiles of a package.
    Package(String),
}

/// One side of a comparison, found in the loaded packages.
#[derive(Clone, Debug)]
pub struct Side {
    /// `url|version`, or `id#version` of a package.
    pub name: String,
    /// Its profiles.
    pub profiles: Vec<Profile>,
}

/// A profile of a resource or data type.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The type that it constrains.
    pub type_name: String,
    /// Its root element.
    pub root: Handle,
}

impl Operand {
    /// What a text names: an existing file, a canonical, or else a package as `ID#VERSION`.
    ///
    /// # Errors
    /// A message where a file is not a StructureDefinition in JSON.
    pub fn parse(text: &str) -> Result<Operand, String> {
        if Path::new(text).is_file() && !text.ends_with(".tgz") {
            let bytes = std::fs::read(text).map_err(|e| format!("cannot read `{text}`: {e}"))?;
            let value: Value = serde_json::from_slice(&bytes).map_err(|e| format!("`{text}` is not JSON: {e}"))?;
            let is_structure = value.get("resourceType").and_then(Value::as_str) == Some("StructureDefinition");
            let url = value.get("url").and_then(Value::as_str).filter(|_| is_structure);
            let url = url.ok_or_else(|| format!("`{text}` is not a StructureDefinition with a url"))?;
            let version = value.get("version").and_then(Value::as_str).map(|v| format!("|{v}")).unwrap_or_default();
            return Ok(Operand::File(text.to_owned(), format!("{url}{version}")));
        }
        // A word alone is no id of a package: what it may mean as a profile is told where it is not found.
        let is_word = !text.contains(['#', '@', '.', '/', '\\']) && !Path::new(text).exists();
        let is_canonical = text.contains("://") || text.starts_with("urn:") || is_word;
        Ok(if is_canonical { Operand::Canonical(text.to_owned()) } else { Operand::Package(text.to_owned()) })
    }

    /// What has to be loaded for it, beside what is loaded anyway.
    pub fn package(&self) -> Option<&str> {
        match self {
            Operand::Canonical(_) => None,
            Operand::File(path, _) => Some(path),
            Operand::Package(spec) => Some(spec),
        }
    }

    /// Its profiles among the loaded packages.
    ///
    /// # Errors
    /// [`AppError`] where the profile, or any profile of the package, is not found.
    pub fn find(&self, app: &App) -> Result<Side, AppError> {
        self.find_profiles(app, false)
    }

    /// As [`Operand::find`], of a package with its profiles of data types and its extensions.
    ///
    /// # Errors
    /// [`AppError`] where the profile, or any profile of the package, is not found.
    pub fn find_all(&self, app: &App) -> Result<Side, AppError> {
        self.find_profiles(app, true)
    }

    fn find_profiles(&self, app: &App, of_data_types: bool) -> Result<Side, AppError> {
        let canonical = match self {
            Operand::Package(spec) => return package(app, spec, of_data_types),
            Operand::Canonical(c) | Operand::File(_, c) => c,
        };
        let root = app.profiles(std::slice::from_ref(canonical))?.into_iter().next();
        let root = root.ok_or_else(|| AppError::Profile(format!("the profile `{canonical}` was not found")))?;
        let profile = profile_of(app, root);
        Ok(Side { name: app.set().canonical_of(root), profiles: profile.into_iter().collect() })
    }
}

/// Opens the packages that operands need. Without packages of the caller's own all embedded ones serve, where no
/// operand needs another.
///
/// # Errors
/// [`AppError::Package`] where a package is not found.
pub fn open(operands: &[&Operand], packages: &[String], settings: &Settings) -> Result<App, AppError> {
    let mut all = packages.to_vec();
    let version = settings.fhir_version.unwrap_or(FhirVersion::R4);
    let embedded_guides = embedded::list().iter().filter(|e| e.is_guide() && e.manifest.fhir_version == Some(version));
    if packages.is_empty() && operands.iter().any(|o| matches!(o, Operand::Canonical(_))) {
        all.extend(embedded_guides.map(|e| e.manifest.name()));
    }
    for p in operands.iter().filter_map(|o| o.package()) {
        if !all.iter().any(|known| known == p) {
            all.push(p.to_owned());
        }
    }
    App::open(&Settings { packages: all, ..settings.clone() })
}

fn profile_of(app: &App, root: Handle) -> Option<Profile> {
    Some(Profile { type_name: app.set().type_name_of(root)?.to_owned(), root })
}

/// Whether a loaded package is the one that was asked for.
fn is_meant(located: &Located, wanted: &Spec) -> bool {
    match (wanted, &located.origin) {
        (Spec::Package { id, range }, _) => {
            located.manifest.id.eq_ignore_ascii_case(id) && range.matches(&located.manifest.version)
        }
        (Spec::Path(path), Origin::Archive(own) | Origin::Folder(own) | Origin::Loose(own)) => own == path,
        _ => false,
    }
}

/// The profiles of a package: of resources, or all of them.
fn package(app: &App, spec: &str, of_data_types: bool) -> Result<Side, AppError> {
    let set = app.set();
    let wanted = Spec::parse(spec).map_err(|e| AppError::Package(e.to_string()))?;
    let located = app.resolution().packages.iter().find(|p| is_meant(p, &wanted));
    let name = located.map(|p| p.manifest.name());
    let layer = name.as_ref().and_then(|n| set.layers().iter().position(|image| image.package() == *n));
    let (Some(name), Some(layer)) = (name, layer) else {
        return Err(AppError::Package(format!("the package `{spec}` was not found")));
    };
    let roots: Vec<Handle> =
        if of_data_types { set.all_profiles(layer).collect() } else { set.resource_profiles(layer).collect() };
    let profiles: Vec<Profile> = roots.into_iter().filter_map(|root| profile_of(app, root)).collect();
    if profiles.is_empty() {
        let kind = if of_data_types { "profiles" } else { "profiles of resources" };
        return Err(AppError::Profile(format!("the package `{name}` has no {kind}")));
    }
    Ok(Side { name, profiles })
}
