//! The token that a faulty one was probably meant to be. A hint for people; nothing is ever granted on it.

use super::grammar::classify_bare;
use super::permission::Permissions;
use super::token::Context;
use super::types::type_in_any_case;

const WORDS: [&str; 6] = ["openid", "fhirUser", "profile", "launch", "online_access", "offline_access"];

/// The SMART scope that differs from this word only by case, or by `-` for `_`.
pub(super) fn nearest_word(word: &str) -> Option<&'static str> {
    WORDS.into_iter().find(|w| w.eq_ignore_ascii_case(&word.replace('-', "_")))
}

/// A corrected token that parses, or `None`.
pub(super) fn repair(word: &str) -> Option<String> {
    let (context, rest) = word.split_once('/')?;
    let fixed = if context.eq_ignore_ascii_case("launch") {
        format!("launch/{}", rest.to_ascii_lowercase())
    } else {
        resource(context, rest)?
    };
    (fixed != word && classify_bare(&fixed).is_ok()).then_some(fixed)
}

fn resource(context: &str, rest: &str) -> Option<String> {
    let context = Context::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(context))?;
    let (head, query) = match rest.split_once('?') {
        Some((head, query)) => (head, Some(query)),
        None => (rest, None),
    };
    let (name, letters) = head.split_once('.')?;
    let name = match type_in_any_case(name) {
        Some(known) => known.to_owned(),
        None => capitalised(name),
    };
    let letters = letters.to_ascii_lowercase();
    let letters = match (letters.as_str(), query) {
        ("search", _) => "s".to_owned(),
        (v1, None) if Permissions::of_v1(v1).is_some() => letters,
        (v1, Some(_)) if Permissions::of_v1(v1).is_some() => Permissions::of_v1(v1)?.to_string(),
        (other, _) => Permissions::of_letters(other)?.to_string(),
    };
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    Some(format!("{}/{name}.{letters}{query}", context.name()))
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
