//! Definitions of value sets in a normal form: two with the same text have the same codes, whatever those are
//! (<https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose>).

use serde_json::{Value, json};

use super::TerminologySource;
use crate::definition::Canonical;

/// How deep value sets may include each other.
const DEPTH: usize = 8;
/// How long the text may be, in bytes.
const BYTES: usize = 64 * 1024;
/// The fewest bytes that a definition, an include, or one of its filters takes in the text.
const FEWEST: usize = 8;

/// The definition of a value set in a normal form, with the definitions that it includes in their place. `None` where
/// it has none, and where the text would be longer than 64 KB or nest deeper than 8 sets.
pub fn rule(source: &impl TerminologySource, value_set: &Value) -> Option<String> {
    let mut writer = Writer { source, left: BYTES };
    let text = writer.definition(value_set, 0)?.to_string();
    (text.len() <= BYTES).then_some(text)
}

/// Writes definitions, and stops where the text can only become too long: value sets that include the same ones again
/// and again have a short definition and a long text.
struct Writer<'s, S> {
    source: &'s S,
    /// The bytes that are left.
    left: usize,
}

impl<S: TerminologySource> Writer<'_, S> {
    /// Takes bytes that the text has at least; `None` where none are left.
    fn take(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }

    fn definition(&mut self, value_set: &Value, depth: usize) -> Option<Value> {
        let compose = value_set.get("compose").filter(|_| depth < DEPTH)?;
        self.take(FEWEST)?;
        let includes = self.parts(compose, "include", depth)?;
        let excludes = self.parts(compose, "exclude", depth)?;
        Some(json!([includes, excludes, compose.get("inactive")]))
    }

    fn parts(&mut self, compose: &Value, name: &str, depth: usize) -> Option<Vec<Value>> {
        let all = compose.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut parts = all.map(|part| self.include(part, depth)).collect::<Option<Vec<Value>>>()?;
        parts.sort_by_cached_key(Value::to_string);
        Some(parts)
    }

    /// One include or exclude: its system, codes, filters and value sets, each in order.
    fn include(&mut self, part: &Value, depth: usize) -> Option<Value> {
        self.take(FEWEST)?;
        let list = |name: &str| part.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut codes: Vec<&Value> = Vec::new();
        for code in list("concept").filter_map(|c| c.get("code")) {
            self.take(code.as_str().map_or(1, |c| c.len() + 2))?;
            codes.push(code);
        }
        codes.sort_by_key(|c| c.as_str());
        let mut filters: Vec<Value> = Vec::new();
        for filter in list("filter") {
            self.take(FEWEST)?;
            filters.push(json!([filter.get("property"), filter.get("op"), filter.get("value")]));
        }
        filters.sort_by_cached_key(Value::to_string);
        let mut sets = Vec::new();
        for canonical in list("valueSet").filter_map(Value::as_str) {
            sets.push(match self.source.value_set(&Canonical::parse(canonical)) {
                // One that is only here as an expansion counts as itself.
                Some(found) if found.get("compose").is_none() => {
                    self.take(FEWEST)?;
                    json!([found.get("url"), found.get("version")])
                }
                Some(found) => self.definition(&found, depth + 1)?,
                None => {
                    self.take(canonical.len() + 2)?;
                    Value::String(canonical.to_owned())
                }
            });
        }
        sets.sort_by_cached_key(Value::to_string);
        Some(json!([part.get("system"), part.get("version"), codes, filters, sets]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    struct Absent;

    impl TerminologySource for Absent {
        fn value_set(&self, _: &Canonical) -> Option<Arc<Value>> {
            None
        }

        fn code_system(&self, _: &Canonical) -> Option<Arc<Value>> {
            None
        }

        fn supplements(&self, _: &str) -> Vec<Arc<Value>> {
            Vec::new()
        }
    }

    #[test]
    fn order_and_texts_do_not_count() {
        let set = |codes: Value| {
            rule(
                &Absent,
                &json!({"compose": {"include": [{"system": "http://s", "concept": codes,
                "filter": [{"property": "p", "op": "=", "value": "v"}]}]}}),
            )
        };
        let one = set(json!([{"code": "a", "display": "A"}, {"code": "b"}]));
        assert_eq!(one, set(json!([{"code": "b"}, {"code": "a"}])));
        assert_ne!(one, set(json!([{"code": "b"}])));
        assert_eq!(rule(&Absent, &json!({"expansion": {}})), None);
    }
}
