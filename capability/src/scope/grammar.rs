//! The grammar of one token: SMART v1 and v2, on top of RFC 6749 section 3.3.
//!
//! A suffix is valid where its letters are in the order of `cruds`, each at most once. `.rd` is therefore valid (read
//! and delete), as the specification says; that somebody may have meant `.read` is a hint, never a fault.

use fhir_accord_profiles::model::is_absolute_uri;

use super::permission::Permissions;
use super::query::Query;
use super::token::{Context, Kind, ResourceScope, Syntax};
use crate::reason::Reason;

/// Why a word is not a scope: the rule, and what to write where there is no corrected token.
pub(super) struct Flaw(pub(super) Reason, pub(super) &'static str);

/// The kind of a word without the prefix of its URI form.
pub(super) fn classify_bare(word: &str) -> Result<Kind, Flaw> {
    if !word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        return Err(Flaw(
            Reason::TokenChar,
            "use only printable ASCII without `\"` and `\\`, and percent-encode the rest",
        ));
    }
    match word {
        "launch" => return Ok(Kind::Launch),
        "openid" | "fhirUser" | "profile" => return Ok(Kind::Identity),
        "online_access" | "offline_access" => return Ok(Kind::Refresh),
        _ => {}
    }
    if word.len() > 2 && word.starts_with("__") || is_absolute_uri(word) {
        return Ok(Kind::Extension);
    }
    let no_context = Flaw(Reason::Context, "a resource scope starts with `patient/`, `user/` or `system/`");
    match word.split_once('/') {
        Some(("launch", rest)) => launch(rest),
        Some((context, rest)) => match Context::ALL.into_iter().find(|c| c.name() == context) {
            Some(context) => resource(context, rest),
            None if is_context_in_any_case(context) => {
                Err(Flaw(Reason::CaseContext, "write `patient`, `user` or `system` in lower case"))
            }
            None => Err(no_context),
        },
        None if word.contains(['.', '*', '?']) => Err(no_context),
        None => Ok(Kind::Foreign),
    }
}

fn launch(rest: &str) -> Result<Kind, Flaw> {
    let (name, role) = match rest.split_once('?') {
        Some((name, query)) => (name, Some(query)),
        None => (rest, None),
    };
    let lower = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let role = role.is_none_or(|q| q.strip_prefix("role=").is_some_and(|uri| !uri.is_empty()));
    if lower && role {
        Ok(Kind::Launch)
    } else {
        Err(Flaw(Reason::Launch, "write `launch/` and a type in lower case, optionally followed by `?role=` and a URI"))
    }
}

/// `rest` is what follows the context's `/`.
fn resource(context: Context, rest: &str) -> Result<Kind, Flaw> {
    let (head, query) = match rest.split_once('?') {
        Some((head, query)) => (head, Some(query)),
        None => (rest, None),
    };
    let (name, letters) = match head.split_once('.') {
        Some((name, letters)) => (name, Some(letters)),
        None => (head, None),
    };
    if name != "*" {
        match name.chars().next() {
            Some(c) if c.is_ascii_lowercase() => {
                return Err(Flaw(Reason::TypeCase, "a type starts with a capital letter"));
            }
            Some(c) if c.is_ascii_uppercase() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {}
            _ => return Err(Flaw(Reason::Type, "name a resource type, or `*`")),
        }
    }
    let (permissions, syntax) = permissions(letters)
        .map_err(|rule| Flaw(rule, "write `.read`, `.write` or `.*`, or letters from `cruds` in that order"))?;
    let query = match (query, syntax) {
        (None, _) => Query::default(),
        (Some(_), Syntax::V1) => {
            return Err(Flaw(Reason::V1Query, "a query requires v2 letters, as in `.rs?category=laboratory`"));
        }
        (Some(text), Syntax::V2) if Query::is_beyond_limits(text) => {
            return Err(Flaw(Reason::ScopeLimit, "ask for at most 32 pairs in a query, each with at most 256 values"));
        }
        (Some(text), Syntax::V2) => match Query::parse(text) {
            Some(query) => query,
            None => {
                return Err(Flaw(
                    Reason::Query,
                    "write `name=value` pairs joined by `&`, with complete `%` escapes and without empty values",
                ));
            }
        },
    };
    Ok(Kind::Resource(ResourceScope { context, resource_type: name.to_owned(), permissions, query }, syntax))
}

fn permissions(letters: Option<&str>) -> Result<(Permissions, Syntax), Reason> {
    let letters = letters.unwrap_or_default();
    if let Some(v1) = Permissions::of_v1(letters) {
        return Ok((v1, Syntax::V1));
    }
    match Permissions::of_letters(letters) {
        Some(set) if set.to_string() == letters => Ok((set, Syntax::V2)),
        Some(_) => Err(Reason::BadOrder),
        None => {
            let lower = letters.to_ascii_lowercase();
            let known =
                lower != letters && (Permissions::of_v1(&lower).is_some() || Permissions::of_letters(&lower).is_some());
            Err(if known { Reason::CaseContext } else { Reason::Permission })
        }
    }
}

/// True for `Patient`, `USER` and the like.
fn is_context_in_any_case(text: &str) -> bool {
    Context::ALL.iter().any(|c| c.name().eq_ignore_ascii_case(text))
}
