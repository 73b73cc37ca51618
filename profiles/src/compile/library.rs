//! Libraries: the expressions that their logic defines, as ELM or as the text of CQL
//! (<https://hl7.org/fhir/R4/library.html>, <https://cql.hl7.org/elm.html>).

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::text;
use crate::model::decode_base64;

/// The parts of a library in ELM whose definitions can be named: expressions, and parameters.
const PARTS: [&str; 2] = ["statements", "parameters"];

/// The name of a library, and on further lines the expressions that it defines. One that does not hold its logic in a
/// form that is read here is a name alone.
pub(super) fn content(library: &Value) -> String {
    let name = text(library, "name");
    let parts: Vec<&Value> = library["content"].as_array().into_iter().flatten().collect();
    let of_type = |kind: &'static str| parts.iter().filter(move |p| text(p, "contentType").starts_with(kind));
    let read = |p: &&Value| decode_base64(text(p, "data")).and_then(|d| String::from_utf8(d).ok());
    let defined = of_type("application/elm+json")
        .find_map(|p| of_json(&read(p)?))
        .or_else(|| of_type("application/elm+xml").find_map(|p| of_xml(&read(p)?)))
        .or_else(|| of_type("text/cql").find_map(|p| Some(of_cql(&read(p)?))));
    match defined {
        None => name.to_owned(),
        Some(defined) => {
            let lines: Vec<&str> = std::iter::once(name).chain(defined.iter().map(String::as_str)).collect();
            // A library that defines nothing is known, too.
            if defined.is_empty() { format!("{name}\n") } else { lines.join("\n") }
        }
    }
}

fn of_json(elm: &str) -> Option<BTreeSet<String>> {
    let elm: Value = serde_json::from_str(elm).ok()?;
    let library = elm.get("library")?;
    let of = |part: &str| library.get(part).and_then(|p| p.get("def")).and_then(Value::as_array);
    of("statements")?;
    let all = PARTS.iter().filter_map(|part| of(part)).flatten();
    Some(all.map(|d| text(d, "name").to_owned()).collect())
}

fn of_xml(elm: &str) -> Option<BTreeSet<String>> {
    let document = roxmltree::Document::parse(elm).ok()?;
    let parts = |name: &'static str| document.root_element().children().filter(move |c| c.tag_name().name() == name);
    parts("statements").next()?;
    let all = PARTS.iter().flat_map(|part| parts(part)).flat_map(|part| part.children());
    Some(all.filter(|c| c.tag_name().name() == "def").filter_map(|c| c.attribute("name")).map(str::to_owned).collect())
}

/// The names that a text of CQL defines (<https://cql.hl7.org/19-l-cqlsyntaxdiagrams.html>).
fn of_cql(cql: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_open = false;
    for (word, is_quoted) in Words(cql) {
        if is_open && (is_quoted || !matches!(word, "private" | "public" | "fluent" | "function")) {
            names.insert(word.to_owned());
            is_open = false;
        } else if !is_quoted && matches!(word, "define" | "parameter" | "context") {
            is_open = true;
        }
    }
    names
}

/// The words of a text of CQL, and whether they are quoted; what stands in comments and strings is left out.
struct Words<'c>(&'c str);

impl<'c> Iterator for Words<'c> {
    type Item = (&'c str, bool);

    fn next(&mut self) -> Option<(&'c str, bool)> {
        loop {
            let text = self.0;
            let first = text.chars().next()?;
            let skip = |end: Option<usize>| text.get(end.unwrap_or(text.len())..).unwrap_or_default();
            if text.starts_with("//") {
                self.0 = skip(text.find('\n'));
            } else if text.starts_with("/*") {
                self.0 = skip(text.find("*/").map(|end| end + 2));
            } else if first == '"' || first == '\'' || first == '`' {
                let inner = text.get(1..).unwrap_or_default();
                let end = closing(inner, first);
                self.0 = inner.get(end + 1..).unwrap_or_default();
                if first != '\'' {
                    return Some((inner.get(..end).unwrap_or_default(), true));
                }
            } else if first.is_alphabetic() || first == '_' {
                let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
                self.0 = text.get(end..).unwrap_or_default();
                return Some((text.get(..end).unwrap_or_default(), false));
            } else {
                self.0 = text.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

/// Where a quoted text ends: at the next quote that no backslash precedes.
fn closing(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !is_escaped {
            return at;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len()
}

#[cfg(test)]
#[path = "library_tests.rs"]
mod tests;
