//! The instances that are changed: examples of archives and folders.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

/// The bytes of an instance, at most: larger ones cost time and show nothing more.
const BYTES: usize = 40_000;

/// One example.
pub struct Seed {
    pub name: String,
    pub text: String,
    pub value: Value,
}

impl Seed {
    fn new(name: String, text: &[u8]) -> Option<Seed> {
        let text = std::str::from_utf8(text).ok()?.to_owned();
        let value: Value = serde_json::from_str(&text).ok()?;
        value.get("resourceType")?.as_str()?;
        (value.to_string().len() <= BYTES).then_some(Seed { name, text, value })
    }

    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}.json", self.name)
    }
}

/// The resources in JSON of archives (`.tgz`) and folders, sorted by name; of one name the first.
pub fn read(paths: &[PathBuf]) -> Vec<Seed> {
    let mut out: Vec<Seed> = paths.iter().flat_map(|p| if p.is_dir() { folder(p) } else { archive(p) }).collect();
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out.dedup_by(|a, b| a.name == b.name);
    out
}

/// The name of an example's file without `.json`; `None` where it is none.
fn named(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    (!name.starts_with('.') && name != "package").then(|| name.to_owned())
}

fn folder(path: &Path) -> Vec<Seed> {
    let files = std::fs::read_dir(path).unwrap().flatten().map(|e| e.path());
    files.filter_map(|f| Seed::new(named(&f)?, &std::fs::read(&f).ok()?)).collect()
}

/// The files of an archive: of a package those of its folder of examples.
fn archive(path: &Path) -> Vec<Seed> {
    let mut entries = tar::Archive::new(GzDecoder::new(std::fs::File::open(path).unwrap()));
    let mut out = Vec::new();
    for entry in entries.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().into_owned();
        let is_definition = name.starts_with("package") && !name.starts_with("package/example");
        let Some(short) = named(&name).filter(|_| !is_definition) else { continue };
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        out.extend(Seed::new(short, &text));
    }
    out
}

/// Writes the instances into a folder, those that are not there.
pub fn write_all(folder: &Path, seeds: &[Seed]) {
    std::fs::create_dir_all(folder).unwrap();
    for seed in seeds {
        let file = folder.join(seed.file());
        if std::fs::read_to_string(&file).ok().as_deref() != Some(&seed.text) {
            std::fs::write(&file, &seed.text).unwrap();
        }
    }
}
