//! Engines over a part of a package set, for those who name the packages that count: profiles without a version mean
//! those of these packages then. A few are kept.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fhir_accord_profiles::definition::FhirVersion;

use super::{App, AppError, Settings};
use crate::packages::{Origin, Resolution};

/// How many engines are kept; of more the one that was not asked for longest is forgotten, and opened again within
/// milliseconds.
const MOST: usize = 8;

type Key = (Option<FhirVersion>, Vec<String>);
type Slot = Arc<OnceLock<Result<Arc<App>, String>>>;

/// The engines over parts of a package set; the one that was asked for last is the last.
#[derive(Default)]
pub(super) struct Narrowed {
    slots: Mutex<Vec<(Key, Slot)>>,
}

impl Narrowed {
    /// The engine over these packages of `set` and what they depend on, under the settings of the whole.
    ///
    /// # Errors
    /// [`AppError::Package`] where one is not in the set, or they cannot be loaded by themselves.
    pub(super) fn open(
        &self,
        set: &Resolution,
        settings: &Settings,
        version: Option<FhirVersion>,
        packages: &[String],
    ) -> Result<Arc<App>, AppError> {
        let key = (version, specs(set, packages)?);
        let open = || {
            let packages = key.1.clone();
            let own = Settings { fhir_version: version, one_version: true, packages, fetch: false, ..settings.clone() };
            let app = App::open(&own).map_err(|e| e.to_string())?;
            match app.resolution().left_out.first() {
                Some(name) => Err(format!(
                    "the package `{name}` is for another FHIR version than {}",
                    app.resolution().fhir_version.name()
                )),
                None => Ok(Arc::new(app)),
            }
        };
        self.slot(&key).get_or_init(open).clone().map_err(AppError::Package)
    }

    fn slot(&self, key: &Key) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let at = slots.iter().position(|(known, _)| known == key);
        let slot = at.map(|at| slots.remove(at).1).unwrap_or_default();
        if slots.len() >= MOST {
            slots.remove(0);
        }
        slots.push((key.clone(), Arc::clone(&slot)));
        slot
    }
}

/// How to ask for these packages by themselves: those that are in the program by name, others by their paths, and with
/// them whatever they depend on that is not in the program.
fn specs(set: &Resolution, packages: &[String]) -> Result<Vec<String>, AppError> {
    let mut asked = packages.iter().map(|name| find(set, name)).collect::<Result<Vec<usize>, AppError>>()?;
    let named = asked.len();
    let mut next = 0;
    while let Some(at) = asked.get(next).copied() {
        let needed = set.dependencies.get(at).into_iter().flatten();
        let new: Vec<usize> = needed.copied().filter(|needed| !asked.contains(needed)).collect();
        asked.extend(new);
        next += 1;
    }
    let mut specs: Vec<String> = Vec::new();
    for (i, package) in asked.iter().enumerate().filter_map(|(i, at)| Some((i, set.packages.get(*at)?))) {
        let spec = match &package.origin {
            Origin::Embedded if i < named => package.name(),
            Origin::Embedded => continue,
            Origin::Archive(path) | Origin::Folder(path) | Origin::Loose(path) => path.to_string_lossy().into_owned(),
        };
        if !specs.contains(&spec) {
            specs.push(spec);
        }
    }
    Ok(specs)
}

/// The place of a package in the set.
fn find(set: &Resolution, name: &str) -> Result<usize, AppError> {
    let (id, version) = name.split_once(['#', '@']).unwrap_or((name, ""));
    let is_it = |version: &str| {
        let mut all = set.packages.iter().map(|p| &p.manifest);
        all.position(|m| m.id == id && (version.is_empty() || m.version == version))
    };
    is_it(version).ok_or_else(|| {
        let others: Vec<String> = set.packages.iter().filter(|p| p.manifest.id == id).map(|p| p.name()).collect();
        let others = if others.is_empty() { String::new() } else { format!("; loaded is {}", others.join(", ")) };
        AppError::Package(format!(
            "the package `{name}` is not loaded; start the service with `--package {name}`, or upload it with \
             POST /packages{others}"
        ))
    })
}

#[cfg(test)]
#[path = "narrowed_tests.rs"]
mod tests;
