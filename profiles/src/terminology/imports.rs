//! What is known of value sets that import one another (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::set::CodeSet;
use crate::definition::Canonical;

/// Names a value set among those that are expanded.
pub(super) type Key = Arc<str>;

/// The key of a value set that is expanded and that the source does not have.
pub(super) const ROOT: &str = "";

/// What the canonical of an import leads to.
#[derive(Clone)]
pub(super) enum Target {
    /// A value set.
    Set(Key),
    /// An implicit value set, or one that is not here.
    Other(Arc<CodeSet>),
}

/// A value set that is expanded.
pub(super) struct Settled {
    pub set: Arc<CodeSet>,
    /// How deep it imports others.
    pub height: u32,
}

/// What is known of value sets and their imports.
#[derive(Default)]
pub(super) struct Imports {
    pub targets: FxHashMap<String, Target>,
    pub resources: FxHashMap<Key, Arc<Value>>,
    pub sets: FxHashMap<Key, Settled>,
    /// How much the value set that is being expanded has imported.
    pub imported: usize,
    pub combined: usize,
}

/// The canonicals that a value set imports, in the order in which they are expanded.
pub(super) fn imports_of(value_set: &Value) -> impl Iterator<Item = &str> {
    let part = |name: &str| value_set.pointer(name).and_then(Value::as_array).into_iter().flatten();
    part("/compose/include").chain(part("/compose/exclude")).flat_map(imports_in)
}

/// The canonicals that one `include` or `exclude` imports.
pub(super) fn imports_in(include: &Value) -> impl Iterator<Item = &str> {
    let (list, one) = match include.get("valueSet") {
        Some(Value::Array(list)) => (list.as_slice(), None),
        Some(Value::String(one)) => (&[][..], Some(one.as_str())),
        _ => (&[][..], None),
    };
    list.iter().filter_map(Value::as_str).chain(one)
}

/// The url and the version of a value set: another version is another set.
pub(super) fn identity(value_set: &Value) -> (&str, Option<&str>) {
    let text = |key: &str| value_set.get(key).and_then(Value::as_str);
    (text("url").unwrap_or_default(), text("version"))
}

pub(super) fn key_of(value_set: &Value) -> Key {
    let (url, version) = identity(value_set);
    format!("{url}|{}", version.unwrap_or_default()).into()
}

/// Whether a value set that the source does not have is the one that a canonical names.
pub(super) fn is_named(value_set: &Value, canonical: &Canonical) -> bool {
    let (url, version) = identity(value_set);
    url == canonical.url && (canonical.version.is_none() || canonical.version.as_deref() == version)
}

/// Whether the version of a value set is the one asked for, or that names its leading parts.
pub(super) fn is_asked_for(value_set: &Value, canonical: &Canonical) -> bool {
    let is_leading =
        |own: &str, asked: &str| own.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    canonical.version.as_deref().is_none_or(|asked| identity(value_set).1.is_some_and(|own| is_leading(own, asked)))
}
