//! One answer: its type, and whether it is among the options of its question.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::bound;
use super::form::{Bound, Definition, Open};
use super::value::{Choice, Key, choice, equal, is_coding, is_ordered, key};
use super::{Sheet, any, text_of};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Target, Truth, Weight, codes_of};
use crate::model::{Model, Role};

/// The options of the questions seen so far.
pub type Known<'q> = FxHashMap<u32, Rc<Options<'q>>>;

/// The options of a question.
#[derive(Default)]
pub struct Options<'q> {
    kinds: FxHashSet<&'q str>,
    keys: FxHashSet<Key<'q>>,
    /// The displays of codings, in small letters.
    displays: FxHashSet<String>,
}

impl<'q> Options<'q> {
    fn of(s: &Sheet<'q, '_>, place: u32) -> Rc<Options<'q>> {
        let known = s.memory.borrow().options.get(&place).map(Rc::clone);
        known.unwrap_or_else(|| {
            let mut options = Options::default();
            for o in &s.form.item(place).options {
                options.kinds.insert(o.kind);
                options.keys.insert(key(*o));
                let display = text_of(o.node, "display").filter(|_| o.kind == "Coding");
                options.displays.extend(display.map(|d| d.trim().to_lowercase()));
            }
            let made = Rc::new(options);
            s.memory.borrow_mut().options.insert(place, Rc::clone(&made));
            made
        })
    }
}

/// The types that the answers to a question of this kind may have, as the element's name writes them; `None` for a kind
/// that FHIR does not know.
pub fn answer_types(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "boolean" => &["Boolean"],
        "decimal" => &["Decimal"],
        "integer" => &["Integer"],
        "date" => &["Date"],
        "dateTime" => &["DateTime"],
        "time" => &["Time"],
        "string" | "text" => &["String"],
        "url" => &["Uri"],
        "attachment" => &["Attachment"],
        "reference" => &["Reference"],
        "quantity" => &["Quantity"],
        // R5 has one name for both, and says by another element whether an answer may be a text.
        "choice" | "coding" => &["Coding"],
        "open-choice" => &["Coding", "String"],
        _ => return None,
    })
}

/// Judges an answer by itself.
pub fn answer<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, answer: Node<'t>) {
    let Some(value) = choice(answer, "value") else { return };
    let definition = s.form.item(place);
    let kind = definition.kind.as_ref();
    let asked = || Detail::Text(kind.to_owned());
    let of_option =
        || matches!(kind, "choice" | "open-choice" | "coding") && Options::of(s, place).kinds.contains(value.kind);
    let is_text = value.kind == "String" && definition.open == Open::Text;
    match answer_types(kind) {
        None => j.question(RuleId::QUESTIONNAIRE_TYPE, value.node, &[], asked),
        Some(types) if types.contains(&value.kind) || is_text || of_option() => {}
        Some(_) => {
            j.error(RuleId::QUESTIONNAIRE_TYPE, value.node, &[], asked);
            return;
        }
    }
    let free = kind == "open-choice" && value.kind == "String" || is_text || definition.open == Open::Type;
    if value.kind == "String" {
        string(j, s, place, value.node);
    }
    if !free {
        if !definition.options.is_empty() {
            option(j, s, place, answer, value);
        }
        if let Some(set) = &definition.value_set {
            in_value_set(j, set, answer, value);
        }
    }
    if value.kind == "Coding" && definition.options.is_empty() && definition.value_set.is_none() {
        // Whatever is chosen is right.
        untold(j, answer, || "the question has no options".to_owned());
    }
    bound::check(j, s, place, answer, value);
    match value.kind {
        "Quantity" => unit(j, definition, value.node),
        "Reference" => target(j, s, definition, value.node),
        _ => {}
    }
}

/// A string that answers a question for one is a single line, and where there are options, none of them by its display.
fn string<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, value: Node<'t>) {
    let definition = s.form.item(place);
    let text = value.text();
    let wrong = if definition.kind == "string" && text.contains(['\n', '\r']) {
        "the answer has a line break, which a question of type `string` has no place for".to_owned()
    } else if !definition.options.is_empty()
        && definition.kind != "string"
        && Options::of(s, place).displays.contains(&text.trim().to_lowercase())
    {
        format!("`{text}` is the display of an option, which the answer could be")
    } else {
        return;
    };
    j.find(RuleId::QUESTIONNAIRE_STRING, Weight::Warning, value, &[], || Detail::Text(wrong));
}

/// None of several answers to a question is an option that excludes others.
pub fn exclusive<'t>(j: &mut Judge<'_, 't>, definition: &Definition<'_>, answers: impl Iterator<Item = Node<'t>>) {
    let keys: FxHashSet<Key<'_>> = definition.exclusive.iter().map(|o| key(*o)).collect();
    for answer in answers {
        if choice(answer, "value").is_some_and(|value| keys.contains(&key(value))) {
            j.error(RuleId::QUESTIONNAIRE_EXCLUSIVE, answer, &[], || {
                Detail::Text(definition.link_id.as_ref().to_owned())
            });
        }
    }
}

/// Notes that an answer was not held against what the question offers, and why.
fn untold<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, why: impl FnOnce() -> String) {
    j.find(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, Weight::Note, at, &[], || Detail::Text(why()));
}

