//! The rows of an agreement in its published JSON, by what they are about.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::standing::Standing;
use crate::agreement::Kind;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The type; `None` at the system level.
    pub resource_type: Option<String>,
    pub kind: Kind,
    /// Its code, name or canonical.
    pub item: String,
    /// Of a profile `read` or `write`, of an include whether it is reverse.
    pub way: Option<String>,
}

/// A row of an agreement.
#[derive(Debug)]
pub(super) struct Row {
    pub key: Key,
    /// The definition, where it has one: several operations may have one name.
    definition: Option<String>,
    pub standing: Standing,
}

/// A row with the older one that is about the same.
pub(super) type Pair<'r> = (&'r Row, Option<&'r Row>);

/// The newer rows, each with the older one that is about the same: by name and definition, then those that are left by
/// name alone, in their order. And the older ones that none is about.
pub(super) fn pairs<'r>(old: &'r [Row], new: &'r [Row]) -> (Vec<Pair<'r>>, Vec<&'r Row>) {
    let mut paired: Vec<Pair<'r>> = new.iter().map(|row| (row, None)).collect();
    let mut left: Vec<(usize, &'r Row)> = old.iter().enumerate().collect();
    for by_definition in [true, false] {
        let name = |row: &'r Row| (&row.key, row.definition.as_deref().filter(|_| by_definition));
        let mut free: FxHashMap<_, VecDeque<(usize, &'r Row)>> = FxHashMap::default();
        for (at, row) in left {
            free.entry(name(row)).or_default().push_back((at, row));
        }
        for pair in paired.iter_mut().filter(|pair| pair.1.is_none()) {
            pair.1 = free.get_mut(&name(pair.0)).and_then(VecDeque::pop_front).map(|(_, row)| row);
        }
        left = free.into_values().flatten().collect();
        left.sort_by_key(|(at, _)| *at);
    }
    (paired, left.into_iter().map(|(_, row)| row).collect())
}

/// The rows of an agreement, each with how it stands.
pub(super) fn rows(agreement: &Value) -> Vec<Row> {
    let mut made = Made::default();
    for kind in Kind::OF_SYSTEM {
        made.list(None, kind, &agreement["system"]);
    }
    for resource in list(agreement, "resources") {
        let name = text(resource, "type");
        made.row(Some(name), Kind::Type, name.to_owned(), None, resource);
        for kind in Kind::OF_TYPE {
            made.list(Some(name), kind, resource);
        }
    }
    made.rows
}

#[derive(Default)]
struct Made {
    rows: Vec<Row>,
}

impl Made {
    fn list(&mut self, resource_type: Option<&str>, kind: Kind, of: &Value) {
        for row in list(of, kind.list()) {
            self.row(resource_type, kind, name(kind, row), way(kind, row), row);
        }
    }

    fn row(&mut self, resource_type: Option<&str>, kind: Kind, item: String, way: Option<String>, row: &Value) {
        let key = Key { resource_type: resource_type.map(str::to_owned), kind, item, way };
        let definition = row.get("definition").and_then(Value::as_str).map(str::to_owned);
        self.rows.push(Row { key, definition, standing: Standing::of(kind, row) });
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// As [`crate::agreement::Item::name`] says it.
fn name(kind: Kind, row: &Value) -> String {
    match kind {
        Kind::Type => text(row, "type").to_owned(),
        Kind::Profile => text(row, "required").to_owned(),
        Kind::Interaction | Kind::Include => text(row, "code").to_owned(),
        Kind::SearchParam | Kind::Operation | Kind::Flag => text(row, "name").to_owned(),
        Kind::Combination => {
            let all = list(row, "required").iter().chain(list(row, "optional"));
            all.filter_map(Value::as_str).collect::<Vec<_>>().join("+")
        }
    }
}

fn way(kind: Kind, row: &Value) -> Option<String> {
    match kind {
        Kind::Profile => Some(text(row, "direction").to_owned()),
        Kind::Include => row.get("reverse").and_then(Value::as_bool).filter(|r| *r).map(|_| "reverse".to_owned()),
        _ => None,
    }
}
