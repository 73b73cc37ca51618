//! A resource without what the deny list names.

use std::borrow::Cow;

use super::deny::DenyList;
use super::json::Json;

/// Where the filter is: the resource's type, the path from its root, the url of the extension around.
struct Place<'p> {
    resource_type: &'p str,
    path: Vec<Cow<'p, str>>,
    outer: Option<Cow<'p, str>>,
}

/// The resource without what `deny` names. A member that nothing is left of goes too; in an array of primitive
/// extensions a `null` keeps the place. Resources inside (`contained`, entries of a Bundle) are filtered by their own
/// types.
pub fn filter<'t>(resource: &Json<'t>, deny: DenyList) -> Json<'t> {
    resource_at(resource, deny).unwrap_or_else(|| Json::Object(Vec::new()))
}

fn resource_at<'t>(resource: &Json<'t>, deny: DenyList) -> Option<Json<'t>> {
    let resource_type = resource.get("resourceType").and_then(Json::as_str).unwrap_or_default();
    object(resource, deny, &Place { resource_type: &resource_type, path: Vec::new(), outer: None })
}

/// The object without denied members; `None` where it had members and none is left.
fn object<'t>(value: &Json<'t>, deny: DenyList, place: &Place) -> Option<Json<'t>> {
    let Json::Object(members) = value else { return Some(value.clone()) };
    let mut kept = Vec::with_capacity(members.len());
    for (key, value) in members {
        let name = key.strip_prefix('_').unwrap_or(key);
        let mut path = place.path.clone();
        path.push(Cow::Borrowed(name));
        if deny.denies(place.resource_type, &path.iter().map(AsRef::as_ref).collect::<Vec<_>>()) {
            continue;
        }
        let inner = Place { resource_type: place.resource_type, path, outer: place.outer.clone() };
        if let Some(value) = member(value, deny, &inner, key.starts_with('_')) {
            kept.push((key.clone(), value));
        }
    }
    (members.is_empty() || !kept.is_empty()).then_some(Json::Object(kept))
}

/// The value of a member, each of its items where it is an array.
fn member<'t>(value: &Json<'t>, deny: DenyList, place: &Place, primitive_extensions: bool) -> Option<Json<'t>> {
    let Json::Array(items) = value else { return one(value, deny, place) };
    let kept: Vec<Json<'t>> = items
        .iter()
        .filter_map(|item| match one(item, deny, place) {
            None if primitive_extensions => Some(Json::Scalar("null")),
            kept => kept,
        })
        .collect();
    let nothing = kept.iter().all(|item| *item == Json::Scalar("null"));
    (items.is_empty() || !nothing).then_some(Json::Array(kept))
}

fn one<'t>(value: &Json<'t>, deny: DenyList, place: &Place) -> Option<Json<'t>> {
    if value.get("resourceType").is_some() {
        return resource_at(value, deny);
    }
    let extension = matches!(place.path.last().map(AsRef::as_ref), Some("extension" | "modifierExtension"));
    let Some(url) = value.get("url").and_then(Json::as_str).filter(|_| extension) else {
        return object(value, deny, place);
    };
    if deny.denies_extension(place.outer.as_deref(), &url) {
        return None;
    }
    let kept =
        object(value, deny, &Place { resource_type: place.resource_type, path: place.path.clone(), outer: Some(url) })?;
    // An extension of which only the url is left says nothing.
    let emptied = matches!((&kept, value), (Json::Object(kept), Json::Object(had)) if kept.len() == 1 && had.len() > 1);
    (!emptied).then_some(kept)
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
