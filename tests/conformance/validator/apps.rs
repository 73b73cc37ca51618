//! Package sets with their loose definitions, each loaded once.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fhir_accord::app::{App, HeldAt, Holder, Holding, Settings};
use fhir_accord::remote::terminology::{self, TerminologyServer, TerminologyUrl};
use fhir_accord::settle::Answerer;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Report;

use super::cases::Case;
use super::definitions::{self, Loose};
use super::settings::texts;

/// What every run of the official validator has loaded, as far as it is here.
fn foundations(version: FhirVersion) -> Vec<String> {
    let others: &[&str] = match version {
        FhirVersion::Dstu2 | FhirVersion::Stu3 => &[],
        FhirVersion::R4 | FhirVersion::R4b => {
            &["hl7.terminology.r4#7.3.0", "hl7.fhir.uv.extensions.r4#5.3.0", "accord.uv.tools#1.0.0"]
        }
        FhirVersion::R5 => &["hl7.terminology.r5#7.3.0", "hl7.fhir.uv.extensions.r5#5.3.0"],
    };
    let core = format!("{}#{}", version.core_package(), version.number());
    std::iter::once(core).chain(others.iter().map(|o| (*o).to_owned())).collect()
}

/// The resources of the suite, as its own test run finds them: by the reference with `-` for `/`, or by what follows
/// the first `/`, as a file.
#[derive(Debug)]
struct Neighbours {
    folder: PathBuf,
    /// Names and texts of those that were found.
    found: Mutex<Vec<(String, Vec<u8>)>>,
}

impl Holder for Neighbours {
    fn find(&self, reference: &str) -> Holding {
        // The one that it makes up.
        if reference == "Patient/test" {
            return self.holding(reference, br#"{"resourceType":"Patient","id":"test"}"#.to_vec());
        }
        let tail = reference.split_once('/').map_or(reference, |(_, tail)| tail);
        for name in [reference.replace('/', "-"), tail.to_owned()] {
            for extension in ["json", "xml"] {
                let name = format!("{}.{extension}", name.to_ascii_lowercase());
                let path = self.folder.join(&name);
                if !name.contains('/')
                    && let Ok(text) = fs::read(path)
                {
                    return self.holding(&name, text);
                }
            }
        }
        if reference.contains(':') { Holding::Unknown } else { Holding::Absent }
    }

    fn text(&self, number: usize) -> Option<Vec<u8>> {
        self.found.lock().unwrap().get(number).map(|(_, text)| text.clone())
    }
}

impl Neighbours {
    fn holding(&self, name: &str, text: Vec<u8>) -> Holding {
        let kind = kind(&text);
        let mut found = self.found.lock().unwrap();
        let number = found.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            found.push((name.to_owned(), text));
            found.len() - 1
        });
        Holding::Resource { at: HeldAt { text: number, entry: None }, kind }
    }
}

