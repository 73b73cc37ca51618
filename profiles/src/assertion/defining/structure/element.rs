//! One element of a profile compared with its base: path, cardinality, fixed values, binding.

use super::super::{named, text};
use super::advice::{self, Support};
use super::base::{Base, Found, Spot, plain, types_of};
use super::choice::Choices;
use super::differential::{Keys, summary};
use super::discriminator::Discriminators;
use super::home::Home;
use super::siblings::Siblings;
use super::{binding, slicing, types};
use crate::assertion::text::value_text;
use crate::assertion::value::{equals, holds};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Truth};
use crate::model::TypeId;
use crate::plan::Handle;
use crate::plan::rows::NONE;

/// What is around the elements of a differential or snapshot.
pub struct Around<'e> {
    pub base: Base<'e>,
    pub beside: Siblings,
    pub choices: Choices,
    pub slices: Discriminators,
    pub support: Support,
    /// Of a differential only.
    pub keys: Option<Keys>,
    /// The list is the one of a definition's that is advised on: a snapshot repeats what a differential says.
    pub leads: bool,
    pub home: Home,
}

/// Judges an element of a differential or snapshot.
pub fn check<'e, 't>(j: &mut Judge<'e, 't>, around: &mut Around<'e>, e: Node<'t>) {
    let Around { base, beside, choices, slices, support, keys, leads, home } = around;
    let Some(at) = named(e, "path").find(|p| p.has_value()) else { return };
    let path = at.text();
    let id = text(e, "id").filter(|id| plain(id) == path).unwrap_or_else(|| path.clone());
    let is_slice = named(e, "sliceName").next().is_some();
    let mut spot = match base.find(j, &id) {
        Found::Spot(spot) => spot,
        Found::Missing => {
            let (above, name) = path.rsplit_once('.').unwrap_or(("", &path));
            j.error(RuleId::STRUCTURE_PATH, e, &[], || {
                Detail::Text(format!("`{name}` is not an element of `{above}` in the base"))
            });
            return;
        }
        Found::Nowhere => return,
        Found::Unknown => {
            j.question(RuleId::STRUCTURE_PATH, e, &[], || {
                Detail::Text(format!(
                    "cannot determine whether `{path}` is an element of the base: its type is not loaded"
                ))
            });
            return;
        }
    };
    spot.is_new_slice |= is_slice && !id.rsplit('.').next().is_some_and(|name| name.contains(':'));
    beside.check(j, spot, e, &id);
    if let Some(keys) = keys {
        keys.check(j, spot, e, &path);
        summary(j, spot, e, &path);
    }
    if *leads {
        slices.check(j, spot, e, &id);
        support.check(j, spot, e, &id, keys.is_none());
    }
    slicing::check(j, base, spot, e, &id);
    choices.below(j, base, e, &id);
    if path.contains('.') {
        cardinality(j, spot, e, &path);
        types::check(j, *home, spot, e, &path);
    }
    values(j, spot, e, &path, *leads);
    length(j, spot, e, &path);
    excluded(j, spot, e, &path);
    binding::check(j, *home, spot, e, &path);
}

/// The bounds are within the base's. A slice that the base does not have may be absent.
fn cardinality<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str) {
    let set = j.set;
    let Some(row) = set.element(spot.row) else { return };
    let number = |name: &'static str| named(e, name).find(|n| n.has_value());
    let shown = |max: u32| if max == u32::MAX { "*".to_owned() } else { max.to_string() };
    if let Some(node) = number("min")
        && let Ok(min) = node.text().parse::<u64>()
    {
        if min > u64::from(row.max) && row.max != u32::MAX {
            told(j, node, || format!("the min of `{path}` is {min}, but the base allows at most {}", row.max));
        } else if min < u64::from(row.min) && !spot.is_new_slice {
            told(j, node, || format!("the min of `{path}` is {min}, but the base requires at least {}", row.min));
        }
    }
    if let Some(node) = number("max") {
        let text = node.text();
        let Some(max) = (if text == "*" { Some(u64::MAX) } else { text.parse().ok() }) else { return };
        if row.max != u32::MAX && max > u64::from(row.max) {
            told(j, node, || format!("the max of `{path}` is {text}, but the base allows at most {}", shown(row.max)));
        } else if max < u64::from(row.min) && !spot.is_new_slice {
            told(j, node, || format!("the max of `{path}` is {text}, but the base requires at least {}", row.min));
        }
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_CARDINALITY, node, &[], || Detail::Text(text()));
}

/// Fixed values, patterns and bounds are of a type that the element may have.
fn values<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str, leads: bool) {
    let model = j.model();
    let Some(definition) = model.find("ElementDefinition") else { return };
    for v in e.children() {
        let Some(row) = model.child(definition, v.name()).filter(|r| r.is_choice()) else { continue };
        let kind = model.names().text(row.choice_base);
        if !matches!(kind, "fixed" | "pattern" | "minValue" | "maxValue" | "defaultValue") {
            continue;
        }
        if v.has_value() || v.is_object() {
            value(j, spot, e, path, (v, kind, row.type_id));
            kept(j, spot, path, (v, kind));
            if leads {
                advice::value(j, spot, e, path, (v, kind, row.type_id));
            }
        }
    }
}

