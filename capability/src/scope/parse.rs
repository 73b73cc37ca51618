//! From a scope string to its tokens.

use super::grammar::{Flaw, classify_bare};
use super::limits::{FAULTS_LIMIT, TOKENS_LIMIT};
use super::repair;
use super::token::{Context, Fault, Kind, Syntax, Token};
use crate::reason::Reason;

/// Where scopes had a URI form, this was in front of them.
const SCOPE_URI: &str = "http://smarthealthit.org/fhir/scopes/";

/// The tokens of a scope string, in its order, faulty ones too. They are separated by any white space. What is far
/// beyond [`TOKENS_LIMIT`] is one faulty token, white space and all.
///
/// ```
/// use fhir_accord_capability::scope::{Context, parse};
///
/// let tokens = parse("openid patient/Observation.rs Patient/Group.r");
/// assert_eq!(tokens[1].resource().map(|s| (s.context, s.permissions.len())), Some((Context::Patient, 2)));
/// assert_eq!(tokens[2].fault().map(|f| (f.rule.id(), f.hint.as_str())), Some(("case-context", "patient/Group.r")));
/// ```
pub fn parse(text: &str) -> Vec<Token> {
    let over = |word: &str, at: usize| {
        let fault = Fault { rule: Reason::ScopeLimit, hint: format!("ask for at most {TOKENS_LIMIT} scopes") };
        Token { text: word.to_owned(), at, kind: Kind::Faulty(fault), normal: String::new(), hint: None }
    };
    let mut tokens = Vec::new();
    for (i, (at, word)) in split(text).enumerate() {
        if i < TOKENS_LIMIT {
            tokens.push(parse_token(word, at));
        } else if i < TOKENS_LIMIT + FAULTS_LIMIT {
            tokens.push(over(word, at));
        } else {
            tokens.push(over(text.get(at..).map_or(word, |rest| rest.trim_end_matches(is_space)), at));
            break;
        }
    }
    mark_inner_spaces(&mut tokens);
    tokens
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split(is_space).filter(|w| !w.is_empty()).map(move |word| (at(word), word))
}

fn parse_token(word: &str, at: usize) -> Token {
    let (kind, inner) = classify(word);
    let normal = match &kind {
        Kind::Resource(scope, _) => scope.to_string(),
        _ => inner.to_owned(),
    };
    let hint = match &kind {
        Kind::Foreign => repair::nearest_word(word).map(str::to_owned),
        Kind::Resource(scope, Syntax::V2) if scope.permissions.to_string() == "rd" => {
            Some("this means read and delete; v1 `.read` is `.rs` in v2".to_owned())
        }
        _ => None,
    };
    Token { text: word.to_owned(), at, kind, normal, hint }
}

/// The kind of a word, and the word without the prefix of its URI form.
fn classify(word: &str) -> (Kind, &str) {
    let mut inner = word;
    while let Some(rest) = inner.strip_prefix(SCOPE_URI).filter(|rest| !rest.is_empty()) {
        inner = rest;
    }
    let kind = classify_bare(inner).unwrap_or_else(|Flaw(rule, advice)| {
        let hint = if rule == Reason::Query { None } else { repair::repair(inner) };
        Kind::Faulty(Fault { rule, hint: hint.unwrap_or_else(|| advice.to_owned()) })
    });
    (kind, inner)
}

/// `patient/ *.read`: two words split by a stray space.
fn mark_inner_spaces(tokens: &mut [Token]) {
    for i in 1..tokens.len() {
        let (Some(first), Some(second)) = (tokens.get(i - 1), tokens.get(i)) else { continue };
        let open = first.fault().is_some() && Context::ALL.iter().any(|c| first.text == format!("{}/", c.name()));
        if !open || second.fault().is_none() {
            continue;
        }
        let joined = format!("{}{}", first.text, second.text);
        if classify_bare(&joined).is_err() {
            continue;
        }
        for token in tokens.iter_mut().skip(i - 1).take(2) {
            token.kind = Kind::Faulty(Fault { rule: Reason::InnerSpace, hint: joined.clone() });
        }
    }
}