/// The type of a resource: its `resourceType`, or the name of its first element.
fn kind(text: &[u8]) -> String {
    if let Ok(json) = serde_json::from_slice::<serde_json::Value>(text) {
        return json["resourceType"].as_str().unwrap_or_default().to_owned();
    }
    let text = String::from_utf8_lossy(text);
    let tag = text.split('<').find(|t| t.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default();
    tag.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The terminology server that `$ACCORD_TX` names, or `$ACCORD_TX_R4` and the like for one FHIR version. Without it
/// nobody is asked, and the ledgers are those of the repository.
fn terminology_server(version: FhirVersion) -> Option<Arc<dyn Answerer>> {
    let url = TerminologyUrl::parse(&address(version)?).unwrap();
    Some(Arc::new(TerminologyServer::new(url, terminology::Settings::default()).unwrap()))
}

/// The address of the terminology server for a FHIR version. An empty variable names none.
fn address(version: FhirVersion) -> Option<String> {
    let name = match version {
        FhirVersion::Stu3 => "R3",
        other => other.name(),
    };
    let named = |variable: &str| std::env::var(variable).ok().filter(|url| !url.trim().is_empty());
    named(&format!("ACCORD_TX_{name}")).or_else(|| named("ACCORD_TX"))
}

/// Whether a terminology server is asked for a FHIR version.
pub fn asks(version: FhirVersion) -> bool {
    address(version).is_some()
}

/// The engines of the suite, by what they have loaded.
pub struct Apps {
    version: FhirVersion,
    suite: PathBuf,
    packages: PathBuf,
    /// Folders of packages and definitions, by their content, and the images of them.
    work: PathBuf,
    plain: App,
    others: HashMap<u64, Option<App>>,
    memory: Memory,
    answerer: Option<Arc<dyn Answerer>>,
    opening: Duration,
    checking: Duration,
}

impl Apps {
    /// `packages` is the folder of packages that entries name.
    pub fn new(version: FhirVersion, suite: &Path, packages: &Path) -> Apps {
        let started = Instant::now();
        let answerer = terminology_server(version);
        let work = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("validator");
        let settings = Settings {
            fhir_version: Some(version),
            packages: foundations(version),
            images: Some(work.join("images")),
            installed: Some(packages.to_owned()),
            answerer: answerer.clone(),
            holder: Some(Arc::new(Neighbours { folder: suite.to_owned(), found: Mutex::default() })),
            ..Settings::default()
        };
        let plain = App::open(&settings).unwrap();
        // Where images are made, what they rest on stays unpacked.
        plain.graph().unwrap();
        Apps {
            version,
            suite: suite.to_owned(),
            packages: packages.to_owned(),
            work,
            plain,
            others: HashMap::new(),
            memory: Memory::default(),
            answerer,
            opening: started.elapsed(),
            checking: Duration::ZERO,
        }
    }

    /// Where the time went.
    pub fn times(&self) -> String {
        format!(
            "validator-{}: {} package sets loaded in {:.2?}, cases checked in {:.2?}",
            self.version.name().to_lowercase(),
            self.others.len() + 1,
            self.opening,
            self.checking
        )
    }

    /// The report on a case.
    pub fn check(&mut self, case: &Case, policies: &Policies) -> Result<Report, String> {
        let (loose, asked) = definitions::of_case(case, &self.suite, self.plain.set().model())?;
        let key = self.open(case, &loose)?;
        let app = match key {
            None => &self.plain,
            Some(key) => self.others.get(&key).and_then(Option::as_ref).ok_or("its packages do not load")?,
        };
        let text = fs::read(self.suite.join(&case.file)).unwrap();
        let asked = app.profiles(&asked).map_err(|e| e.to_string())?;
        let started = Instant::now();
        // Bounds that are durations count from now; a fixed one keeps the ledger the same every day.
        let now = Temporal::date_time("2026-06-01T12:00:00Z");
        let report = app.check(&app.evaluator(), &text, &asked, policies, now, &mut self.memory);
        self.checking += started.elapsed();
        Ok(report)
    }

    /// Loads what a case needs; gives its place among the others, `None` where the foundations suffice.
    fn open(&mut self, case: &Case, loose: &[Loose]) -> Result<Option<u64>, String> {
        let named = packages(case);
        let mapped: Vec<(String, PathBuf)> =
            mapped(case).into_iter().map(|(name, file)| (name, self.suite.join(file))).collect();
        if named.is_empty() && mapped.is_empty() && loose.is_empty() {
            return Ok(None);
        }
        let mut hasher = DefaultHasher::new();
        (&named, &mapped, loose).hash(&mut hasher);
        let key = hasher.finish();
        if self.others.contains_key(&key) {
            return Ok(Some(key));
        }
        let started = Instant::now();
        let mut specs = foundations(self.version);
        for name in &named {
            let file = self.suite.join(name);
            specs.push(if file.is_file() { file.display().to_string() } else { name.clone() });
        }
        if !loose.is_empty() {
            specs.push(self.lay(key, loose).display().to_string());
        }
        let installed = self.install_folder(key, &mapped);
        let settings = Settings {
            fhir_version: Some(self.version),
            packages: specs,
            images: Some(self.work.join("images")),
            installed: Some(installed),
            answerer: self.answerer.clone(),
            holder: Some(Arc::new(Neighbours { folder: self.suite.clone(), found: Mutex::default() })),
            ..Settings::default()
        };
        let app = App::open(&settings).map_err(|e| {
            if named.is_empty() { e.to_string() } else { format!("package not loaded: {}", named.join(", ")) }
        });
        self.opening += started.elapsed();
        self.others.insert(key, Some(app?));
        Ok(Some(key))
    }

    /// The loose definitions in a folder of their own.
    fn lay(&self, key: u64, loose: &[Loose]) -> PathBuf {
        let folder = self.work.join(format!("loose-{key:016x}"));
        fs::create_dir_all(&folder).unwrap();
        for definition in loose {
            fs::write(folder.join(&definition.name), &definition.text).unwrap();
        }
        folder
    }

    /// The folder of packages with those that a case maps to files.
    fn install_folder(&self, key: u64, mapped: &[(String, PathBuf)]) -> PathBuf {
        if mapped.is_empty() {
            return self.packages.clone();
        }
        let folder = self.work.join(format!("install_folder-{key:016x}"));
        fs::create_dir_all(&folder).unwrap();
        for file in fs::read_dir(&self.packages).unwrap().flatten() {
            let _ = std::os::unix::fs::symlink(file.path().canonicalize().unwrap(), folder.join(file.file_name()));
        }
        for (name, file) in mapped {
            fs::copy(file, folder.join(format!("{name}.tgz"))).unwrap();
        }
        folder
    }
}

/// The packages that a case names.
fn packages(case: &Case) -> Vec<String> {
    let mut named: Vec<String> = texts(&case.entry, "packages").into_iter().map(str::to_owned).collect();
    if case.variant != "base" {
        named.extend(texts(case.node(), "packages").into_iter().map(str::to_owned));
    }
    named.sort();
    named.dedup();
    named
}

/// The packages that a case maps to files.
fn mapped(case: &Case) -> Vec<(String, String)> {
    let map = case.entry["package-map"].as_object();
    let mut mapped: Vec<(String, String)> =
        map.into_iter().flatten().filter_map(|(name, file)| Some((name.clone(), file.as_str()?.to_owned()))).collect();
    mapped.sort();
    mapped
}
