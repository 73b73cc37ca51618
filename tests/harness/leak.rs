//! Words of real answers that are told and must not be: in a result, on a page, in a log.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The letters of the shortest word that is looked for.
const LETTERS: usize = 4;

/// Where the program's own messages are: the texts of rules, and what the result of a negotiation is written with.
const MESSAGES: &[&str] = &["docs/rules.md", "src/wording", "src/page", "src/cli/agreement_text", "templates/page"];

/// The words of a text, whatever stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= LETTERS)
}

/// The words of the values of an answer, lower-case ones too; names of properties are none.
pub fn values(answer: &Value, out: &mut BTreeSet<String>) {
    match answer {
        Value::String(text) => out.extend(words(text).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|v| values(v, out)),
        Value::Object(members) => members.values().for_each(|v| values(v, out)),
        _ => {}
    }
}

/// The names of an answer's properties.
fn names(answer: &Value, out: &mut BTreeSet<String>) {
    match answer {
        Value::Array(items) => items.iter().for_each(|v| names(v, out)),
        Value::Object(members) => members.iter().for_each(|(name, v)| {
            out.extend(words(name).map(str::to_owned));
            names(v, out);
        }),
        _ => {}
    }
}

fn messages(path: &Path, out: &mut BTreeSet<String>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| messages(&entry.unwrap().path(), out));
    } else {
        out.extend(words(&fs::read_to_string(path).unwrap()).map(str::to_owned));
    }
}

/// The words of the answers' values that `told` has and `plain`, which was told without the answers, has not; but the
/// names of properties and the words of the program's own messages. Those that were looked for, and those found.
pub fn leaked<'a>(answers: impl Iterator<Item = &'a Value>, told: &str, plain: &str) -> (usize, Vec<String>) {
    let (mut secret, mut known) = (BTreeSet::new(), BTreeSet::new());
    for answer in answers {
        values(answer, &mut secret);
        names(answer, &mut known);
    }
    for path in MESSAGES {
        messages(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), &mut known);
    }
    known.extend(words(plain).map(str::to_owned));
    // Numbers alone may be counts of the result.
    secret.retain(|word| word.chars().any(char::is_alphabetic) && !known.contains(word));
    let told: BTreeSet<&str> = words(told).collect();
    let found = secret.iter().filter(|word| told.contains(word.as_str())).cloned().collect();
    (secret.len(), found)
}

/// A leak of a lower-case word is found, whatever stands around it; a name, and what is told anyway, is no leak.
#[allow(dead_code, reason = "the targets that use this module call it or not")]
pub fn finds_what_leaks() {
    let answer = serde_json::json!({"tribe": [{"note": "seen by okonkwo, tribe of eze"}], "code": "refuted"});
    let found = |told: &str, plain: &str| leaked(std::iter::once(&answer), told, plain).1;
    assert_eq!(found("\"why\": \"value okonkwo\"", ""), ["okonkwo"]);
    assert_eq!(found("Patient.name[okonkwo]", ""), ["okonkwo"]);
    assert_eq!(found("okonkwos tribe; refuted", ""), [""; 0]);
    assert_eq!(found("of okonkwo", "okonkwo"), [""; 0]);
}
