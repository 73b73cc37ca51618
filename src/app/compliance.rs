//! Whether a definition that is validated keeps to the profiles that it claims to comply with: it is compiled beside
//! the loaded packages, and compared as `accord satisfies` does.

use std::sync::Arc;

use fhir_accord_profiles::compile;
use fhir_accord_profiles::evaluate::{Comparer, Compliance, ProfileJudge};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::plan::{Handle, Image, ImageSet, Plans};
use fhir_accord_profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use fhir_accord_profiles::relation::{Comparison, OpenStep, Relations, Validity, Witness, element_id};
use serde_json::Value;

use super::App;

/// Bound on the demands of which is told that they are not proven.
const TOLD: usize = 3;
/// Bound on the bytes of an instance that is told.
const SHOWN: usize = 300;

impl Comparer for App {
    fn complies(&self, definition: &str, canonical: &str, interrupt: &Interrupt) -> Compliance {
        compared(self, definition, canonical, interrupt).unwrap_or_else(Compliance::Open)
    }
}

/// The answer, or why there is none.
fn compared(app: &App, definition: &str, canonical: &str, interrupt: &Interrupt) -> Result<Compliance, String> {
    let set = Arc::new(beside(app, definition)?);
    let own = set.layers().len().saturating_sub(1);
    let left = set.all_profiles(own).next().ok_or("the profile cannot be compiled")?;
    if set.is_faulty(left) {
        return Err("the profile has faults, or its base is not loaded".to_owned());
    }
    let right = set.find_structure(canonical, Some(own as u32)).and_then(|s| set.root(s));
    let right = right.ok_or_else(|| format!("`{canonical}` is not loaded"))?;
    if set.is_faulty(right) {
        return Err(format!("`{canonical}` has faults, or its base is not loaded"));
    }
    let plans = Plans::new(Arc::clone(&set));
    let mut relations = Relations::new(&plans, ProfileJudge::new(&plans).under(interrupt)).under(interrupt);
    let Some(found) = relations.compare(left, right) else { return of_types(&set, left, right) };
    Ok(match found.witness {
        Some(witness) => {
            let witness = relations.shrink(left, right, witness);
            Compliance::Broken(refuted(&set, &witness))
        }
        None if found.validity == Validity::Proven => Compliance::Kept,
        None => Compliance::Open(open(&set, &found)),
    })
}

/// What the types alone tell, where the profiles are not of one type.
fn of_types(set: &ImageSet, left: Handle, right: Handle) -> Result<Compliance, String> {
    let types = set.type_name_of(left).zip(set.type_name_of(right));
    let known = types.filter(|(own, other)| [own, other].iter().all(|t| set.model().find(t).is_some()));
    let (own, other) = known.ok_or("their types are no types of FHIR")?;
    Ok(Compliance::Broken(format!("it constrains `{own}`, and the other one `{other}`")))
}

/// Why an instance of the definition is invalid for the other profile.
fn refuted(set: &ImageSet, witness: &Witness) -> String {
    let fault = witness.faults.first();
    let why = fault.map_or_else(String::new, |f| {
        let element = element_id(set, f.handles.first().copied());
        let at = if element.is_empty() { String::new() } else { format!(" of `{element}`") };
        format!(" by `{}`{at}", f.rule)
    });
    let instance = witness.instance.to_string();
    match instance.len() <= SHOWN {
        true => format!("`{instance}` is valid for it, and invalid for the other{why}"),
        false => format!("an instance is valid for it, and invalid for the other{why}"),
    }
}

fn open(set: &ImageSet, found: &Comparison) -> String {
    let told: Vec<String> = found.open.iter().take(TOLD).map(|s: &OpenStep| s.text(set)).collect();
    let more = found.open.len().saturating_sub(TOLD);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("not proven: {}{more}", told.join("; "))
}

/// The loaded packages, with the definition as one more.
fn beside(app: &App, definition: &str) -> Result<ImageSet, String> {
    let graph = app.graph().map_err(|e| e.to_string())?;
    let value: Value = serde_json::from_str(definition).map_err(|e| e.to_string())?;
    let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let head = DefinitionHead {
        resource_type: "StructureDefinition".to_owned(),
        id: member("id").unwrap_or_default(),
        url: member("url").ok_or("the profile has no url")?,
        version: member("version"),
        file: String::new(),
    };
    let text: Arc<[u8]> = definition.as_bytes().into();
    let range = 0..text.len();
    let own = Definition::new(head, text, range);
    let version = app.set().fhir_version();
    let own = Package::new(String::new(), String::new(), Some(version), Vec::new(), vec![own], String::new());
    let count = graph.packages().len();
    let packages = graph.packages().iter().cloned().chain([Arc::new(own)]).collect();
    let dependencies = graph.links().packages.iter().map(|(_, _, d)| d.clone()).chain([(0..count).collect()]).collect();
    let absent = (0..=count).map(|p| graph.absent(p).to_vec()).collect();
    let graph = PackageGraph::new(packages, dependencies, absent);
    let words = compile::package(&graph, count, app.set().model(), false);
    let image = Image::new(words.into(), false).map_err(|e| e.to_string())?;
    let layers = app.set().layers().iter().cloned().chain([Arc::new(image)]).collect();
    Ok(ImageSet::new(layers, graph.links(), app.set().core()))
}