/// A fixed value or pattern keeps to that of the base.
fn kept<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, path: &str, (v, kind): (Node<'t>, &str)) {
    let set = j.set;
    let Some(base) = set.element(spot.row) else { return };
    let of_base = |row: u32| Some(Handle { layer: spot.row.layer, row }).filter(|h| h.row != NONE);
    let (fixed, pattern) = (of_base(base.fixed), of_base(base.pattern));
    let other = match kind {
        "fixed" => fixed.filter(|f| !equals(set, v, *f)).or(pattern.filter(|p| !holds(set, v, *p))),
        "pattern" => pattern.filter(|p| !holds(set, v, *p)),
        _ => None,
    };
    if let Some(other) = other {
        j.error(RuleId::STRUCTURE_VALUE, v, &[], || {
            Detail::Text(format!(
                "`{}` of `{path}` does not keep to the value of the base, {}",
                v.name_text(),
                value_text(set, other)
            ))
        });
    }
}

/// A value of an element: the node, what it is for, its type.
fn value<'t>(
    j: &mut Judge<'_, 't>,
    spot: Spot<'_>,
    e: Node<'t>,
    path: &str,
    (v, kind, type_id): (Node<'t>, &str, TypeId),
) {
    let model = j.model();
    let name = model.type_name(type_id);
    let bound = matches!(kind, "minValue" | "maxValue");
    // The element's own types are some of the base's; where it gives none, it has those.
    let own: Vec<String> = named(e, "type")
        .filter_map(|t| text(t, "code"))
        .map(|c| c.rsplit('/').next().unwrap_or(&c).to_owned())
        .collect();
    let fits = |wanted: &str| {
        let dates = ["date", "dateTime", "instant", "time"];
        wanted == name
            || wanted.starts_with("System.")
            || model.find(wanted).is_some_and(|w| j.is_abstract(w) && model.is_a(type_id, w))
            // A bound of a date may be a span of time from now, or of another precision.
            || bound && dates.contains(&wanted) && (name == "Quantity" || dates.contains(&name))
    };
    let truth =
        if own.is_empty() { types::allows(j, spot, path, name) } else { Truth::of(own.iter().any(|w| fits(w))) };
    let truth = match truth {
        Truth::False if own.is_empty() && super::base::types_of(j, spot).any(&fits) => Truth::True,
        other => other,
    };
    if truth == Truth::False {
        let wanted = if own.is_empty() {
            types::listed(j, spot)
        } else {
            own.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ")
        };
        j.error(RuleId::STRUCTURE_VALUE, v, &[], || {
            Detail::Text(format!("`{}` is a value of type `{name}`, but `{path}` is of type {wanted}", v.name_text()))
        });
    }
}

/// A length bounds the characters of a primitive value
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength>).
fn length<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str) {
    let Some(node) = named(e, "maxLength").find(|m| m.has_value()) else { return };
    let model = j.model();
    let own: Vec<String> = named(e, "type").filter_map(|t| text(t, "code")).map(|c| c.into_owned()).collect();
    let of_base = || types_of(j, spot).map(str::to_owned).collect();
    let types = if own.is_empty() { of_base() } else { own };
    let has_children =
        |code: &String| model.find(code).is_some_and(|t| !j.is_abstract(t) && !model.role(t).is_primitive());
    if !types.is_empty() && types.iter().all(has_children) {
        let listed = types.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ");
        j.error(RuleId::STRUCTURE_VALUE, node, &[], || {
            Detail::Text(format!("`{path}` has a maximum length, but {listed} is no single value with characters"))
        });
    }
}

/// The types of an element leave in the type of the value that the base gives it.
fn excluded<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, path: &str) {
    let (set, model) = (j.set, j.model());
    let Some(base) = set.element(spot.row).filter(|_| !spot.is_new_slice) else { return };
    let values = [base.fixed, base.pattern].into_iter().filter(|row| *row != NONE);
    let Some(value) = values.map(|row| Handle { layer: spot.row.layer, row }).next() else { return };
    let Some(row) = set.value(value) else { return };
    let wanted = set.str(value.layer, row.type_name);
    let mut own = named(e, "type").filter_map(|t| text(t, "code")).peekable();
    let fits = |code: &str| {
        let code = code.rsplit(['/', '.']).next().unwrap_or(code);
        let is_wider = || model.find(code).is_none_or(|t| j.is_abstract(t));
        code.eq_ignore_ascii_case(wanted) || code == "*" || is_wider()
    };
    if !wanted.is_empty() && own.peek().is_some() && !own.any(|code| fits(&code)) {
        j.error(RuleId::STRUCTURE_VALUE, e, &[], || {
            Detail::Text(format!(
                "the types of `{path}` leave no room for the value of the base, {}, which is of type `{wanted}`",
                value_text(set, value)
            ))
        });
    }
}
