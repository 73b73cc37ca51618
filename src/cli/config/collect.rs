//! Settings gathered from options, the file, the environment and defaults.

use std::path::{Path, PathBuf};

use fhir_accord_profiles::evaluate::Policies;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::entry::{Entry, Origin, Told};
use super::policies::words;
use crate::images;
use crate::packages::installed_folder;
use crate::project::Project;
use crate::terminology::terminology_folder;

/// What is gathered, and from what.
struct Gathering<'a> {
    project: Option<&'a Project>,
    settings: Vec<Entry>,
}

/// All settings in force.
pub(super) fn told(args: &Args, project: Option<&Project>) -> Told {
    let mut all = Gathering { project, settings: Vec::new() };
    all.loaded(args);
    all.profiles(args);
    all.policies(args);
    all.issues();
    all.folders();
    Told { file: project.map(|p| p.file().display().to_string()), settings: all.settings }
}

impl Gathering<'_> {
    fn add(&mut self, name: &str, value: Value, from: Origin) {
        self.settings.push(Entry { name: name.to_owned(), value, from });
    }

    /// The line of a setting of the file.
    fn line(&self, pointer: &str) -> Option<Origin> {
        self.project.and_then(|p| p.line(pointer)).map(|line| Origin::File { line })
    }

    /// A setting that an option beats.
    fn either(&mut self, name: &str, option: (&str, Option<Value>), file: Option<Value>, usual: Value) {
        let of_file = file.zip(self.line(&format!("/{name}")));
        let of_option = option.1.map(|value| (value, Origin::Option { option: option.0.to_owned() }));
        let (value, from) = of_option.or(of_file).unwrap_or((usual, Origin::Default));
        self.add(name, value, from);
    }

    fn loaded(&mut self, args: &Args) {
        let project = self.project;
        let some = |all: &[String]| (!all.is_empty()).then(|| json!(all));
        let packages = project.and_then(Project::packages).map(|p| json!(p));
        self.either("packages", ("--package", some(&args.packages)), packages, json!([]));
        let version = project.and_then(Project::fhir_version).map(Value::from);
        let given = args.fhir_version.as_deref().map(Value::from);
        self.either("fhir-version", ("--fhir-version", given), version, Value::Null);
        let rules = project.and_then(Project::rules).map(|r| json!(shown(&r)));
        self.either("rules", ("--rules", some(&shown(&args.rules))), rules, json!([]));
        let baseline = project.and_then(Project::baseline).map(|b| json!(b.display().to_string()));
        let given = args.baseline.as_ref().map(|b| json!(b.display().to_string()));
        self.either("baseline", ("--baseline", given), baseline, Value::Null);
    }

    fn profiles(&mut self, args: &Args) {
        if !args.profiles.is_empty() {
            let value = json!([{"path": "**", "profiles": args.profiles}]);
            return self.add("profiles", value, Origin::Option { option: "--profile".to_owned() });
        }
        for (number, row) in self.project.map(Project::profiles).unwrap_or_default().iter().enumerate() {
            let from = self.line(&format!("/profiles/{number}/path")).unwrap_or(Origin::Default);
            self.add("profiles", json!([{"path": row.path, "profiles": row.profiles}]), from);
        }
    }

    fn policies(&mut self, args: &Args) {
        let own = |policies: Policies| match self.project {
            Some(project) => project.policies(policies),
            None => policies,
        };
        let in_force = words(&args.policies.policies(own));
        let given = args.policies.given();
        let preset = match given.contains(&"preset") {
            true => Some(Origin::Option { option: "--preset".to_owned() }),
            false => self.line("/policies/preset"),
        };
        let is_preset = preset.is_some();
        if let Some(from) = preset {
            self.add("policies.preset", "hl7".into(), from);
        }
        let usual = words(&Policies::default());
        for ((name, value), (_, usual)) in in_force.into_iter().zip(usual) {
            let pointer = format!("/policies/{}", name.replace('.', "/"));
            let from = if given.contains(&name) {
                let option = if name.starts_with("limits.") { "--limit".to_owned() } else { format!("--{name}") };
                Origin::Option { option }
            } else if let Some(line) = self.line(&pointer) {
                line
            } else if is_preset && value != usual {
                Origin::Preset
            } else {
                Origin::Default
            };
            self.add(&format!("policies.{name}"), value, from);
        }
    }

    fn issues(&mut self) {
        let Some(project) = self.project else { return };
        for (rule, level) in project.levels() {
            let pointer = format!("/levels/{}", rule.replace('~', "~0").replace('/', "~1"));
            let from = self.line(&pointer).unwrap_or(Origin::Default);
            self.add(&format!("levels.{}", key(rule)), level.word().into(), from);
        }
        for (number, row) in project.suppressions().iter().enumerate() {
            let from = self.line(&format!("/suppressions/{number}/rule")).unwrap_or(Origin::Default);
            let members = [
                ("rule", Some(&row.rule)),
                ("element", row.element.as_ref()),
                ("path", row.path.as_ref()),
                ("reason", Some(&row.reason)),
            ];
            let value: Map<String, Value> =
                members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.as_str().into()))).collect();
            self.add("suppressions", json!([value]), from);
        }
    }

    /// The folders that variables of the environment name.
    fn folders(&mut self) {
        let variables: [(&str, &'static str, Option<PathBuf>); 3] = [
            ("folders.packages", "ACCORD_PACKAGES", installed_folder()),
            ("folders.terminology", "ACCORD_TERMINOLOGY", terminology_folder()),
            ("folders.images", "ACCORD_IMAGES", images::cache_folder()),
        ];
        for (name, variable, folder) in variables {
            let is_set = std::env::var_os(variable).is_some_and(|v| !v.is_empty());
            let from = if is_set { Origin::Environment { variable } } else { Origin::Default };
            let value = folder.as_deref().map_or(Value::Null, |f: &Path| f.display().to_string().into());
            self.add(name, value, from);
        }
    }
}

fn shown(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|p| p.display().to_string()).collect()
}

/// A rule id as a key of TOML.
fn key(rule: &str) -> String {
    let is_bare = rule.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_bare { rule.to_owned() } else { format!("{rule:?}") }
}
