//! Extensions that stand for an element of another FHIR version, by their url
//! `http://hl7.org/fhir/N.N/StructureDefinition/extension-Type.path`
//! (<https://hl7.org/fhir/R4/versions.html#extensions>): the element exists there, is a modifier there or not, and says
//! what the extension holds. Where that version's definitions are not at hand, nothing is said of the content.

use super::context;
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::Model;
use crate::plan::Image;
use crate::plan::rows::{ELEMENT_MODIFIER, ElementRow, NONE};

/// What the url of such an extension names.
pub(super) struct Named<'u> {
    number: &'u str,
    path: String,
}

impl<'u> Named<'u> {
    /// What a url names; `None` for any other url.
    pub(super) fn of(url: &'u str) -> Option<Named<'u>> {
        let (number, path) = url.strip_prefix("http://hl7.org/fhir/")?.split_once("/StructureDefinition/extension-")?;
        let is_number = matches!(number.as_bytes(), [major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit());
        (is_number && path.contains('.')).then(|| Named { number, path: path.replace("%5Bx%5D", "[x]") })
    }
}

/// Judges an extension by the element that its url names.
pub(super) fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, (x, url): (Node<'t>, &str), named: &Named<'_>) {
    let is_modifier = x.name() == NameId::MODIFIER_EXTENSION;
    let (number, path) = (named.number, &named.path);
    // DSTU2.1 and R6 have no definitions here.
    let version = match number {
        "1.4" | "6.0" => return open(j, x, url),
        _ => FhirVersion::parse(number).filter(|v| v.number().starts_with(number)),
    };
    let Some(version) = version else {
        return wrong(j, x, || format!("the extension's url names FHIR {number}, which there is not"));
    };
    let set = j.set;
    let Some(core) = set.core_of(version) else { return open(j, x, url) };
    let type_name = path.split('.').next().unwrap_or_default();
    let root = set.type_in(core, type_name).and_then(|s| core.element(s.root));
    let Some(root) = root else {
        return wrong(j, x, || format!("FHIR {number} has no type `{type_name}`"));
    };
    match find(core, &root, path) {
        Found::Element(e) => {
            if (e.flags & ELEMENT_MODIFIER != 0) != is_modifier {
                j.error(RuleId::EXTENSION_MODIFIER, x, &[], || Detail::Text(url.to_owned()));
            }
            content(j, core, x, &e);
            used(j, at, x, (core, &e), named);
        }
        Found::Nothing => wrong(j, x, || format!("FHIR {number} has no element `{path}`")),
        Found::Beyond => open(j, x, url),
    }
}

/// Warns of an extension in another place than the element that it stands for, as far as this version has the place,
/// and of one for an element that is the same in this version.
fn used<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    x: Node<'t>,
    (core, e): (&Image, &ElementRow),
    named: &Named<'_>,
) {
    let path = &named.path;
    let (Some((holder, _)), Some(type_name)) = (path.rsplit_once('.'), path.split('.').next()) else { return };
    let set = j.set;
    let own =
        set.core_of(set.fhir_version()).and_then(|own| Some((own, own.element(set.type_in(own, type_name)?.root)?)));
    let Some((own, root)) = own else { return };
    let told = if let Found::Element(same) = find(own, &root, path)
        && is_same((core, e), (own, &same))
    {
        format!("this version of FHIR has the element `{path}` itself")
    } else if (holder == type_name || matches!(find(own, &root, holder), Found::Element(_)))
        && !context::is_at(j, at, holder)
    {
        format!("the extension stands for `{path}`, but is not in a `{holder}`")
    } else {
        return;
    };
    j.find(RuleId::EXTENSION_CROSS_VERSION_USE, Weight::Warning, x, &[], || Detail::Text(told));
}

/// Whether two versions have an element with the same simple type, as often.
fn is_same((core, e): (&Image, &ElementRow), (own, same): (&Image, &ElementRow)) -> bool {
    const PLAIN: [&str; 9] =
        ["boolean", "date", "dateTime", "decimal", "instant", "integer", "markdown", "string", "time"];
    let [a] = core.type_refs(e.types) else { return false };
    let [b] = own.type_refs(same.types) else { return false };
    let (a, b) = (core.str(a.code), own.str(b.code));
    a == b && PLAIN.contains(&a) && e.max == same.max
}

/// Whether the element that a url names is a modifier; `None` where it is not known.
pub(super) fn is_modifier(j: &Judge<'_, '_>, named: &Named<'_>) -> Option<bool> {
    let version = FhirVersion::parse(named.number).filter(|v| v.number().starts_with(named.number))?;
    let core = j.set.core_of(version)?;
    let root = core.element(j.set.type_in(core, named.path.split('.').next()?)?.root)?;
    match find(core, &root, &named.path) {
        Found::Element(e) => Some(e.flags & ELEMENT_MODIFIER != 0),
        Found::Nothing | Found::Beyond => None,
    }
}

/// The extension is one of another version, of which nothing more is known.
fn open<'t>(j: &mut Judge<'_, 't>, x: Node<'t>, url: &str) {
    let (rule, weight) = if x.name() == NameId::MODIFIER_EXTENSION {
        (RuleId::EXTENSION_MODIFIER_UNKNOWN, Weight::Question)
    } else {
        (RuleId::EXTENSION_UNKNOWN, Weight::Note)
    };
    j.find(rule, weight, x, &[], || Detail::Text(url.to_owned()));
}

