//! What is asked for on the command line.

use std::path::{Path, PathBuf};

/// The settings of a run.
pub struct Options {
    /// How many mutants are made.
    pub number: usize,
    /// Where the numbers by chance start.
    pub seed: u64,
    /// The kinds that are made; empty: all.
    pub kinds: Vec<String>,
    /// Archives of packages, or folders, whose examples are changed.
    pub examples: Vec<PathBuf>,
    /// The packages that both validators load.
    pub packages: Vec<String>,
    /// The command that asks the official validator.
    pub oracle: PathBuf,
    /// How many files it is given at once.
    pub batch: usize,
    /// Where mutants, outcomes and differences are written.
    pub out: PathBuf,
}

impl Options {
    /// The settings that the arguments name; of the rest the usual ones: examples of R4 and US Core, and the validator,
    /// in the shared folder (`../shared`, or `$ACCORD_SHARED`; `$ACCORD_ORACLE` for the validator alone).
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = std::env::var_os("ACCORD_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
        let mut out = Options {
            number: 1000,
            seed: 1,
            kinds: Vec::new(),
            examples: Vec::new(),
            packages: vec!["hl7.fhir.us.core#6.1.0".to_owned()],
            oracle: std::env::var_os("ACCORD_ORACLE").map_or_else(|| shared.join("oracle/run.sh"), PathBuf::from),
            batch: 2500,
            out: Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle"),
        };
        let mut words = std::env::args().skip(1).filter(|w| w != "--bench");
        while let Some(name) = words.next() {
            let value = words.next().unwrap_or_else(|| panic!("`{name}` has no value"));
            out.set(&name, &value);
        }
        if out.examples.is_empty() {
            out.examples = ["examples/r4.tgz", "packages/hl7.fhir.us.core-6.1.0.tgz"].map(|p| shared.join(p)).into();
        }
        out
    }

    fn set(&mut self, name: &str, value: &str) {
        let list = || value.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect();
        let number = || value.parse().unwrap_or_else(|_| panic!("`{name} {value}` is no number"));
        match name {
            "--number" => self.number = number(),
            "--seed" => self.seed = number() as u64,
            "--kinds" => self.kinds = list(),
            "--examples" => self.examples.push(value.into()),
            "--packages" => self.packages = list(),
            "--oracle" => self.oracle = value.into(),
            "--batch" => self.batch = number().max(1),
            "--out" => self.out = value.into(),
            _ => panic!("unknown argument `{name}`"),
        }
    }
}
