//! Images: the compiled form of packages, as read-only files and in the binary.
//!
//! A file is named by what its content depends on, written beside and renamed, and mapped when it is read; a damaged
//! one is built again. Nothing depends on the files: without a folder to write to, images are kept in memory.

mod answers;
pub mod embedded;
mod files;
mod mapped;

use std::sync::Arc;

use fhir_accord_profiles::compile;
use fhir_accord_profiles::model::Model;
use fhir_accord_profiles::plan::Image;
use fhir_accord_profiles::registry::PackageGraph;

use crate::packages::reading::Limits;
use crate::packages::{Located, PackageError, Resolution, embedded as packages};

pub use answers::AnswerFile;
pub use files::{Files, cache_folder, write_bytes};
pub use mapped::MappedFile;

/// The images of a resolved package set, in its order, and the index of the core package's.
///
/// # Errors
/// A package that must be compiled and does not read.
pub fn load(resolution: &Resolution, files: &Files) -> Result<(Vec<Arc<Image>>, usize), PackageError> {
    let core_id = resolution.fhir_version.core_package();
    let position = resolution.packages.iter().position(|p| p.manifest.id == core_id);
    let core = position.ok_or_else(|| PackageError::NotFound { name: core_id.to_owned(), looked_in: Vec::new() })?;
    let core_image = match ready(resolution, core, files) {
        Some(image) => image,
        None => build(resolution, core, files, None)?,
    };
    let mut model = None;
    let mut images = Vec::with_capacity(resolution.packages.len());
    for i in 0..resolution.packages.len() {
        if i == core {
            images.push(core_image.clone());
            continue;
        }
        let image = match ready(resolution, i, files) {
            Some(image) => image,
            None => build(resolution, i, files, Some(model.get_or_insert_with(|| core_image.model())))?,
        };
        images.push(image);
    }
    Ok((images, core))
}

/// An image that need not be built: the binary's, or a file's.
fn ready(resolution: &Resolution, i: usize, files: &Files) -> Option<Arc<Image>> {
    let package = resolution.packages.get(i)?;
    let foundation = packages::is_foundation(&package.manifest.id);
    let own = is_embedded(resolution, i)
        && (foundation || files::reach(resolution, i).iter().all(|d| is_embedded(resolution, *d)));
    if own && let Some(Ok(image)) = embedded::find(&package.manifest.id, &package.manifest.version) {
        return Some(Arc::new(image));
    }
    files.read(&files::key(resolution, i)).map(Arc::new)
}

fn is_embedded(resolution: &Resolution, i: usize) -> bool {
    resolution.packages.get(i).is_some_and(|package| {
        packages::find(&package.manifest.id, &package.manifest.version).is_some_and(|e| e.sha256 == package.sha256)
    })
}

/// Compiles a package among those that it sees, and keeps the image.
fn build(resolution: &Resolution, i: usize, files: &Files, model: Option<&Model>) -> Result<Arc<Image>, PackageError> {
    let members = files::reach(resolution, i);
    let packages = members.iter().filter_map(|m| resolution.packages.get(*m));
    let loaded = packages.map(|p| p.load(&Limits::default())).collect::<Result<Vec<_>, _>>()?;
    let place = |m: &usize| members.iter().position(|x| x == m);
    let sees = |m: &usize| resolution.dependencies.get(*m).into_iter().flatten().filter_map(place).collect();
    let dependencies = members.iter().map(sees).collect();
    let graph = PackageGraph::new(loaded, dependencies, vec![Vec::new(); members.len()]);
    let words = match model {
        Some(model) => compile::package(&graph, 0, model, false),
        None => compile::package(&graph, 0, &compile::model(&graph, 0), true),
    };
    let name = resolution.packages.get(i).map(Located::name).unwrap_or_default();
    let image = Image::new(words.into(), false).map_err(|e| PackageError::Image { name, problem: e.to_string() })?;
    files.write(&files::key(resolution, i), &image);
    Ok(Arc::new(image))
}