/// Reports the result of looking an answer up among the options.
fn told<'t>(j: &mut Judge<'_, 't>, truth: Truth, at: Node<'t>, detail: impl FnOnce() -> String) {
    match truth {
        Truth::True => {}
        Truth::False => j.error(RuleId::QUESTIONNAIRE_OPTION, at, &[], || Detail::Text(detail())),
        Truth::Unknown => j.question(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, at, &[], || Detail::Text(detail())),
    }
}

/// The answer is one of the options.
fn option<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, answer: Node<'t>, value: Choice<'t>) {
    let at = if value.kind == "Coding" { answer } else { value.node };
    let truth = among(j, s, place, value);
    told(j, truth, at, || shown(value.node));
}

fn among<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, value: Choice<'t>) -> Truth {
    // Quantities have no key.
    if value.kind != "Quantity" && has_key(&Options::of(s, place), value) {
        return Truth::True;
    }
    if !is_ordered(value.kind) {
        return Truth::False;
    }
    let options = s.form.item(place).options.iter();
    any(
        j,
        value.node,
        options,
        |o| if o.kind == value.kind { equal(value.node, o.node, value.kind) } else { Truth::False },
    )
}

fn has_key<'n>(options: &Options<'n>, value: Choice<'n>) -> bool {
    options.keys.contains(&key(value))
}

/// The answer is in the value set of its question.
fn in_value_set<'t>(j: &mut Judge<'_, 't>, canonical: &str, answer: Node<'t>, value: Choice<'t>) {
    let coding = value.kind == "Coding";
    let role = if coding { Role::Coding } else { Role::Primitive };
    // What is contained in the questionnaire was not compiled with it.
    let set = if canonical.starts_with('#') { None } else { j.set.find_value_set(canonical, None) };
    let Some(set) = set else {
        let contained = canonical.starts_with('#');
        let truth = Truth::any(
            codes_of(value.node, role)
                .map(|c| if contained { Truth::Unknown } else { j.asked_member(canonical, &c, coding) }),
        );
        told(j, truth, answer, || if truth == Truth::Unknown { canonical.to_owned() } else { shown(value.node) });
        return;
    };
    let truth = Truth::any(codes_of(value.node, role).map(|c| j.membership(set, &c, coding).certain()));
    told(j, truth, if coding { answer } else { value.node }, || shown(value.node));
}

/// The unit of a quantity is one of those that the question offers.
fn unit<'t>(j: &mut Judge<'_, 't>, definition: &Definition<'_>, value: Node<'t>) {
    let (system, code) = (text_of(value, "system"), text_of(value, "code"));
    if !definition.unit_options.is_empty() {
        let is_unit = |o: &Node<'_>| Truth::of(code.as_deref().is_some_and(|c| is_coding(*o, system.as_deref(), c)));
        let truth = any(j, value, definition.unit_options.iter(), is_unit);
        told(j, truth, value, || shown(value));
    }
    let Some(canonical) = definition.bound(Bound::UnitValueSet).map(Node::text) else { return };
    let truth = match (code, j.set.find_value_set(&canonical, None)) {
        (None, _) => Truth::False,
        (Some(_), None) => Truth::Unknown,
        (Some(code), Some(set)) => j.membership(set, &Coded { system, code, coding: None }, true).certain(),
    };
    told(j, truth, value, || shown(value));
}

/// A reference points to one of the resource types that the question allows, as far as can be determined without
/// resolving it.
fn target<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, definition: &Definition<'_>, value: Node<'t>) {
    let model = j.model();
    let found = match j.resolve(value, &s.frame) {
        Target::Found(resource) => model.resource_type(resource),
        Target::Typed(t) => t,
        Target::Missing | Target::Unknown => {
            let Some(name) = text_of(value, "reference").and_then(|r| no_type(model, &r).map(str::to_owned)) else {
                if !definition.target_types.is_empty() {
                    let told = || "the reference does not say to which type it leads".to_owned();
                    untold(j, value, told);
                }
                return;
            };
            let weight = if definition.target_types.is_empty() { Weight::Warning } else { Weight::Error };
            return j.find(RuleId::QUESTIONNAIRE_TYPE, weight, value, &[], || Detail::Text(name));
        }
    };
    if definition.target_types.is_empty() {
        return;
    }
    let name = model.type_name(found);
    if found.is_known()
        && any(j, value, definition.target_types.iter(), |t| Truth::of(t.text() == name)) == Truth::False
    {
        j.error(RuleId::QUESTIONNAIRE_TYPE, value, &[], || Detail::Text(name.to_owned()));
    }
}

/// What a relative reference (`Type/id`) has in place of a resource type, where that is none.
fn no_type<'r>(model: &Model, reference: &'r str) -> Option<&'r str> {
    let (name, id) = reference.split_once('/')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphabetic());
    let is_type = || model.find(name).is_some_and(|t| model.is_resource(t));
    (is_name && !id.is_empty() && !id.contains(['/', '?', '#']) && !is_type()).then_some(name)
}

/// A value for a text.
fn shown(value: Node<'_>) -> String {
    match text_of(value, "code") {
        Some(code) => format!("{}#{code}", text_of(value, "system").unwrap_or_default()),
        None => value.text().into_owned(),
    }
}
