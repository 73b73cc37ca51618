//! One ElementDefinition of a snapshot, as far as it is told.

use serde_json::Value;

/// An element of a snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// `ElementDefinition.id`.
    pub id: String,
    /// `ElementDefinition.path`.
    pub path: String,
    /// The name of the slice that it is, or is in.
    pub slice: Option<String>,
    /// How often it occurs at least.
    pub min: u64,
    /// How often it occurs at most; `None`: any number of times.
    pub max: Option<u64>,
    /// The same in the definition that it was derived from: more than one is an array in JSON.
    pub base_max: Option<u64>,
    /// Its types.
    pub types: Vec<TypeRef>,
    /// Whether it is marked as must support.
    pub must_support: bool,
    /// Whether it changes the meaning of what it is in.
    pub is_modifier: bool,
    /// The value set that its codes come from.
    pub binding: Option<Binding>,
    /// The keys of its invariants.
    pub constraints: Vec<String>,
    /// A fixed value or a pattern: the member of the definition, and what it says.
    pub value: Option<(String, Value)>,
    /// The id of the element whose content it has.
    pub content: Option<String>,
}

/// A type of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeRef {
    /// The name of the type.
    pub code: String,
    /// Profiles that a value conforms to.
    pub profiles: Vec<String>,
    /// Profiles that the target of a reference conforms to.
    pub targets: Vec<String>,
}

/// The binding of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// `required`, `extensible`, `preferred` or `example`.
    pub strength: String,
    /// The canonical of the value set.
    pub value_set: String,
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let all = value.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A maximum; `None` for `*`.
fn maximum(value: &Value) -> Option<u64> {
    value.get("max").and_then(Value::as_str).and_then(|max| max.parse().ok())
}

/// The type behind the system types that primitives are made of.
fn type_ref(value: &Value) -> TypeRef {
    let code = text(value, "code").unwrap_or_default();
    let extensions = value.get("extension").and_then(Value::as_array).into_iter().flatten();
    let told = extensions
        .filter(|e| text(e, "url").is_some_and(|url| url.ends_with("structuredefinition-fhir-type")))
        .find_map(|e| text(e, "valueUrl").or_else(|| text(e, "valueUri")).or_else(|| text(e, "valueString")));
    let code = match code.strip_prefix("http://hl7.org/fhirpath/System.") {
        Some(system) => told.unwrap_or_else(|| system.to_lowercase()),
        None => code,
    };
    TypeRef { code, profiles: texts(value, "profile"), targets: texts(value, "targetProfile") }
}

impl Element {
    /// Reads an ElementDefinition.
    pub(super) fn read(value: &Value) -> Element {
        let is = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or_default();
        let all = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
        let binding = value
            .get("binding")
            .and_then(|b| Some(Binding { strength: text(b, "strength")?, value_set: text(b, "valueSet")? }));
        let told = value.as_object().into_iter().flatten();
        let given = told.into_iter().find(|(name, _)| name.starts_with("fixed") || name.starts_with("pattern"));
        let max = maximum(value);
        Element {
            id: text(value, "id").unwrap_or_default(),
            path: text(value, "path").unwrap_or_default(),
            slice: text(value, "sliceName"),
            min: value.get("min").and_then(Value::as_u64).unwrap_or_default(),
            max,
            base_max: value.get("base").map_or(max, maximum),
            types: all("type").map(type_ref).collect(),
            must_support: is("mustSupport"),
            is_modifier: is("isModifier"),
            binding,
            constraints: all("constraint").filter_map(|c| text(c, "key")).collect(),
            value: given.map(|(name, value)| (name.clone(), value.clone())),
            content: text(value, "contentReference").and_then(|c| c.rsplit('#').next().map(str::to_owned)),
        }
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// Whether its name is that of a choice of types.
    pub fn is_choice(&self) -> bool {
        self.name().ends_with("[x]")
    }

    /// Whether it, or its slicing, is within a slice.
    pub fn is_sliced(&self) -> bool {
        self.slice.is_some() || self.id.contains(':')
    }

    /// How often it occurs, as `0..1`.
    pub fn cardinality(&self) -> String {
        let max = self.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
        format!("{}..{max}", self.min)
    }
}