fn wrong<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, told: impl FnOnce() -> String) {
    j.error(RuleId::EXTENSION_CROSS_VERSION, at, &[], || Detail::Text(told()));
}

/// What a path leads to in a type's definition.
enum Found {
    Element(ElementRow),
    Nothing,
    /// It goes on inside another type, or in content that is defined elsewhere.
    Beyond,
}

fn find(core: &Image, root: &ElementRow, path: &str) -> Found {
    let mut at = *root;
    for (dot, _) in path.match_indices('.').skip(1).chain([(path.len(), "")]) {
        let wanted = path.get(..dot).unwrap_or_default();
        let is_wanted = |id: &str| id == wanted || id.strip_suffix("[x]") == Some(wanted);
        if at.first_child == NONE {
            return if at.content == NONE && core.type_refs(at.types).is_empty() {
                Found::Nothing
            } else {
                Found::Beyond
            };
        }
        let Some(next) = children(core, &at).find(|c| is_wanted(core.str(c.id))) else { return Found::Nothing };
        at = next;
    }
    Found::Element(at)
}

fn children<'e>(core: &'e Image, e: &ElementRow) -> impl Iterator<Item = ElementRow> + use<'e> {
    std::iter::successors(core.element(e.first_child), |c| core.element(c.next))
}

/// An element with a type is the extension's value, one with elements of its own its nested extensions.
fn content<'t>(j: &mut Judge<'_, 't>, core: &Image, x: Node<'t>, e: &ElementRow) {
    if e.content != NONE {
        return;
    }
    let value = x.children().find(|c| c.name_text().starts_with("value"));
    if e.first_child == NONE {
        return self::value(j, core, x, value, e);
    }
    if let Some(value) = value {
        wrong(j, value, || format!("`{}` has elements of its own, so its extension has no value", core.str(e.id)));
    }
    for nested in x.children_named(NameId::EXTENSION) {
        let Some(url) = nested.child_text(NameId::URL).filter(|u| !u.contains(':')) else { continue };
        let named = children(core, e).find(|c| {
            let last = core.str(c.id).rsplit('.').next().unwrap_or_default();
            last == url || last.strip_suffix("[x]") == Some(&*url)
        });
        match named {
            Some(child) => content(j, core, nested, &child),
            None => wrong(j, nested, || format!("`{}` has no element `{url}`", core.str(e.id))),
        }
    }
}

fn value<'t>(j: &mut Judge<'_, 't>, core: &Image, x: Node<'t>, value: Option<Node<'t>>, e: &ElementRow) {
    let types: Vec<&str> = core.type_refs(e.types).iter().map(|t| core.str(t.code)).collect();
    let Some(value) = value else {
        // What an extension cannot hold here is nested, and a reason may stand for the value.
        let is_plain = !types.is_empty() && types.iter().all(|t| is_value_type(j.model(), t));
        if is_plain && x.child(NameId::EXTENSION).is_none() {
            wrong(j, x, || format!("the extension has no value, but `{}` is {}", core.str(e.id), types.join(" or ")));
        }
        return;
    };
    let found = value.name_text().strip_prefix("value").unwrap_or_default();
    // What an extension cannot hold in this version is carried by another type: which, no rule says.
    let may_be = |t: &&str| t.eq_ignore_ascii_case(found) || !is_value_type(j.model(), t);
    if !types.is_empty() && !types.iter().any(may_be) {
        wrong(j, x, || format!("the extension has a {found}, but `{}` is {}", core.str(e.id), types.join(" or ")));
    }
}

/// Whether an extension can hold a value of this type.
fn is_value_type(model: &Model, name: &str) -> bool {
    let (head, tail) = name.split_at_checked(1).unwrap_or_default();
    let member = format!("value{}{tail}", head.to_ascii_uppercase());
    let extension = model.find("Extension").zip(model.names().find(member.as_bytes()));
    extension.is_some_and(|(t, name)| model.child(t, name).is_some())
}
