//! What a search may ask for: includes and chains reach other types, and some parameters hide what is answered.

use super::access::Reason;
use super::grants::Carriers;
use super::judge::{Draft, Judge};
use super::limits::CHAIN_LIMIT;
use super::query::{Parameter, SELECTING};
use super::refusal::{beyond, refused};
use crate::scope::{Context, Pair, Permission, ResourceScope};

/// Parameters that say how to answer, and search for nothing.
const FORMS: [&str; 2] = ["_format", "_pretty"];
/// Parameters of a search whose meaning is the server's, that look at lists and groups, or show what contains
/// something.
const UNJUDGED: [&str; 7] = ["_filter", "_query", "_list", "_in", "_contained", "_containedType", "_graph"];
/// Parameters beginning with `_` that show nothing beyond what is searched for; any other has the answer judged.
const KNOWN: [&str; 8] = ["_count", "_elements", "_sort", "_summary", "_text", "_content", "_total", "_type"];
/// Further parameters of the specification that search or reach other resources.
const SEARCHING: [&str; 5] = ["_include", "_revinclude", "_language", "_since", "_at"];
/// Parameters of the specification that a link to a further page may repeat.
const PAGED: [&str; 3] = ["_count", "_elements", "_summary"];

/// Whether a parameter only says how to answer.
pub(super) fn is_form(parameter: &Parameter) -> bool {
    FORMS.contains(&parameter.name.as_str())
}

/// Whether a parameter is a server's own: the specification does not have it.
fn is_own(parameter: &Parameter) -> bool {
    let name = parameter.bare();
    let lists: [&[&str]; 5] = [&FORMS, &UNJUDGED, &KNOWN, &SELECTING, &SEARCHING];
    parameter.name.starts_with('_') && !lists.iter().any(|list| list.contains(&name))
}

/// Whether a search of the system asks for a further page of another one: it has only parameters of the server's own
/// (<https://hl7.org/fhir/R4/http.html#paging> leaves their names to servers), and some that say how to answer.
pub(super) fn is_page(all: &[Parameter]) -> bool {
    let is_of_page = |p: &Parameter| is_own(p) || is_form(p) || PAGED.contains(&p.name.as_str());
    all.iter().any(is_own) && all.iter().all(is_of_page)
}

/// Whether resources are cut down to some of their elements.
fn is_cut(all: &[Parameter]) -> bool {
    let cuts = |p: &Parameter| p.bare() == "_elements" || p.bare() == "_summary" && p.value != "false";
    all.iter().any(cuts)
}

/// Whether resources are only counted, or may be.
pub(super) fn is_count(all: &[Parameter]) -> bool {
    let counts = |p: &Parameter| match p.bare() {
        "_summary" => !matches!(p.value.as_str(), "true" | "false" | "text" | "data"),
        "_count" => p.value.parse::<u32>().ok().is_none_or(|n| n == 0),
        _ => false,
    };
    all.iter().any(counts)
}

