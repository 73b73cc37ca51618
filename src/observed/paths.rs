//! The places of what fails, without any word of an instance.

use fhir_accord_profiles::instance::Names;

use super::limits::PATHS_TOLD;

/// Makes places safe to be told.
pub(super) struct Paths;

impl Paths {
    /// The first of these expressions, each once. One ends before a word that the specification does not have: a
    /// property may have any name.
    pub fn of<'e>(expressions: impl Iterator<Item = &'e str>, names: &Names) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for expression in expressions {
            let path = known_part(expression, names);
            if out.len() < PATHS_TOLD && !out.contains(&path) {
                out.push(path);
            }
        }
        out
    }
}

fn known_part(expression: &str, names: &Names) -> String {
    let is_known = |part: &&str| {
        let (name, rest) = part.split_once('[').unwrap_or((part, ""));
        let index = rest.trim_end_matches(']');
        // The first part is the type, which a definition names.
        (names.find(name.as_bytes()).is_some() || name.starts_with(|c: char| c.is_ascii_uppercase()))
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && index.chars().all(|c| c.is_ascii_digit())
    };
    let mut parts = expression.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.take_while(is_known).fold(first, |path, part| path + "." + part)
}
