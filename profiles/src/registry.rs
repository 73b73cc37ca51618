//! Canonical to definition inside a package graph. It does not know where a package came from.
//!
//! Resolution order: the exact business version; else the asking package, then its dependencies (terminology and
//! extensions before core), the highest version first; then every other package of the graph.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::definition::{Canonical, FhirVersion, compare_versions, is_of_line};
use crate::release::release;

/// One conformance resource of a package; its JSON is parsed on first use.
#[derive(Debug)]
pub struct Definition {
    /// `StructureDefinition`, `ValueSet`, …
    pub resource_type: String,
    /// The logical id; empty where the resource has none.
    pub id: String,
    /// The canonical url, empty where the resource has none.
    pub url: String,
    /// The business version.
    pub version: Option<String>,
    /// The file name inside the package.
    pub file: String,
    text: Arc<[u8]>,
    range: std::ops::Range<usize>,
    /// The FHIR version whose form the text has.
    fhir_version: Option<FhirVersion>,
    value: OnceLock<Arc<Value>>,
}

impl Definition {
    /// A definition whose JSON is `text[range]`.
    pub fn new(head: DefinitionHead, text: Arc<[u8]>, range: std::ops::Range<usize>) -> Definition {
        let DefinitionHead { resource_type, id, url, version, file } = head;
        Definition { resource_type, id, url, version, file, text, range, fhir_version: None, value: OnceLock::new() }
    }

    /// The code system that this definition defines inside itself, as a definition of its own.
    fn inline_code_system(&self) -> Option<Definition> {
        let value = release(self.fhir_version?).inline_code_system(self.text())?;
        let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let head = DefinitionHead {
            resource_type: "CodeSystem".to_owned(),
            id: String::new(),
            url: member("url")?,
            version: member("version"),
            file: self.file.clone(),
        };
        let text = serde_json::to_vec(&value).ok()?;
        let range = 0..text.len();
        Some(Definition::new(head, text.into(), range))
    }

    /// The JSON text, as the package holds it.
    pub fn text(&self) -> &[u8] {
        self.text.get(self.range.clone()).unwrap_or_default()
    }

    /// The parsed JSON, definitions of older FHIR versions in the form of R4; `Value::Null` where it is not JSON.
    pub fn value(&self) -> &Arc<Value> {
        self.value.get_or_init(|| {
            let mut value = serde_json::from_slice(self.text()).unwrap_or(Value::Null);
            if let Some(version) = self.fhir_version {
                release(version).normalise(&mut value);
            }
            Arc::new(value)
        })
    }
}

/// What names a definition, without its body.
#[derive(Clone, Debug, Default)]
pub struct DefinitionHead {
    /// `StructureDefinition`, `ValueSet`, …
    pub resource_type: String,
    /// The logical id.
    pub id: String,
    /// The canonical url; empty where the resource has none.
    pub url: String,
    /// The business version.
    pub version: Option<String>,
    /// The file name inside the package.
    pub file: String,
}

/// A FHIR package as loaded: its manifest's facts and its definitions, in file order.
#[derive(Debug)]
pub struct Package {
    /// The package id, as `hl7.fhir.us.core`.
    pub id: String,
    /// The package's version, as `6.1.0`.
    pub version: String,
    /// The FHIR version that the package is for.
    pub fhir_version: Option<FhirVersion>,
    /// Declared dependencies: package id and version range, in the manifest's order.
    pub dependencies: Vec<(String, String)>,
    /// The definitions, in file order.
    pub definitions: Vec<Definition>,
    /// Files that should hold a definition in JSON and cannot be read, by their names inside the package.
    pub unreadable: Vec<String>,
    /// Content hash of the package (hex SHA-256 of the archive, or of its files for a folder).
    pub sha256: String,
    by_url: OnceLock<FxHashMap<String, Vec<u32>>>,
}

impl Package {
    /// A package of its manifest's facts, its definitions in file order and its content hash. Code systems that DSTU2
    /// defines inside value sets follow the others.
    pub fn new(
        id: String,
        version: String,
        fhir_version: Option<FhirVersion>,
        dependencies: Vec<(String, String)>,
        mut definitions: Vec<Definition>,
        sha256: String,
    ) -> Package {
        definitions.iter_mut().for_each(|d| d.fhir_version = fhir_version);
        let inline: Vec<Definition> = definitions.iter().filter_map(Definition::inline_code_system).collect();
        definitions.extend(inline);
        Package {
            id,
            version,
            fhir_version,
            dependencies,
            definitions,
            unreadable: Vec::new(),
            sha256,
            by_url: OnceLock::new(),
        }
    }

    /// `id#version`.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }

    /// The definitions of this url in this package, in file order.
    pub fn by_url(&self, url: &str) -> impl Iterator<Item = &Definition> {
        let index = self.by_url.get_or_init(|| {
            let mut map: FxHashMap<String, Vec<u32>> = FxHashMap::default();
            for (i, d) in self.definitions.iter().enumerate().filter(|(_, d)| !d.url.is_empty()) {
                map.entry(d.url.clone()).or_default().push(i as u32);
            }
            map
        });
        index.get(url).into_iter().flatten().filter_map(|i| self.definitions.get(*i as usize))
    }
}

/// Which packages see which, and in which order a package looks for a canonical. Shared by definitions and images.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Package id, version, and the indices of its resolved direct dependencies.
    pub packages: Vec<(String, String, Vec<usize>)>,
}

