//! The grammar of scope strings: SMART v1 and v2, on top of RFC 6749 section 3.3.
//!
//! A suffix is valid where its letters stand in the order of `cruds`, each once. `.rd` is therefore valid (read and
//! delete), as the specification says; that somebody may have meant `.read` is told as a hint, never as a fault.

use std::fmt;

use fhir_accord_profiles::model::is_absolute_uri;

use super::permission::Permissions;
use super::query::Query;
use super::repair;

/// The tokens of one string that are read; what stands behind them is a fault.
pub const TOKENS_LIMIT: usize = 1024;

const SCOPE_URI: &str = "http://smarthealthit.org/fhir/scopes/";

/// Whose data a resource scope speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    Patient,
    User,
    System,
}

impl Context {
    pub const ALL: [Context; 3] = [Context::Patient, Context::User, Context::System];

    pub fn name(self) -> &'static str {
        match self {
            Context::Patient => "patient",
            Context::User => "user",
            Context::System => "system",
        }
    }
}

/// A resource scope: context, type (`*` = all of today and of tomorrow), permissions, filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceScope {
    pub context: Context,
    /// The type's name, or `*`.
    pub resource_type: String,
    pub permissions: Permissions,
    pub query: Query,
}

impl ResourceScope {
    /// True where this scope's type is `*` or the given one.
    pub fn covers_type(&self, resource_type: &str) -> bool {
        self.resource_type == "*" || self.resource_type == resource_type
    }
}

impl fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.context.name(), self.resource_type, self.permissions)?;
        if !self.query.is_empty() {
            write!(f, "?{}", self.query)?;
        }
        Ok(())
    }
}

/// Which SMART version a resource scope is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    V1,
    V2,
}

/// Why a token is no scope: a rule id, and the corrected token where it can be told, else what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub rule: &'static str,
    pub hint: String,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Resource(ResourceScope, Syntax),
    /// `launch`, `launch/patient`, `launch/questionnaire?role=…`
    Launch,
    /// `openid`, `fhirUser`, `profile`
    Identity,
    /// `online_access`, `offline_access`
    Refresh,
    /// An absolute URI, or `__` and a name.
    Extension,
    /// Valid by RFC 6749, unknown to SMART.
    Foreign,
    Faulty(Fault),
}

/// A token of a scope string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it was written.
    pub text: String,
    /// Byte offset in the scope string, from 0.
    pub at: usize,
    pub kind: Kind,
    /// The normal form: v1 as v2, letters, pairs and values sorted; the text itself for other tokens.
    pub normal: String,
    /// Advice on a token that is valid.
    pub hint: Option<String>,
}

impl Token {
    pub fn fault(&self) -> Option<&Fault> {
        match &self.kind {
            Kind::Faulty(fault) => Some(fault),
            _ => None,
        }
    }

    pub fn resource(&self) -> Option<&ResourceScope> {
        match &self.kind {
            Kind::Resource(scope, _) => Some(scope),
            _ => None,
        }
    }
}

/// The tokens of a scope string, in its order, faulty ones too. Any run of white space separates.
pub fn parse(text: &str) -> Vec<Token> {
    let over = |word: &str, at: usize| {
        let fault = Fault { rule: "scope-limit", hint: format!("ask for {TOKENS_LIMIT} scopes at most") };
        Token { text: word.to_owned(), at, kind: Kind::Faulty(fault), normal: String::new(), hint: None }
    };
    let mut tokens: Vec<Token> = split(text)
        .enumerate()
        .map(|(i, (at, word))| if i < TOKENS_LIMIT { parse_token(word, at) } else { over(word, at) })
        .collect();
    mark_inner_spaces(&mut tokens);
    tokens
}

fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    text.split(space).filter(|w| !w.is_empty()).map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
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
            Some("read and delete; `.read` is written `.rs` in v2".to_owned())
        }
        _ => None,
    };
    Token { text: word.to_owned(), at, kind, normal, hint }
}

/// Why a word is no scope: the rule, and what to write where the corrected token cannot be told.
pub(super) struct Flaw(&'static str, &'static str);

/// The kind of a word, and the word without the prefix of its URI form.
fn classify(word: &str) -> (Kind, &str) {
    let mut inner = word;
    while let Some(rest) = inner.strip_prefix(SCOPE_URI).filter(|rest| !rest.is_empty()) {
        inner = rest;
    }
    let kind = classify_bare(inner).unwrap_or_else(|Flaw(rule, advice)| {
        let hint = if rule == "query" { None } else { repair::repair(inner) };
        Kind::Faulty(Fault { rule, hint: hint.unwrap_or_else(|| advice.to_owned()) })
    });
    (kind, inner)
}

/// The kind of a word that stands without the URI prefix.
pub(super) fn classify_bare(word: &str) -> Result<Kind, Flaw> {
    if !word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        return Err(Flaw("token-char", "write only printable ASCII without `\"` and `\\`; percent-encode the rest"));
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
    let no_context = Flaw("context", "a resource scope starts with `patient/`, `user/` or `system/`");
    match word.split_once('/') {
        Some(("launch", rest)) => launch(rest),
        Some((context, rest)) => match Context::ALL.into_iter().find(|c| c.name() == context) {
            Some(context) => resource(context, rest),
            None if repair::is_context_in_any_case(context) => {
                Err(Flaw("case-context", "write `patient`, `user` or `system` in small letters"))
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
        Err(Flaw("launch", "write `launch/` and a type in small letters, then `?role=` and a URI at most"))
    }
}

/// `rest` is what stands behind the context's `/`.
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
            Some(c) if c.is_ascii_lowercase() => return Err(Flaw("type-case", "a type starts with a capital letter")),
            Some(c) if c.is_ascii_uppercase() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {}
            _ => return Err(Flaw("type", "name a resource type, or `*`")),
        }
    }
    let (permissions, syntax) = permissions(letters)
        .map_err(|rule| Flaw(rule, "write `.read`, `.write` or `.*`, or letters out of `cruds` in that order"))?;
    let query = match (query, syntax) {
        (None, _) => Query::default(),
        (Some(_), Syntax::V1) => {
            return Err(Flaw("v1-query", "a query needs v2 letters, as `.rs?category=laboratory`"));
        }
        (Some(text), Syntax::V2) => match Query::parse(text) {
            Some(query) => query,
            None => {
                return Err(Flaw(
                    "query",
                    "write `name=value` pairs joined by `&`, with whole `%` escapes and without empty values",
                ));
            }
        },
    };
    Ok(Kind::Resource(ResourceScope { context, resource_type: name.to_owned(), permissions, query }, syntax))
}

fn permissions(letters: Option<&str>) -> Result<(Permissions, Syntax), &'static str> {
    let letters = letters.unwrap_or_default();
    if let Some(v1) = Permissions::of_v1(letters) {
        return Ok((v1, Syntax::V1));
    }
    match Permissions::of_letters(letters) {
        Some(set) if set.to_string() == letters => Ok((set, Syntax::V2)),
        Some(_) => Err("bad-order"),
        None => {
            let lower = letters.to_ascii_lowercase();
            let known =
                lower != letters && (Permissions::of_v1(&lower).is_some() || Permissions::of_letters(&lower).is_some());
            Err(if known { "case-context" } else { "permission" })
        }
    }
}

/// `patient/ *.read`: two words that one space too many has made.
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
            token.kind = Kind::Faulty(Fault { rule: "inner-space", hint: joined.clone() });
        }
    }
}
