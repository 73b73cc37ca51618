//! Compiles the embedded packages to images, which lie in the binary.

#[allow(dead_code, unused_imports)]
#[path = "src/packages/mod.rs"]
mod packages;

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

use fhir_accord_profiles::compile;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::PackageGraph;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=profiles/data");
    println!("cargo::rerun-if-changed=src/packages");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut table = String::from("static IMAGES: &[(&str, &str, &Aligned<[u8]>)] = &[\n");
    let all = packages::embedded::list();
    let of_r4 = || all.iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4));
    let foundations: Vec<_> = of_r4().filter(|e| !e.is_guide()).collect();
    for guide in std::iter::once(None).chain(of_r4().filter(|e| e.is_guide()).map(Some)) {
        let members: Vec<_> = foundations.iter().copied().chain(guide).collect();
        let loaded = members.iter().map(|e| e.load()).collect::<Result<Vec<_>, _>>()?;
        let core = loaded.iter().position(|p| p.id == FhirVersion::R4.core_package()).ok_or("no core package")?;
        let count = foundations.len();
        let dependencies = (0..loaded.len()).map(|i| (0..count).filter(|f| *f != i).collect()).collect();
        let absent = vec![Vec::new(); loaded.len()];
        let graph = PackageGraph::new(loaded, dependencies, absent);
        let model = compile::model(&graph, core);
        let wanted = if guide.is_some() { count..count + 1 } else { 0..count };
        for i in wanted {
            let words = compile::package(&graph, i, &model, i == core);
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
            let manifest = &members[i].manifest;
            let file = out.join(format!("{}-{}.image", manifest.id, manifest.version));
            std::fs::write(&file, bytes)?;
            writeln!(table, "    ({:?}, {:?}, &Aligned {{ align: [], bytes: *include_bytes!({:?}) }}),", manifest.id, manifest.version, file)?;
        }
    }
    table.push_str("];\n");
    std::fs::write(out.join("images.rs"), table)?;
    Ok(())
}