impl Links {
    /// The indices of all packages in the order in which `asking` looks for a canonical that names no version.
    #[allow(clippy::indexing_slicing, reason = "each package has a place in `seen`, and no other index is followed")]
    pub fn order(&self, asking: Option<usize>) -> Vec<usize> {
        let mut seen = vec![false; self.packages.len()];
        let mut order = Vec::with_capacity(self.packages.len());
        if let Some(own) = asking.filter(|a| *a < seen.len()) {
            seen[own] = true;
            order.push(own);
            let mut reach = Vec::new();
            let mut queue = vec![own];
            while let Some(p) = queue.pop() {
                for &d in &self.packages[p].2 {
                    if d < seen.len() && !seen[d] {
                        seen[d] = true;
                        reach.push(d);
                        queue.push(d);
                    }
                }
            }
            self.sort(&mut reach);
            order.extend(reach);
        }
        let mut rest: Vec<usize> = (0..seen.len()).filter(|i| !seen[*i]).collect();
        self.sort(&mut rest);
        order.extend(rest);
        order
    }

    /// Guides first, then terminology and extensions, then core; the highest version first.
    fn sort(&self, packages: &mut [usize]) {
        let rank = |id: &str| match id {
            _ if id.ends_with(".core") && id.starts_with("hl7.fhir.r") => 2,
            _ if id.starts_with("hl7.terminology") || id.starts_with("hl7.fhir.uv.extensions") => 1,
            _ => 0,
        };
        let named = |package: usize| self.packages.get(package).map_or(("", ""), |(id, version, _)| (id, version));
        packages.sort_by(|a, b| {
            let ((ai, av), (bi, bv)) = (named(*a), named(*b));
            (rank(ai), ai).cmp(&(rank(bi), bi)).then_with(|| compare_versions(bv, av)).then(a.cmp(b))
        });
    }
}

/// A definition and the package that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r> {
    /// The index of the package in its graph.
    pub package: usize,
    /// The definition itself.
    pub definition: &'r Definition,
}

/// A package set with its resolved dependencies.
#[derive(Debug, Default)]
pub struct PackageGraph {
    packages: Vec<Arc<Package>>,
    links: Links,
    /// Dependencies (`id#range`) that are missing, by package.
    absent: Vec<Vec<String>>,
    orders: OnceLock<Vec<Vec<usize>>>,
}

impl PackageGraph {
    /// A graph of `packages`; `dependencies[i]` are the indices that package `i` depends on, `absent[i]` those of its
    /// dependencies that are missing.
    pub fn new(packages: Vec<Arc<Package>>, dependencies: Vec<Vec<usize>>, absent: Vec<Vec<String>>) -> PackageGraph {
        let links = Links {
            packages: packages.iter().zip(dependencies).map(|(p, d)| (p.id.clone(), p.version.clone(), d)).collect(),
        };
        PackageGraph { packages, links, absent, orders: OnceLock::new() }
    }

    /// The packages, in the order in which they were given.
    pub fn packages(&self) -> &[Arc<Package>] {
        &self.packages
    }

    /// Which packages see which.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The dependencies of a package that are missing, as `id#range`.
    pub fn absent(&self, package: usize) -> &[String] {
        self.absent.get(package).map_or(&[], |a| a)
    }

    /// The search order of `asking`; without one, that of the graph as a whole.
    fn order(&self, asking: Option<usize>) -> &[usize] {
        let orders = self.orders.get_or_init(|| {
            (0..self.packages.len()).map(|p| self.links.order(Some(p))).chain([self.links.order(None)]).collect()
        });
        asking.and_then(|a| orders.get(a)).or(orders.last()).map_or(&[], |o| o)
    }

    /// The definition that `canonical` names for `asking` (a package's index), of any of `types` (empty: any).
    pub fn resolve(&self, canonical: &Canonical, asking: Option<usize>, types: &[&str]) -> Option<Found<'_>> {
        let newer = |a: &Definition, b: &Definition| {
            compare_versions(a.version.as_deref().unwrap_or(""), b.version.as_deref().unwrap_or("")).is_gt()
        };
        let of_type = |d: &&Definition| types.is_empty() || types.contains(&d.resource_type.as_str());
        self.order(asking).iter().find_map(|&package| {
            let all = self.packages.get(package)?.by_url(&canonical.url).filter(of_type);
            let definition = match canonical.version.as_deref().filter(|v| !v.is_empty()) {
                Some(wanted) => {
                    let all: Vec<&Definition> = all.collect();
                    let of = |fits: fn(&str, &str) -> bool| {
                        all.iter().copied().find(|d| d.version.as_deref().is_some_and(|v| fits(v, wanted)))
                    };
                    of(|v, wanted| v == wanted).or_else(|| of(is_of_line))
                }
                // Of equal versions the first.
                None => all.reduce(|best, d| if newer(d, best) { d } else { best }),
            };
            definition.map(|definition| Found { package, definition })
        })
    }

    /// Every definition of this url, in the order in which the graph as a whole looks.
    pub fn versions<'a>(&'a self, url: &'a str) -> impl Iterator<Item = Found<'a>> {
        let found = move |&package: &usize| {
            let definitions = self.packages.get(package).into_iter().flat_map(move |p| p.by_url(url));
            definitions.map(move |definition| Found { package, definition })
        };
        self.order(None).iter().flat_map(found)
    }
}
