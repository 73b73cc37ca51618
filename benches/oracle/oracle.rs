//! The official Java validator: asked in batches; its outcomes are read from files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::issue::{Outcome, Said};
use crate::options::Options;
use crate::place::normal;

/// The command and where its outcomes are.
pub struct Oracle {
    command: PathBuf,
    packages: String,
    batch: usize,
    outcomes: PathBuf,
}

impl Oracle {
    pub fn new(options: &Options) -> Oracle {
        Oracle {
            command: options.oracle.clone(),
            packages: options.packages.join(","),
            batch: options.batch,
            outcomes: options.out.join("outcomes"),
        }
    }

    fn file(&self, instance: &str) -> PathBuf {
        self.outcomes.join(format!("{}.json", instance.strip_suffix(".json").unwrap_or(instance)))
    }

    /// Has those files of a folder judged that are not yet; those at which it fails are not given to it again.
    pub fn ask(&self, folder: &Path, files: impl Iterator<Item = String>) {
        let failed = |f: &String| self.file(f).with_extension("failed");
        let left: Vec<String> = files.filter(|f| !self.file(f).is_file() && !failed(f).is_file()).collect();
        for (i, batch) in left.chunks(self.batch).enumerate() {
            eprintln!("{} of {} files are asked for", (i * self.batch + batch.len()), left.len());
            self.run(&batch.iter().map(|f| format!("{}\n", folder.join(f).display())).collect::<String>());
            let answers = batch.iter().any(|f| self.file(f).is_file());
            for file in batch.iter().filter(|f| answers && !self.file(f).is_file()) {
                std::fs::write(failed(file), "").unwrap();
            }
        }
    }

    fn run(&self, list: &str) {
        let mut command = Command::new(&self.command);
        command.arg(&self.packages).arg(&self.outcomes).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("cannot run {}: {e}", self.command.display()));
        child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success(), "{} ended with {status}", self.command.display());
    }

    /// What it said of a file; `None` where it failed.
    pub fn outcome(&self, instance: &str) -> Option<Outcome> {
        let text = std::fs::read_to_string(self.file(instance)).ok()?;
        Some(read(&serde_json::from_str(&text).ok()?))
    }
}

/// The errors of an OperationOutcome of the official validator.
pub fn read(outcome: &Value) -> Outcome {
    let mut out = Outcome::default();
    for issue in outcome.get("issue").and_then(Value::as_array).into_iter().flatten() {
        if !matches!(issue.get("severity").and_then(Value::as_str), Some("error" | "fatal")) {
            continue;
        }
        let text = |path: &str| issue.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = extension(issue, "operationoutcome-message-id");
        let id = id.map_or_else(|| opening(&text("/details/text")), str::to_owned);
        let said =
            Said { place: place(&id, &text("/expression/0"), &text("/details/text")), id, text: text("/details/text") };
        if lacks(&said) {
            out.unsure.insert(said.place);
        } else {
            out.errors.push(said);
        }
    }
    out
}

/// The words that a message without a key opens with: up to what it quotes.
fn opening(text: &str) -> String {
    let words = text.split(['\'', ':', '(', '"', '<', ',']).next().unwrap_or_default();
    words.split_whitespace().take(6).collect::<Vec<_>>().join(" ")
}

fn extension<'v>(issue: &'v Value, name: &str) -> Option<&'v str> {
    let mut all = issue.get("extension")?.as_array()?.iter();
    let found = all.find(|e| e.get("url").and_then(Value::as_str).is_some_and(|u| u.ends_with(name)))?;
    found.as_object()?.iter().find(|(k, _)| k.starts_with("value"))?.1.as_str()
}

/// Messages that count the entries of a Bundle from 1, or name the Bundle alone and the place in their text.
const FROM_ONE: [&str; 7] = [
    "Validation_BUNDLE_Message",
    "BUNDLE_BUNDLE_ENTRY_NOTFOUND_CANNOT",
    "BUNDLE_BUNDLE_ENTRY_NOTFOUND_APPARENT",
    "Bundle_BUNDLE_Entry_NotFound",
    "Bundle_BUNDLE_Entry_Orphan_DOCUMENT",
    "Bundle_BUNDLE_Entry_Document",
    "Bundle_BUNDLE_FullUrl_Missing",
];

/// The place with the entries counted from 0.
fn place(id: &str, expression: &str, text: &str) -> String {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\((Bundle\.entry\[\d+\][^)]*)\)").unwrap());
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[(\d+)\]").unwrap());
    if expression.contains("/f:") || ["(xml)", "XML"].contains(&expression) {
        return normal(Some(&of_xpath(expression)));
    }
    if !FROM_ONE.contains(&id) {
        return normal(Some(expression));
    }
    match NAMED.captures(text).filter(|_| expression == "Bundle") {
        Some(named) => normal(named.get(1).map(|m| m.as_str())),
        None => normal(Some(&NUMBER.replace_all(&normal(Some(expression)), |c: &regex::Captures<'_>| {
            format!("[{}]", c[1].parse::<usize>().unwrap_or(1).saturating_sub(1))
        }))),
    }
}

/// `/f:Patient/f:name` as `Patient.name`; the text as a whole as nothing.
fn of_xpath(path: &str) -> String {
    let steps = path.split('/').filter(|s| !s.is_empty() && !["(xml)", "XML"].contains(s));
    steps.map(|s| s.rsplit(':').next().unwrap_or(s)).collect::<Vec<_>>().join(".")
}

/// Whether an error rests on a code system which the official validator lacks without a terminology server: it says of
/// any code of BCP 13, BCP 47 and ISO 4217 that it cannot tell the system. One without their form stays an error.
fn lacks(said: &Said) -> bool {
    static INFER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?s)(?:for the code '|value provided \(')([^']*)'.*/ValueSet/(mimetypes|currencies|all-languages)\|",
        )
        .unwrap()
    });
    static FORMS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [r"^[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;.*)?$", "^[A-Z]{3}$", "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"]
            .map(|f| Regex::new(f).unwrap())
    });
    let named = ["error message = A definition for", "Cannot invoke"].iter().any(|t| said.text.contains(t));
    let keys = ["Type_Specific_Checks_DT_URL_Resolve", "MEASURE_M_CRITERIA_CQL_NO_LIB"];
    let inferred = INFER.captures(&said.text).is_some_and(|c| {
        let set = ["mimetypes", "currencies", "all-languages"].iter().position(|s| *s == &c[2]).unwrap_or(0);
        FORMS[set].is_match(&c[1])
    });
    named || inferred || keys.iter().any(|k| said.id.starts_with(k))
}
