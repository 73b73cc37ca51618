//! The images of a locked package set: which row a canonical names for whom.

use std::sync::{Arc, OnceLock};

use super::image::Image;
use super::kinds::CodeSystemContent;
use super::marks::CODE_SYSTEM_IDENTIFIER;
use super::rows::{
    CanonicalRow, CodeSystemRow, ElementRow, FaultRow, Run, STRUCTURE_ABSTRACT, STRUCTURE_CONSTRAINT,
    STRUCTURE_LOGICAL, STRUCTURE_RESOURCE, Str, StructureRow, ValueRow, ValueSetRow,
};
use super::section::Section;
use crate::definition::{FhirVersion, compare_versions, is_of_line};
use crate::model::Model;
use crate::registry::Links;

/// A row of one layer of a set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Handle {
    /// The index of the image in the set.
    pub layer: u32,
    /// The row in its section.
    pub row: u32,
}

/// Opens the core package's image of a FHIR version; `None` where it is not at hand.
pub type CoreOpener = Box<dyn Fn(FhirVersion) -> Option<Arc<Image>> + Send + Sync>;

/// Images with the order in which they look for each other's definitions, and the model of their FHIR version.
pub struct ImageSet {
    layers: Vec<Arc<Image>>,
    orders: Vec<Vec<usize>>,
    model: Model,
    core: usize,
    fhir_version: FhirVersion,
    /// Opens the core package's image of another FHIR version; `None` where it is not at hand.
    opener: CoreOpener,
    /// Those that were opened, in the order of [`FhirVersion::ALL`].
    opened: [OnceLock<Option<Arc<Image>>>; FhirVersion::ALL.len()],
    /// The guides, once somebody asked: the url of each, and its package.
    pub(super) guides: OnceLock<Vec<(String, String)>>,
}

/// The rows of a url. Those of one url follow each other, by version.
fn find<T>(
    image: &Image,
    (rows, table): (&[T], Section),
    url: &str,
    of: impl Fn(&T) -> (Str, Str),
) -> std::ops::Range<usize> {
    let Some(start) = image.first_of(table, url, |row| rows.get(row).map(|r| of(r).0)) else { return 0..0 };
    let len =
        rows.get(start..).unwrap_or_default().iter().take_while(|r| image.bytes(of(r).0) == url.as_bytes()).count();
    start..start + len
}

impl ImageSet {
    /// A set of images; `links` names them in the same order, `core` is the index of the core package's image.
    pub fn new(layers: Vec<Arc<Image>>, links: &Links, core: usize) -> ImageSet {
        let orders = (0..layers.len()).map(|i| links.order(Some(i))).chain([links.order(None)]).collect();
        let model = layers.get(core).map_or_else(Model::default, |image| image.model());
        let fhir_version =
            layers.get(core).and_then(|image| FhirVersion::parse(image.fhir_version())).unwrap_or(FhirVersion::R4);
        ImageSet {
            layers,
            orders,
            model,
            core,
            fhir_version,
            opener: Box::new(|_| None),
            opened: Default::default(),
            guides: OnceLock::new(),
        }
    }

    /// The same set, with a way to the core packages of other FHIR versions, each opened when it is first asked for.
    pub fn with_cores(self, opener: CoreOpener) -> ImageSet {
        ImageSet { opener, ..self }
    }

    /// The image of a FHIR version's core package, this set's or one beside it; `None` where it is not at hand.
    pub(crate) fn core_of(&self, version: FhirVersion) -> Option<&Image> {
        if version == self.fhir_version {
            return self.layers.get(self.core).map(|image| &**image);
        }
        let slot = FhirVersion::ALL.iter().position(|v| *v == version).and_then(|i| self.opened.get(i))?;
        slot.get_or_init(|| (self.opener)(version)).as_deref()
    }

    /// The types of the set's FHIR version.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The FHIR version of the core package.
    #[inline]
    pub fn fhir_version(&self) -> FhirVersion {
        self.fhir_version
    }