impl Judge<'_> {
    /// Judges the parameters of a search on a type, or with `None` on all.
    pub(super) fn search(
        &self,
        resource_type: Option<&str>,
        all: &[Parameter],
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        for parameter in all.iter().filter(|p| !is_form(p)) {
            self.go_on()?;
            let bare = parameter.bare();
            let is_off = bare == "_contained" && parameter.value == "false";
            let hidden = parameter.name.split([':', '.']).find(|part| UNJUDGED.contains(part));
            if let Some(bare) = hidden.filter(|_| !is_off) {
                return Err(refused("parameter-unjudged", format!("what `{bare}` selects cannot be judged")));
            }
            if matches!(bare, "_include" | "_revinclude") {
                self.uncut(all)?;
                self.include(resource_type, parameter, draft)?;
                continue;
            }
            if bare == "_sort" && parameter.value.contains('.') {
                return Err(refused("chain-target", "a chained `_sort` looks at resources that cannot be judged"));
            }
            draft.judges_answer |=
                bare.starts_with('_') && !KNOWN.contains(&bare) && !SELECTING.contains(&bare) && !is_off;
            if !is_own(parameter) {
                self.parameter_listed(resource_type, bare)?;
            }
            let start: Vec<&str> = resource_type.into_iter().collect();
            self.chain(&parameter.name, &start, 0)?;
        }
        Ok(())
    }

    /// Whether a search keeps within one of the scopes with limits that carry it by what it says itself: else it would
    /// tell by a refused answer that there is something to refuse.
    pub(super) fn bounded(
        &self,
        url: &str,
        resource_type: Option<&str>,
        all: &[Parameter],
        limited: &[&ResourceScope],
    ) -> Result<(), Reason> {
        let is_within = |scope: &&ResourceScope| {
            (scope.context != Context::Patient || self.is_about_patient(url, resource_type, all))
                && scope.query.pairs.iter().all(|pair| all.iter().any(|p| is_narrower(p, pair)))
        };
        if limited.is_empty() || limited.iter().any(is_within) {
            return Ok(());
        }
        let text = "the search reaches beyond the scopes that carry it: name the token's patient (`patient=…`, or \
                    `Patient/…/` before the type), and the filter of the scope";
        Err(refused("search-unbounded", text))
    }

    /// Whether a search finds nothing but what refers to the token's patient, or is it.
    fn is_about_patient(&self, url: &str, resource_type: Option<&str>, all: &[Parameter]) -> bool {
        let Some(patient) = self.grants.patient else { return false };
        let mut segments = url.split('?').next().unwrap_or_default().split('/');
        if segments.next() == Some("Patient") && segments.next() == Some(patient) && segments.next().is_some() {
            return true;
        }
        let Some(resource_type) = resource_type else { return false };
        all.iter().any(|p| {
            let is_id = p.value == patient;
            if !is_id && self.evidence.relative(&p.value).strip_prefix("Patient/") != Some(patient) {
                return false;
            }
            let (name, modifier) = p.name.split_once(':').map_or((p.name.as_str(), None), |(n, m)| (n, Some(m)));
            if resource_type == "Patient" && name == "_id" {
                return is_id && modifier.is_none();
            }
            let targets = self.evidence.targets(resource_type, name).unwrap_or_default();
            let is_typed = modifier == Some("Patient") || targets.iter().all(|t| t == "Patient");
            matches!(modifier, None | Some("Patient")) && targets.iter().any(|t| t == "Patient") && (is_typed || !is_id)
        })
    }

    /// Refuses resources that are cut down where a scope has a filter, which what is not there might meet.
    pub(super) fn uncut(&self, all: &[Parameter]) -> Result<(), Reason> {
        let text = "resources that are cut down by `_elements` or `_summary` cannot be held against a scope's filter";
        if is_cut(all) && self.grants.has_filter() { Err(refused("answer-unjudged", text)) } else { Ok(()) }
    }

    /// Judges the parameters by which a write selects what it changes.
    pub(super) fn selection(&self, resource_type: &str, all: &[Parameter], draft: &mut Draft) -> Result<(), Reason> {
        let selects = |p: &&Parameter| !is_form(p);
        if all.iter().find(selects).is_none() {
            return Err(refused("query-malformed", "a conditional write needs search parameters"));
        }
        let odd = |p: &&Parameter| p.name.starts_with('_') && !SELECTING.contains(&p.bare());
        if let Some(odd) = all.iter().filter(selects).find(odd) {
            let text = format!("`{}` does not belong to a conditional write", odd.bare());
            return Err(refused("parameter-unjudged", text));
        }
        // A server may drop what it does not know, and select everything then.
        let is_ignored = |p: &&Parameter| {
            p.value.is_empty() || !p.name.starts_with('_') && !self.evidence.knows_parameter(resource_type, p.bare())
        };
        if all.iter().filter(selects).any(|p| is_ignored(&p)) {
            let text = "a conditional write has a parameter without a value, or one that its type does not have";
            return Err(refused("parameter-unjudged", text));
        }
        self.search(Some(resource_type), all, draft)
    }

    /// Judges one include: a scope has to carry reading of a type that it leads to, and then the answer is judged.
    fn include(&self, resource_type: Option<&str>, parameter: &Parameter, draft: &mut Draft) -> Result<(), Reason> {
        let (name, value) = (parameter.bare(), parameter.value.as_str());
        let mut parts = value.split(':');
        let (source, path, target) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let unknown = || refused("include-target", format!("cannot determine which types `{name}` leads to"));
        let known = |t: &&str| self.evidence.knows_type(t);
        if Some(source).filter(known).is_none() || target.is_some_and(|t| !known(&t)) {
            return Err(unknown());
        }
        let types = match (name, target, path) {
            ("_revinclude", ..) => vec![source.to_owned()],
            (_, Some(target), _) => vec![target.to_owned()],
            (_, None, Some(path)) => self.evidence.targets(source, path).ok_or_else(unknown)?,
            _ => return Err(unknown()),
        };
        // What follows includes on starts at any type.
        let searched = resource_type.filter(|_| parameter.name == name);
        self.include_listed(searched, name, value)?;
        let may_be_read = |t: &&String| {
            self.is_readable(t) && !matches!(self.grants.carriers(t, Permission::Read), Carriers::None(_))
        };
        if types.iter().find(may_be_read).is_none() {
            let text = format!(
                "an `{name}` leads to {}, which the negotiation and the scopes do not let it read",
                told(&types)
            );
            return Err(refused("include-target", text));
        }
        draft.judges_answer = true;
        Ok(())
    }

    /// Judges a parameter's name with its chains: each type on the way has to be searchable without limits, because
    /// what a chain looks at is never seen.
    fn chain(&self, name: &str, from: &[&str], depth: usize) -> Result<(), Reason> {
        if depth > CHAIN_LIMIT {
            return Err(beyond("a chain goes through more parameters than are followed", CHAIN_LIMIT));
        }
        if let Some(rest) = name.strip_prefix("_has:") {
            let mut parts = rest.splitn(3, ':');
            let (Some(target), Some(back), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(refused("query-malformed", "`_has` needs a type, a reference and a parameter"));
            };
            self.reaches(target)?;
            self.parameter_listed(Some(target), back)?;
            self.parameter_listed(Some(target), bare(rest))?;
            return self.chain(rest, &[target], depth + 1);
        }
        let Some((first, rest)) = name.split_once('.') else { return Ok(()) };
        let (parameter, typed) = match first.split_once(':') {
            Some((parameter, typed)) => (parameter, Some(typed.to_owned())),
            None => (first, None),
        };
        let unknown = || refused("chain-target", "cannot determine which types a chained parameter leads to");
        let targets = match typed {
            Some(typed) => vec![typed],
            None if from.is_empty() => return Err(unknown()),
            None => {
                let of = |t: &&str| self.evidence.targets(t, parameter).filter(|all| !all.is_empty());
                let all: Option<Vec<Vec<String>>> = from.iter().map(of).collect();
                let mut all: Vec<String> = all.ok_or_else(unknown)?.into_iter().flatten().collect();
                all.sort();
                all.dedup();
                all
            }
        };
        targets.iter().try_for_each(|t| self.reaches(t).and_then(|()| self.parameter_listed(Some(t), bare(rest))))?;
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        self.chain(rest, &targets, depth + 1)
    }

    /// Whether a chain may look at a type.
    fn reaches(&self, resource_type: &str) -> Result<(), Reason> {
        let may = self.evidence.knows_type(resource_type)
            && self.is_readable(resource_type)
            && self.freely(resource_type, Permission::Search).is_some();
        let text =
            "a chained parameter looks at a type that the negotiation and a scope without limits do not let it search";
        if may { Ok(()) } else { Err(refused("chain-target", text)) }
    }
}

/// Whether a parameter selects nothing beyond what a pair of a scope's filter selects.
fn is_narrower(parameter: &Parameter, pair: &Pair) -> bool {
    parameter.name == pair.name
        && !parameter.value.contains('\\')
        && parameter.value.split(',').all(|value| pair.values.iter().any(|own| own == value))
}

/// A parameter's name without its modifiers and chains.
fn bare(name: &str) -> &str {
    name.split([':', '.']).next().unwrap_or_default()
}

fn told(types: &[String]) -> String {
    if types.is_empty() { "no known type".to_owned() } else { types.join(", ") }
}
