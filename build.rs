//! Compiles the embedded packages to images, which are compiled into the binary.

#[allow(dead_code, unused_imports, reason = "the build needs only a part of these modules")]
#[path = "src/packages"]
mod packages {
    pub mod data;
    pub mod embedded;
    pub mod reading;
}

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use fhir_accord_profiles::compile;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::{Package, PackageGraph};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// What git says in the folder of this build; `None` where there is no git, or no repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// The commit that this is built from, for `--version`: `$ACCORD_COMMIT`, else what git says, else what cargo wrote
/// into the published crate. A build for development is not made again for each commit, and says so.
fn commit() -> String {
    println!("cargo::rerun-if-env-changed=ACCORD_COMMIT");
    let short = |commit: &str| format!("commit {}", commit.get(..12).unwrap_or(commit));
    if let Some(given) = std::env::var("ACCORD_COMMIT").ok().filter(|c| !c.trim().is_empty()) {
        return short(&given);
    }
    if let Some(found) = git(&["rev-parse", "HEAD"]).filter(|_| Path::new(".git").exists()) {
        if std::env::var("PROFILE").is_ok_and(|p| p != "release") {
            return format!("{} or later, a build for development", short(&found));
        }
        if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|p| Path::new(p).exists()) {
            println!("cargo::rerun-if-changed={log}");
        }
        return short(&found);
    }
    let published = std::fs::read_to_string(".cargo_vcs_info.json").ok();
    let info = published.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let commit = info.as_ref().and_then(|i| i.get("git")?.get("sha1")?.as_str());
    commit.map_or_else(|| "commit unknown".to_owned(), short)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rustc-env=ACCORD_COMMIT={}", commit());
    for part in ["data.rs", "embedded.rs", "reading"] {
        println!("cargo::rerun-if-changed=src/packages/{part}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=ACCORD_BUILD={}", fhir_accord_profiles::SOURCES);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut table = String::from("static IMAGES: &[(&str, &str, &Aligned<[u8]>)] = &[\n");
    // Each process needs the foundations, at once; of the guides it needs a few.
    let mut packed = Vec::new();
    let all = packages::embedded::list();
    let of_r4 = || all.iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4));
    let foundations: Vec<_> = of_r4().filter(|e| !e.is_guide()).collect();
    for guide in std::iter::once(None).chain(of_r4().filter(|e| e.is_guide()).map(Some)) {
        let named = |e: &&packages::embedded::Embedded| {
            guide.is_some_and(|g| {
                g.manifest.dependencies.iter().any(|(id, v)| *id == e.manifest.id && *v == e.manifest.version)
            })
        };
        let below = of_r4().filter(|e| e.is_guide()).filter(named);
        let members: Vec<_> = foundations.iter().copied().chain(below).chain(guide).collect();
        let loaded = members.iter().map(|e| package(e)).collect::<Result<Vec<_>, _>>()?;
        let core = loaded.iter().position(|p| p.id == FhirVersion::R4.core_package()).ok_or("no core package")?;
        let count = foundations.len();
        let last = loaded.len() - 1;
        let dependencies = (0..loaded.len())
            .map(|i| (0..if i == last { last } else { count }).filter(|f| *f != i).collect())
            .collect();
        let absent = vec![Vec::new(); loaded.len()];
        let graph = PackageGraph::new(loaded, dependencies, absent);
        let model = compile::model(&graph, core);
        let wanted = if guide.is_some() { last..last + 1 } else { 0..count };
        for i in wanted {
            let words = compile::package(&graph, i, &model, i == core);
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
            let manifest = &members.get(i).ok_or("no such package")?.manifest;
            let file = out.join(format!("{}-{}.image", manifest.id, manifest.version));
            let (id, version) = (&manifest.id, &manifest.version);
            if guide.is_some() {
                std::fs::write(&file, deflated(&bytes)?)?;
                let size = bytes.len();
                packed.push(format!("    Packed::new({id:?}, {version:?}, {size}, include_bytes!({file:?})),\n"));
            } else {
                std::fs::write(&file, bytes)?;
                let bytes = format!("&Aligned {{ align: [], bytes: *include_bytes!({file:?}) }}");
                writeln!(table, "    ({id:?}, {version:?}, {bytes}),")?;
            }
        }
    }
    table.push_str("];\n");
    writeln!(table, "static PACKED: [Packed; {}] = [\n{}];", packed.len(), packed.concat())?;
    heads_table(all, &out, &mut table)?;
    std::fs::write(out.join("images.rs"), table)?;
    std::fs::write(out.join("books.rs"), books(all, &out)?)?;
    Ok(())
}

/// A package, unpacked once.
fn package(of: &packages::embedded::Embedded) -> Result<Arc<Package>, packages::reading::ReadError> {
    static KEPT: Mutex<BTreeMap<String, Arc<Package>>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(package) = kept.get(&of.sha256) {
        return Ok(Arc::clone(package));
    }
    let package = Arc::new(of.unpack()?);
    kept.insert(of.sha256.clone(), Arc::clone(&package));
    Ok(package)
}