    /// The images, in the order in which they were given.
    pub fn layers(&self) -> &[Arc<Image>] {
        &self.layers
    }

    /// The index of the core package's layer.
    pub fn core(&self) -> usize {
        self.core
    }

    /// The image of a layer.
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "handles are made by this set, of its own layers")]
    pub(crate) fn layer(&self, layer: u32) -> &Image {
        &self.layers[layer as usize]
    }

    #[inline]
    pub(crate) fn str(&self, layer: u32, s: Str) -> &str {
        self.layer(layer).str(s)
    }

    pub(crate) fn element(&self, h: Handle) -> Option<ElementRow> {
        self.layer(h.layer).element(h.row)
    }

    pub(crate) fn structure(&self, h: Handle) -> Option<&StructureRow> {
        self.layer(h.layer).structure(h.row)
    }

    /// The structure that an element belongs to.
    pub(crate) fn structure_of(&self, element: Handle) -> Option<&StructureRow> {
        let image = self.layer(element.layer);
        image.structure(image.structure_row_of(element.row)?)
    }

    /// A fault of a structure; `None` where there is none at this row.
    pub(crate) fn fault(&self, h: Handle) -> Option<&FaultRow> {
        self.layer(h.layer).faults(Run { start: h.row, len: 1 }).first()
    }

    pub(crate) fn value(&self, h: Handle) -> Option<&ValueRow> {
        self.layer(h.layer).value(h.row)
    }

    pub(crate) fn value_set(&self, h: Handle) -> Option<&ValueSetRow> {
        self.layer(h.layer).value_sets().get(h.row as usize)
    }

    pub(crate) fn code_system(&self, h: Handle) -> Option<&CodeSystemRow> {
        self.layer(h.layer).code_systems().get(h.row as usize)
    }

    /// The root element of a structure; `None` where it has no snapshot.
    pub fn root(&self, structure: Handle) -> Option<Handle> {
        let row = self.structure(structure)?;
        self.layer(structure.layer).element(row.root)?;
        Some(Handle { layer: structure.layer, row: row.root })
    }

    /// The rows of a layer's structures, without those that another structure contains.
    fn named_structures(&self, layer: usize) -> impl Iterator<Item = (usize, &StructureRow)> {
        let image = self.layers.get(layer).into_iter();
        let rows = image.flat_map(|image| image.structures().iter().enumerate().map(move |(row, s)| (image, row, s)));
        rows.filter(|(image, _, s)| !image.str(s.url).contains('#')).map(|(_, row, s)| (row, s))
    }

    /// How many StructureDefinitions a layer's package has, and how many of them are at fault so that it is left open
    /// what they demand.
    pub fn structure_counts(&self, layer: usize) -> (usize, usize) {
        let mut counts = (0, 0);
        for (row, _) in self.named_structures(layer) {
            let root = self.root(Handle { layer: layer as u32, row: row as u32 });
            counts.0 += 1;
            counts.1 += usize::from(root.is_none_or(|root| self.is_faulty(root)));
        }
        counts
    }

    /// The root elements of the profiles of concrete resource types that a layer's package defines, by url and version.
    pub fn resource_profiles(&self, layer: usize) -> impl Iterator<Item = Handle> {
        let wanted = STRUCTURE_CONSTRAINT | STRUCTURE_RESOURCE;
        let rows = self.named_structures(layer);
        let concrete = rows.filter(move |(_, s)| s.flags & (wanted | STRUCTURE_ABSTRACT) == wanted);
        concrete.filter_map(move |(row, _)| self.root(Handle { layer: layer as u32, row: row as u32 }))
    }

    /// The root elements of the profiles, of resources and data types, extensions among them, that a layer's package
    /// defines, by url and version.
    pub fn all_profiles(&self, layer: usize) -> impl Iterator<Item = Handle> {
        let rows = self.named_structures(layer);
        let profiles =
            rows.filter(|(_, s)| s.flags & (STRUCTURE_CONSTRAINT | STRUCTURE_LOGICAL) == STRUCTURE_CONSTRAINT);
        profiles.filter_map(move |(row, _)| self.root(Handle { layer: layer as u32, row: row as u32 }))
    }

    /// Whether the structure of an element constrains a concrete resource type.
    pub fn is_of_resource(&self, element: Handle) -> bool {
        let wanted = STRUCTURE_RESOURCE | STRUCTURE_CONSTRAINT;
        self.structure_of(element).is_some_and(|s| s.flags & (wanted | STRUCTURE_ABSTRACT) == wanted)
    }

    /// The name of the type that the structure of an element constrains or defines.
    pub fn type_name_of(&self, element: Handle) -> Option<&str> {
        self.structure_of(element).map(|row| self.str(element.layer, row.type_name))
    }

    /// Whether something is wrong with the structure of an element that leaves open what it demands.
    pub fn is_faulty(&self, element: Handle) -> bool {
        let faults = self.structure_of(element).map(|row| self.layer(element.layer).faults(row.faults));
        faults.is_some_and(|all| all.iter().any(|fault| fault.overruled == 0))
    }

    /// `url|version` of a structure.
    pub fn canonical(&self, structure: Handle) -> String {
        let Some(row) = self.structure(structure) else { return String::new() };
        let (url, version) = (self.str(structure.layer, row.url), self.str(structure.layer, row.version));
        if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") }
    }

    /// `url|version` of the structure that an element belongs to.
    pub fn canonical_of(&self, element: Handle) -> String {
        self.element(element)
            .map_or_else(String::new, |e| self.canonical(Handle { layer: element.layer, row: e.structure }))
    }

    fn resolve<T>(
        &self,
        canonical: &str,
        asking: Option<u32>,
        rows: impl Fn(&Image) -> (&[T], Section),
        of: impl Fn(&T) -> (Str, Str) + Copy,
    ) -> Option<Handle> {
        let (url, version) = match canonical.split_once('|') {
            Some((u, v)) if !v.is_empty() => (u, Some(v)),
            Some((u, _)) => (u, None),
            None => (canonical, None),
        };
        let order = asking.and_then(|a| self.orders.get(a as usize)).or(self.orders.last())?;
        for &layer in order {
            let image = self.layer(layer as u32);
            let all = rows(image);
            let range = find(image, all, url, of);
            let text = |i: &usize| all.0.get(*i).map_or("", |row| image.str(of(row).1));
            let row = match version {
                Some(v) => range.into_iter().find(|i| is_version(text(i), v)),
                None => range.into_iter().max_by(|a, b| compare_versions(text(a), text(b))),
            };
            if let Some(row) = row {
                return Some(Handle { layer: layer as u32, row: row as u32 });
            }
        }
        None
    }

    /// The structure that a canonical names for a layer (`None`: for the set as a whole).
    pub fn find_structure(&self, canonical: &str, asking: Option<u32>) -> Option<Handle> {
        self.resolve(
            canonical,
            asking,
            |i| (i.structures(), Section::StructureUrls),
            |r: &StructureRow| (r.url, r.version),
        )
    }

    /// The value set that a canonical names for a layer.
    pub(crate) fn find_value_set(&self, canonical: &str, asking: Option<u32>) -> Option<Handle> {
        self.resolve(
            canonical,
            asking,
            |i| (i.value_sets(), Section::ValueSetUrls),
            |r: &ValueSetRow| (r.url, r.version),
        )
    }

    /// The code system of a url: the first that is complete, else any; of several in one package the newest.
    pub(crate) fn find_code_system(&self, url: &str, asking: Option<u32>) -> Option<Handle> {
        let order = asking.and_then(|a| self.orders.get(a as usize)).or(self.orders.last())?;
        let mut any = None;
        for &layer in order {
            let image = self.layer(layer as u32);
            let version = |row: &usize| image.code_systems().get(*row).map_or("", |r| image.str(r.version));
            let complete = |row: &usize| {
                image.code_systems().get(*row).is_some_and(|r| r.content() == CodeSystemContent::Complete)
            };
            let rows = self.code_systems_of(image, url);
            let newest = rows
                .max_by(|a, b| complete(a).cmp(&complete(b)).then_with(|| compare_versions(version(a), version(b))));
            let Some(row) = newest else { continue };
            let handle = Handle { layer: layer as u32, row: row as u32 };
            if complete(&row) {
                return Some(handle);
            }
            any = any.or(Some(handle));
        }
        any
    }

    /// A version of the code system of a url, of any package: the first that is complete, else any. A version that
    /// names only the leading parts of another stands for it.
    pub(crate) fn find_code_system_version(&self, url: &str, version: &str) -> Option<Handle> {
        let mut any = None;
        for &layer in self.orders.last()? {
            let image = self.layer(layer as u32);
            for row in self.code_systems_of(image, url) {
                let Some(found) = image.code_systems().get(row) else { continue };
                if !is_version(image.str(found.version), version) {
                    continue;
                }
                let handle = Handle { layer: layer as u32, row: row as u32 };
                if found.content() == CodeSystemContent::Complete {
                    return Some(handle);
                }
                any = any.or(Some(handle));
            }
        }
        any
    }

    fn code_systems_of(&self, image: &Image, url: &str) -> std::ops::Range<usize> {
        find(image, (image.code_systems(), Section::CodeSystemUrls), url, |r: &CodeSystemRow| (r.url, r.version))
    }

    /// The structure of a type in a core package's image.
    pub(crate) fn type_in<'i>(&self, core: &'i Image, name: &str) -> Option<&'i StructureRow> {
        let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
        let rows = core.structures();
        rows.get(find(core, (rows, Section::StructureUrls), &url, |r: &StructureRow| (r.url, r.version)).next()?)
    }

    /// The base definition of a core type, by its name.
    pub(crate) fn core_type(&self, name: &str) -> Option<Handle> {
        self.find_structure(&format!("http://hl7.org/fhir/StructureDefinition/{name}"), Some(self.core as u32))
    }

    /// The JSON of a definition of this resource type that instances are judged by, for the set as a whole.
    pub(crate) fn find_content(&self, canonical: &str, resource_type: &str) -> Option<&str> {
        let (image, row) = self.other(canonical)?;
        Some(image.str(row.content)).filter(|c| !c.is_empty() && image.str(row.resource_type) == resource_type)
    }

    /// The definition that a canonical names, where it has no rows of its own.
    fn other(&self, canonical: &str) -> Option<(&Image, &CanonicalRow)> {
        let of = |r: &CanonicalRow| (r.url, r.version);
        let found = self.resolve(canonical, None, |i| (i.canonicals(), Section::CanonicalUrls), of)?;
        let image = self.layer(found.layer);
        Some((image, image.canonicals().get(found.row as usize)?))
    }

    /// The kinds of definitions that a canonical names for the set as a whole; empty where it names none.
    pub(crate) fn kinds(&self, canonical: &str) -> Vec<&str> {
        let mut kinds = Vec::new();
        let found = [
            self.find_structure(canonical, None),
            self.find_value_set(canonical, None),
            self.find_code_system(canonical, None),
        ];
        kinds.extend(
            found
                .iter()
                .zip(["StructureDefinition", "ValueSet", "CodeSystem"])
                .filter(|(f, _)| f.is_some())
                .map(|(_, kind)| kind),
        );
        let other = self.other(canonical).map(|(image, row)| image.str(row.resource_type));
        kinds.extend(other.filter(|kind| *kind != CODE_SYSTEM_IDENTIFIER));
        kinds
    }
}

/// Whether a version is the one asked for, which may name only its leading parts (`6.1` of `6.1.0`).
pub(crate) fn is_version(version: &str, wanted: &str) -> bool {
    version == wanted || is_of_line(version, wanted)
}
