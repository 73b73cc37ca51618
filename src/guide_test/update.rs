//! Expectations as they are found, written: in a stable order, with what people wrote that still holds.

use std::path::{Path, PathBuf};

use fhir_accord_profiles::issue::Verdict;

use super::expectation::{Entry, Expectation, Expected, Others};
use super::guide::Instance;
use super::judging::Tested;
use super::names::{ENDING, stem};
use super::pairing::Pairs;
use super::seen::{Seen, without_indices};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// The files that are new or changed.
    pub files: Vec<String>,
    /// Expectations that were left as they are, and why.
    pub left: Vec<String>,
}

/// What is found, as an expectation; of `old` stays what is not about findings, and entries that still mean an issue.
pub(super) fn expectation(
    old: Option<&Expectation>,
    verdict: Verdict,
    seen: &[Seen],
    profiles: &[String],
) -> Expectation {
    let is_kept = |e: &&Entry| seen.iter().any(|s| e.means(s));
    let mut must: Vec<Entry> = old.into_iter().flat_map(|o| &o.must).filter(is_kept).cloned().collect();
    for error in seen.iter().filter(|s| s.is_error) {
        if !must.iter().any(|e| e.means(error)) {
            must.push(entry(error));
        }
    }
    let key = |e: &Entry| (e.path.clone(), e.rule.clone(), e.element.clone(), e.constraint.clone(), e.profile.clone());
    must.sort_by_key(key);
    must.dedup();
    let expected = match verdict {
        Verdict::Valid => Expected::Valid,
        Verdict::Undetermined => Expected::Undetermined,
        Verdict::Invalid => Expected::Invalid,
    };
    Expectation {
        schema: old.map_or_else(String::new, |o| o.schema.clone()),
        comment: old.map_or_else(String::new, |o| o.comment.clone()),
        verdict: expected,
        profiles: old.map_or_else(|| profiles.to_vec(), |o| o.profiles.clone()),
        others: old.map_or(Others::Refuse, |o| o.others),
        must,
        must_not: old.map_or_else(Vec::new, |o| o.must_not.clone()),
    }
}

/// An issue, as an expectation names it.
pub(super) fn entry(seen: &Seen) -> Entry {
    let path = without_indices(&seen.path);
    Entry {
        rule: seen.rule.to_owned(),
        element: if seen.element == path { String::new() } else { seen.element.clone() },
        path,
        constraint: seen.constraint.clone(),
        ..Entry::default()
    }
}

/// The text of a file with an expectation.
pub(super) fn text(expectation: &Expectation) -> String {
    serde_json::to_string_pretty(expectation).unwrap_or_default() + "\n"
}

/// Writes what is found of instances that are invalid, and of those that have an expectation. What SUSHI generates it
/// also removes: expectations of it go to `tests/expected/` of the guide.
///
/// # Errors
/// A message where a file cannot be written.
pub(super) fn update(root: &Path, instances: &[Instance], tested: &[Tested], pairs: &Pairs) -> Result<Updated, String> {
    let mut out = Updated::default();
    for (at, (instance, test)) in instances.iter().zip(tested).enumerate() {
        if pairs.broken.contains_key(&at) {
            out.left.push(format!("`{}`: {}", instance.name, test.why.join("; ")));
            continue;
        }
        let old = pairs.all.get(&at);
        let Some(verdict) = test.verdict.filter(|v| old.is_some() || *v == Verdict::Invalid) else { continue };
        let Some(path) = &instance.path else {
            return Err("--update: an archive cannot be changed; unpack it, and give the folder".to_owned());
        };
        let paired = pairs.files.get(&at).cloned();
        let is_new = paired.is_none();
        let file = paired.unwrap_or_else(|| beside(root, path, &instance.name));
        if is_new && file.symlink_metadata().is_ok() {
            let file = file.display();
            out.left.push(format!("`{}`: `{file}` is there, and is not its expectation", instance.name));
            continue;
        }
        let new = text(&expectation(old, verdict, &test.seen, &[]));
        if std::fs::read_to_string(&file).is_ok_and(|was| was == new) {
            continue;
        }
        let could_not = |e: std::io::Error| format!("--update: could not write `{}`: {e}", file.display());
        file.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(could_not)?;
        std::fs::write(&file, new).map_err(could_not)?;
        out.files.push(file.strip_prefix(root).unwrap_or(&file).display().to_string());
    }
    Ok(out)
}

fn beside(root: &Path, path: &Path, name: &str) -> PathBuf {
    let file = format!("{}{ENDING}", stem(name));
    if name.starts_with("fsh-generated/") || name.starts_with("output/") {
        return root.join("tests").join("expected").join(file);
    }
    path.with_file_name(file)
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