/// How many bytes of definitions are compressed together.
const BLOCK: usize = 64 << 10;

/// Writes the definitions of each package, compressed, with an index of them. Returns their table, for
/// `src/packages/book.rs`, which reads them.
fn books(all: &[packages::embedded::Embedded], out: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("static BOOKS: &[Bound] = &[\n");
    for e in all {
        let package = package(e)?;
        let (mut index, mut blocks, mut texts) = (String::new(), Vec::new(), Vec::new());
        let mut block: Vec<u8> = Vec::new();
        let mut files = BTreeSet::new();
        for d in &package.definitions {
            if block.len() >= BLOCK {
                texts.append(&mut deflated(&block)?);
                blocks.push((texts.len(), block.len()));
                block.clear();
            }
            // What stands in the file of another definition was made from it.
            let inline = if files.insert(&d.file) { "" } else { "inline" };
            let version = d.version.as_deref().unwrap_or_default();
            let members = [&*d.resource_type, &d.id, &d.url, version, &d.file];
            if members.iter().any(|m| m.contains(['\t', '\n', '\r'])) {
                return Err(format!("`{}` of `{}` cannot be listed", d.file, package.name()).into());
            }
            let (members, number) = (members.join("\t"), blocks.len());
            writeln!(index, "{members}\t{number}\t{}\t{}\t{inline}", block.len(), d.text().len())?;
            block.extend_from_slice(d.text());
        }
        texts.append(&mut deflated(&block)?);
        blocks.push((texts.len(), block.len()));
        let name = package.name();
        let (index_file, texts_file) = (out.join(format!("{name}.index")), out.join(format!("{name}.texts")));
        std::fs::write(&index_file, deflated(index.as_bytes())?)?;
        std::fs::write(&texts_file, texts)?;
        writeln!(
            table,
            "    Bound {{ id: {:?}, version: {:?}, index_bytes: {}, index: include_bytes!({index_file:?}), \
             blocks: &{blocks:?}, texts: include_bytes!({texts_file:?}) }},",
            package.id,
            package.version,
            index.len(),
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}

/// Writes the heads of every package beside the images, their texts compressed, and their table.
fn heads_table(all: &[packages::embedded::Embedded], out: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    table.push_str("static HEADS: &[(&str, &str, usize, &str, &[u8])] = &[\n");
    // What no embedded guide rests on is read from its package by whoever asks for it.
    let rested_on = |version| all.iter().any(|g| g.is_guide() && g.manifest.fhir_version == version);
    for e in all.iter().filter(|e| rested_on(e.manifest.fhir_version)) {
        let (index, text) = heads(&*package(e)?);
        let name = format!("{}-{}", e.manifest.id, e.manifest.version);
        let (index_file, text_file) = (out.join(format!("{name}.heads.tsv")), out.join(format!("{name}.heads.gz")));
        std::fs::write(&index_file, index)?;
        let mut packed = GzEncoder::new(std::fs::File::create(&text_file)?, Compression::best());
        packed.write_all(text.as_bytes())?;
        packed.finish()?;
        writeln!(
            table,
            "    ({:?}, {:?}, {}, include_str!({:?}), include_bytes!({:?})),",
            e.manifest.id,
            e.manifest.version,
            text.len(),
            index_file,
            text_file
        )?;
    }
    table.push_str("];\n");
    Ok(())
}

/// What negotiations and searches read of a search parameter.
const SEARCH_PARAMETER: [&str; 9] =
    ["url", "code", "type", "base", "target", "expression", "xpath", "component", "derivedFrom"];

/// What a negotiation reads of a package: StructureDefinitions without their elements, statements, the guide, what
/// searches go by, the urls of maps. An index line a definition (type, id, url, version, file, offset, length, by
/// tabs), and the text that it points into.
fn heads(package: &Package) -> (String, String) {
    let (mut index, mut text) = (String::new(), String::new());
    for d in &package.definitions {
        let mut value = serde_json::Value::clone(d.value());
        let Some(members) = value.as_object_mut() else { continue };
        match d.resource_type.as_str() {
            "StructureDefinition" | "CapabilityStatement" | "Conformance" | "ImplementationGuide" => {
                members
                    .retain(|name, _| !["snapshot", "differential", "mapping", "definition"].contains(&name.as_str()));
            }
            "SearchParameter" => members.retain(|name, _| SEARCH_PARAMETER.contains(&name.as_str())),
            "ConceptMap" | "StructureMap" => members.retain(|name, _| name == "url"),
            "CompartmentDefinition" => members.retain(|name, _| ["url", "code", "resource"].contains(&name.as_str())),
            _ => continue,
        }
        let start = text.len();
        text.push_str(&value.to_string());
        let version = d.version.as_deref().unwrap_or("");
        index.push_str(&format!(
            "{}\t{}\t{}\t{version}\t{}\t{start}\t{}\n",
            d.resource_type,
            d.id,
            d.url,
            d.file,
            text.len() - start
        ));
    }
    (index, text)
}
