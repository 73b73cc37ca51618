//! Compiles the embedded packages to images, which are compiled into the binary.

#[allow(dead_code, unused_imports, reason = "the build needs only a part of these modules")]
#[path = "src/packages"]
mod packages {
    pub mod data;
    pub mod embedded;
    pub mod reading;
}

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fhir_accord_profiles::compile;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::{Package, PackageGraph};
use flate2::Compression;
use flate2::write::GzEncoder;

/// A hash over the sources of the compiler of images, so that another build does not use this one's images.
fn sources(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|e| e.file_name());
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut add =
        |bytes: &[u8]| bytes.iter().for_each(|b| hash = (hash ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
    for e in entries {
        if e.file_type()?.is_dir() { add(&sources(&e.path())?.to_le_bytes()) } else { add(&std::fs::read(e.path())?) }
    }
    Ok(hash)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=profiles/data");
    for part in ["data.rs", "embedded.rs", "reading"] {
        println!("cargo::rerun-if-changed=src/packages/{part}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=profiles/src");
    println!("cargo::rustc-env=ACCORD_BUILD={:016x}", sources(Path::new("profiles/src"))?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut table = String::from("static IMAGES: &[(&str, &str, &Aligned<[u8]>)] = &[\n");
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
        let loaded = members.iter().map(|e| e.load()).collect::<Result<Vec<_>, _>>()?;
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
            std::fs::write(&file, bytes)?;
            writeln!(
                table,
                "    ({:?}, {:?}, &Aligned {{ align: [], bytes: *include_bytes!({:?}) }}),",
                manifest.id, manifest.version, file
            )?;
        }
    }
    table.push_str("];\n");
    heads_table(all, &out, &mut table)?;
    std::fs::write(out.join("images.rs"), table)?;
    Ok(())
}

/// Writes the heads of every package beside the images, their texts compressed, and their table.
fn heads_table(all: &[packages::embedded::Embedded], out: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    table.push_str("static HEADS: &[(&str, &str, usize, &str, &[u8])] = &[\n");
    // What no embedded guide rests on is read from its package by whoever asks for it.
    let rested_on = |version| all.iter().any(|g| g.is_guide() && g.manifest.fhir_version == version);
    for e in all.iter().filter(|e| rested_on(e.manifest.fhir_version)) {
        let (index, text) = heads(&*e.load()?);
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

/// What a negotiation reads of a search parameter.
const SEARCH_PARAMETER: [&str; 7] = ["url", "code", "type", "base", "target", "expression", "derivedFrom"];

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
