//! A guide as it is found: what it defines, its instances, and what is expected of them.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::files::{self, Files, Found};
use super::head::{Head, Held, held};
use super::manifest::Manifest;
use super::names::{ENDING, defines, is_manifest, is_tested, stem};

/// An instance under test.
#[derive(Debug)]
pub(super) struct Instance {
    /// The path below the guide.
    pub name: String,
    /// Where it is; `None` in an archive.
    pub path: Option<PathBuf>,
    pub text: Vec<u8>,
    pub kind: String,
    /// The profile that the ImplementationGuide says it is an example of.
    pub example_of: Option<String>,
}

/// A guide.
#[derive(Debug)]
pub(super) struct Guide {
    pub manifest: Manifest,
    /// Definitions: file name and text.
    pub definitions: Vec<(String, Vec<u8>)>,
    pub instances: Vec<Instance>,
    /// Files with expectations: path below the guide, path, text.
    pub expectations: Vec<Found>,
    pub faults: Vec<String>,
    pub notes: Vec<String>,
}

/// Reads a guide.
///
/// # Errors
/// A message where the folder or archive cannot be read.
pub(super) fn read(at: &Path) -> Result<Guide, String> {
    let Files { all, faults, notes, .. } = files::read(at)?;
    let mut sorting = Sorting { faults, notes, ..Sorting::default() };
    let guide = all.iter().find_map(guide_of);
    let manifest = Manifest::of(&all, guide.as_ref());
    let (expectations, others): (Vec<Found>, Vec<Found>) = all.into_iter().partition(|f| f.name.ends_with(ENDING));
    let expected: FxHashSet<String> = expectations.iter().map(|f| stem(&f.name).to_owned()).collect();
    let examples = guide.as_ref().map(examples).unwrap_or_default();
    for file in others.into_iter().filter(|f| !f.name.ends_with(".yaml") && !is_manifest(&f.name)) {
        sorting.file(file, &expected, &examples);
    }
    if sorting.others > 0 {
        sorting.notes.push(format!(".json and .xml files that are no FHIR resources: {}", sorting.others));
    }
    if sorting.doubles > 0 {
        sorting.notes.push(format!("files left out, since another holds the same resource: {}", sorting.doubles));
    }
    let Sorting { definitions, instances, faults, notes, .. } = sorting;
    Ok(Guide { manifest, definitions, instances, expectations, faults, notes })
}

/// The ImplementationGuide of a file.
fn guide_of(file: &Found) -> Option<Value> {
    let is_one = matches!(held(&file.text), Held::Resource(h) if h.resource_type == "ImplementationGuide");
    if is_one { serde_json::from_slice(&file.text).ok() } else { None }
}

/// `Type/id` to the profile of which it is an example.
fn examples(guide: &Value) -> FxHashMap<String, String> {
    let all = guide.pointer("/definition/resource").and_then(Value::as_array).into_iter().flatten();
    let one = |r: &Value| {
        let profile = r.get("exampleCanonical").or_else(|| r.pointer("/profile/0"))?.as_str()?;
        Some((r.pointer("/reference/reference")?.as_str()?.to_owned(), profile.to_owned()))
    };
    all.filter_map(one).collect()
}

/// Files on their way to what they are.
#[derive(Default)]
struct Sorting {
    definitions: Vec<(String, Vec<u8>)>,
    instances: Vec<Instance>,
    faults: Vec<String>,
    notes: Vec<String>,
    seen: FxHashSet<(String, String)>,
    /// Files that hold other JSON or XML, and those that hold a resource once more.
    others: usize,
    doubles: usize,
}

impl Sorting {
    fn file(&mut self, file: Found, expected: &FxHashSet<String>, examples: &FxHashMap<String, String>) {
        let Head { resource_type: kind, id, url } = match held(&file.text) {
            Held::Resource(head) => head,
            Held::Other => return self.others += 1,
            Held::Damaged(why) => return self.faults.push(format!("`{}` cannot be read: {why}", file.name)),
        };
        let is_definition = defines(&kind, &url);
        let stem = stem(&file.name).to_owned();
        if is_definition && !url.is_empty() && !self.seen.insert((kind.clone(), url)) {
            return self.doubles += 1;
        }
        let is_tested = is_tested(&kind, &file.name, expected.contains(&stem));
        // Tools write the same resource in both formats beside each other.
        let folder = file.name.rsplit_once('/').map_or("", |(f, _)| f);
        if is_tested && !self.seen.insert((format!("instance of {folder}"), stem)) {
            return self.doubles += 1;
        }
        if is_definition {
            self.definitions.push((file.name.clone(), file.text.clone()));
        }
        if is_tested {
            let example_of = examples.get(&format!("{kind}/{id}")).cloned();
            self.instances.push(Instance { name: file.name, path: file.path, text: file.text, kind, example_of });
        }
    }
}
