//! One ElementDefinition of a tree: shared with the definition it comes from until something changes it.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value};

/// The members of a JSON object.
pub(super) type Members = Map<String, Value>;

/// An ElementDefinition, copied on its first change.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// `snapshot.element[index]` of a definition, while nothing has changed it.
    published: Option<(Arc<Value>, usize)>,
    /// The members, once changed or made here.
    own: Rc<Members>,
}

impl Element {
    pub(super) fn published(definition: &Arc<Value>, index: usize) -> Element {
        Element { published: Some((Arc::clone(definition), index)), own: Rc::default() }
    }

    pub(super) fn own(members: Members) -> Element {
        Element { published: None, own: Rc::new(members) }
    }

    fn read(&self) -> &Members {
        let published =
            self.published.as_ref().and_then(|(d, index)| d.get("snapshot")?.get("element")?.get(index)?.as_object());
        published.unwrap_or(&self.own)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.read().get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    pub(super) fn list(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], |l| l)
    }

    /// A copy of the members.
    pub(super) fn members(&self) -> Members {
        self.read().clone()
    }

    /// The members for a change.
    pub(super) fn change(&mut self) -> &mut Members {
        if self.published.is_some() {
            self.own = Rc::new(self.members());
            self.published = None;
        }
        Rc::make_mut(&mut self.own)
    }

    /// The codes of the element's types, in order; a FHIRPath system type by its url.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.list("type").iter().filter_map(|t| t.get("code")?.as_str())
    }

    /// Whether any of the types is `code`.
    pub(super) fn has_type(&self, code: &str) -> bool {
        self.types().any(|t| t == code)
    }
}

/// The strings of a member that holds one or a list: STU3 has one profile a type, R4 several.
pub(super) fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let one = value.and_then(Value::as_str);
    let list = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(list)
}

/// The place of a member in an ElementDefinition, as the specification orders them.
fn rank(key: &str) -> u8 {
    const ORDER: [&str; 41] = [
        "id",
        "extension",
        "modifierExtension",
        "path",
        "representation",
        "sliceName",
        "sliceIsConstraining",
        "label",
        "code",
        "slicing",
        "short",
        "definition",
        "comment",
        "requirements",
        "alias",
        "min",
        "max",
        "base",
        "contentReference",
        "type",
        "defaultValue",
        "meaningWhenMissing",
        "orderMeaning",
        "fixed",
        "pattern",
        "example",
        "minValue",
        "maxValue",
        "maxLength",
        "condition",
        "constraint",
        "mustHaveValue",
        "valueAlternatives",
        "mustSupport",
        "isModifier",
        "isModifierReason",
        "isSummary",
        "binding",
        "mapping",
        "fhir_comments",
        "resourceType",
    ];
    let key = key.strip_prefix('_').unwrap_or(key);
    let key = choice_base(key).unwrap_or(key);
    ORDER.iter().position(|k| *k == key).map_or(u8::MAX, |p| p as u8)
}

/// The choice base of ElementDefinition's own choice elements: `fixed` for `fixedUri`.
pub(super) fn choice_base(key: &str) -> Option<&'static str> {
    ["defaultValue", "fixed", "pattern", "minValue", "maxValue"].into_iter().find(|choice_base| {
        key.strip_prefix(choice_base).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    })
}

/// The members in the specification's order.
pub(super) fn ordered(members: Members) -> Members {
    let ranks: Vec<u8> = members.keys().map(|k| rank(k)).collect();
    if ranks.is_sorted() {
        return members;
    }
    let mut entries: Vec<(u8, (String, Value))> = ranks.into_iter().zip(members).collect();
    entries.sort_by_key(|(rank, _)| *rank);
    entries.into_iter().map(|(_, entry)| entry).collect()
}
