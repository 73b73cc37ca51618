//! Choices of types in a profile: their children belong to one type, and slices that are named after types are told
//! apart by their types (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use super::base::{Base, Found, plain, types_of};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::plan::rows::NONE;

/// The children that elements of all types have.
const OF_ALL: [&str; 2] = ["id", "extension"];

/// What a list of elements says of its choices.
pub struct Choices {
    /// The paths of those that it slices.
    sliced: FxHashSet<String>,
    /// The types that it gives them, by id.
    types: FxHashMap<String, Vec<String>>,
}

impl Choices {
    /// For the elements of one list.
    pub fn new(elements: &[Node<'_>]) -> Choices {
        let mut choices = Choices { sliced: FxHashSet::default(), types: FxHashMap::default() };
        for e in elements {
            let Some(path) = text(*e, "path").filter(|p| p.ends_with("[x]")) else { continue };
            let id = text(*e, "id").filter(|id| plain(id) == path).unwrap_or_else(|| path.clone());
            let types = named(*e, "type").filter_map(|t| text(t, "code")).map(|code| code.into_owned());
            choices.types.entry(id.into_owned()).or_default().extend(types);
            if named(*e, "slicing").next().is_some() || named(*e, "sliceName").next().is_some() {
                choices.sliced.insert(path.into_owned());
            }
        }
        choices
    }

    /// Judges an element below a choice: where that is still of several types, it has to be one that they all have.
    pub fn below<'e, 't>(&self, j: &mut Judge<'e, 't>, base: &mut Base<'e>, e: Node<'t>, id: &str) {
        let Some((choice, name)) = id.rsplit_once('.') else { return };
        if !choice.ends_with("[x]") || OF_ALL.contains(&name) || self.sliced.contains(plain(choice).as_str()) {
            return;
        }
        let Found::Spot(spot) = base.find(j, choice) else { return };
        let sliced = |h| j.set.element(h).is_none_or(|row| row.first_slice != NONE || row.slicing != NONE);
        if spot.narrowed.is_some() || sliced(spot.row) || sliced(spot.whole) {
            return;
        }
        let own = self.types.get(choice).map(Vec::as_slice).unwrap_or_default();
        // Types that are given to the path, but not to this element, may be those of another slice, or without an id.
        if own.is_empty() && !base.given(choice).is_empty() {
            return;
        }
        let types: Vec<&str> =
            if own.is_empty() { types_of(j, spot).collect() } else { own.iter().map(String::as_str).collect() };
        let Some(without) = types.iter().find(|t| base.lacks(j, t, name)) else { return };
        if types.iter().any(|t| t != without) {
            j.error(RuleId::STRUCTURE_PATH, e, &[], || {
                Detail::Text(format!(
                    "`{choice}` may be of several types, and `{without}` has no element `{name}`; constrain the type \
                     of `{choice}` first, or slice it by type"
                ))
            });
        }
    }
}

/// The slices of a choice that are named after their types.
#[derive(Default)]
struct OfTypes<'t> {
    slicing: Option<Node<'t>>,
    /// How often the choice may be there, as far as the list says.
    max: Option<String>,
    /// The slices: the name, whether it is required, whether it is prohibited.
    slices: Vec<(String, bool, bool)>,
}

/// Judges the slices of choices that are named after their types, as `valueQuantity` of `value[x]`.
pub fn of_types<'t>(j: &mut Judge<'_, 't>, elements: &[Node<'t>]) {
    let mut choices: FxHashMap<String, OfTypes<'t>> = FxHashMap::default();
    let mut order: Vec<String> = Vec::new();
    for e in elements {
        let Some(path) = text(*e, "path").filter(|p| p.ends_with("[x]")) else { continue };
        let id = text(*e, "id").filter(|id| plain(id) == path).unwrap_or_else(|| path.clone());
        let Some((around, name)) = id.rsplit_once('.') else { continue };
        let key = format!("{around}.{}", name.split(':').next().unwrap_or(name));
        let choice = choices.entry(key.clone()).or_insert_with(|| {
            order.push(key);
            OfTypes::default()
        });
        match text(*e, "sliceName") {
            None => {
                choice.slicing = choice.slicing.or_else(|| named(*e, "slicing").next());
                choice.max = choice.max.take().or_else(|| text(*e, "max").map(|m| m.into_owned()));
            }
            Some(slice) if is_of_type(*e, &path, &slice) => {
                let is_required = text(*e, "min").is_some_and(|min| min != "0");
                let is_prohibited = text(*e, "max").is_some_and(|max| max == "0");
                choice.slices.push((slice.into_owned(), is_required, is_prohibited));
            }
            Some(_) => {}
        }
    }
    for (key, choice) in order.iter().filter_map(|key| Some((key, choices.get(key)?))) {
        if let Some(slicing) = choice.slicing.filter(|_| !choice.slices.is_empty()) {
            judge(j, key, choice, slicing);
        }
    }
}

fn judge<'t>(j: &mut Judge<'_, 't>, key: &str, choice: &OfTypes<'t>, slicing: Node<'t>) {
    let mut told = |text: &dyn Fn() -> String| {
        j.find(RuleId::STRUCTURE_SLICING, Weight::Warning, slicing, &[], || Detail::Text(text()));
    };
    let is_by_type = |d: Node<'_>| {
        text(d, "type").is_some_and(|t| t == "type") && text(d, "path").is_some_and(|path| path == "$this")
    };
    let mut by = named(slicing, "discriminator").peekable();
    let is_ordered = text(slicing, "ordered").is_some_and(|o| o == "true");
    if by.peek().is_some() && (by.next().is_none_or(|d| !is_by_type(d)) || by.next().is_some() || is_ordered) {
        told(&|| {
            format!(
                "the slices of `{key}` are named after types, which tools expect to be told apart by `type` at \
                 `$this` alone, in any order"
            )
        });
    }
    let required = choice.slices.iter().find(|(_, is_required, _)| *is_required);
    let other = choice
        .slices
        .iter()
        .find(|(name, _, is_prohibited)| !is_prohibited && required.is_some_and(|(required, ..)| required != name));
    if let (Some((required, ..)), Some((other, ..)), None | Some("1")) = (required, other, choice.max.as_deref()) {
        told(&|| format!("slice `{required}` of `{key}` is required, so slice `{other}` can never be there"));
    }
}

/// Whether a slice is of the one type that it is named after.
fn is_of_type(e: Node<'_>, path: &str, slice: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    let suffix = last.strip_suffix("[x]").and_then(|choice| slice.strip_prefix(choice));
    let mut types = named(e, "type").filter_map(|t| text(t, "code"));
    let Some(code) = types.next().filter(|_| types.next().is_none()) else { return false };
    let code = code.rsplit('/').next().unwrap_or(&code).to_owned();
    suffix.is_some_and(|s| s.eq_ignore_ascii_case(&code))
}
