//! `$conforms`: two statements beside each other, with what they have in common and what they come to together
//! (<https://hl7.org/fhir/R4/capabilitystatement-operation-conforms.html>). The specification's descriptions of the
//! parameters `union` and `intersection` are swapped; here each is what its name says.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::bound_notes::Notes;
use super::differences::Sides;
use super::heads;
use super::line::{Key, Line, lines};
use super::merged::{Entry, Head, Meaning, Merged};
use super::outcome::{Outcome, Remark, plain, quoted};
use super::sides::{in_mode, request, root, without_profiles};
use super::stated::{self, Stated};
use super::value_sets::{ValueSets, Way};
use crate::agreement::{Agreement, Item};
use crate::definitions::Definitions;
use crate::expectation::{Expectation, Weight};
use crate::issue::{Issue, Party, Severity};
use crate::negotiate::negotiate;
use crate::reason::Reason;
use crate::request::NegotiateError;
use crate::statement::parse_canonical;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Two servers: what only one of them has.
    ServerServer,
    /// A client on the left, a server on the right: what the client lacks.
    ClientServer,
}

impl Mode {
    /// Reads `server/server` or `client/server`; `None` for another code.
    pub fn parse(code: &str) -> Option<Mode> {
        match code {
            "server/server" => Some(Mode::ServerServer),
            "client/server" => Some(Mode::ClientServer),
            _ => None,
        }
    }
}

/// The answer of `$conforms`.
#[derive(Clone, Debug)]
pub enum Conforms {
    /// Parameters: `issues`, and where both statements are of FHIR 4.0 `union` and `intersection`.
    Compared(Value),
    /// An OperationOutcome that names what is not loaded and would be needed to compare.
    Missing(Value),
}

/// Both statements, both ways, and the rows of each way by what they are about.
struct Both<'a> {
    left: &'a Value,
    right: &'a Value,
    mode: Mode,
    forward: &'a Agreement,
    backward: &'a Agreement,
    definitions: &'a dyn Definitions,
    /// What the sides state of guides and code systems.
    stated: [Stated; 2],
}

/// Compares two statements: resource types, interactions, search, operations, flags and profiles, which are compared by
/// their definitions as far as those are loaded.
///
/// # Errors
/// [`NegotiateError::NotAStatement`] where the JSON of a side is not a statement.
pub fn conforms(
    left: &Value,
    right: &Value,
    mode: Mode,
    definitions: &dyn Definitions,
) -> Result<Conforms, NegotiateError> {
    let client = match mode {
        Mode::ServerServer => in_mode(left, "server", "client"),
        Mode::ClientServer => left.clone(),
    };
    let forward = negotiate(&request(client, right.clone()), definitions)?;
    let missing = |i: &&Issue| matches!(i.rule, Reason::UnresolvedImport);
    if forward.issues.iter().any(|i| missing(&i)) {
        let mut outcome = Outcome::default();
        for issue in forward.issues.iter().filter(missing) {
            let text = format!("{}; load its package, or send the statement without the import", plain(&issue.text));
            outcome.add(&Remark::of(Severity::Error, "not-found", issue.rule, text));
        }
        return Ok(Conforms::Missing(outcome.finish()));
    }
    let server = match mode {
        Mode::ServerServer => left.clone(),
        Mode::ClientServer => without_profiles(in_mode(left, "client", "server")),
    };
    let backward = negotiate(&request(in_mode(right, "server", "client"), server), definitions)?;
    let stated = [left, right].map(|statement| Stated::of(statement, definitions));
    let both = Both { left, right, mode, forward: &forward, backward: &backward, definitions, stated };
    Ok(Conforms::Compared(both.parameters()))
}

impl Both<'_> {
    fn parameters(&self) -> Value {
        let mut outcome = Outcome::default();
        self.forward.issues.iter().for_each(|issue| self.tell_issue(issue, &mut outcome));
        self.tell(&mut outcome);
        let notes = self.value_sets(&mut outcome);
        let mut merged = Vec::new();
        if self.forward.fhir_version.chosen.as_deref() == Some("4.0") {
            let (union, not_in_union) = Merged::write(&self.head("union", &notes), self.union().into_iter());
            let (common, not_in_common) =
                Merged::write(&self.head("intersection", &notes), self.intersection().into_iter());
            merged.push(json!({"name": "union", "resource": union}));
            merged.push(json!({"name": "intersection", "resource": common}));
            let left_out = not_in_union.max(not_in_common);
            if left_out > 0 {
                let text = format!("items that a CapabilityStatement of FHIR 4.0 cannot say and lacks: {left_out}");
                outcome.add(&Remark::information(text));
            }
        } else {
            let text = "union and intersection are written for two statements of FHIR 4.0 only";
            outcome.add(&Remark::information(text));
        }
        if outcome.is_empty() {
            outcome.add(&Remark::information("no differences found"));
        }
        let mut parameter = vec![json!({"name": "issues", "resource": outcome.finish()})];
        parameter.append(&mut merged);
        json!({"resourceType": "Parameters", "parameter": parameter})
    }

    /// What a negotiation says of the statements; between servers their security is compared by [`heads`].
    fn tell_issue(&self, issue: &Issue, outcome: &mut Outcome) {
        let side = match (self.mode, issue.party) {
            (Mode::ServerServer, _) if issue.rule == Reason::Security => return,
            (Mode::ClientServer, _) => "",
            (_, Party::Client) => "left: ",
            (_, Party::Server) => "right: ",
            _ => "with left as the client and right as the server: ",
        };
        let code = if issue.severity == Severity::Information { "informational" } else { "processing" };
        outcome.add(&Remark::of(issue.severity, code, issue.rule, format!("{side}{}", plain(&issue.text))));
    }

    fn tell(&self, outcome: &mut Outcome) {
        let is_client = self.mode == Mode::ClientServer;
        let ahead = Sides { own: "left", other: "right", root: root(self.left), is_client };
        let others = by_key(self.backward);
        for line in lines(self.forward) {
            if !ahead.tell(&line, outcome) && !is_client && line.is_shared() {
                ahead.tell_expectation(&line, &others, outcome);
            }
        }
        if is_client {
            return;
        }
        let back = Sides { own: "right", other: "left", root: root(self.right), is_client };
        let told = by_key(self.forward);
        for line in lines(self.backward).filter(|l| !told.contains_key(&l.key())) {
            back.tell(&line, outcome);
        }
        heads::compare(self.left, self.right, outcome);
    }

    /// Tells where value sets, maps and code systems differ, and gives the value sets of either and of both.
    fn value_sets(&self, outcome: &mut Outcome) -> Notes {
        let is_client = self.mode == Mode::ClientServer;
        let [left, right] = &self.stated;
        stated::compare([left, right], is_client, self.definitions, outcome);
        let release = self.forward.fhir_version.chosen.as_deref();
        let compared = ValueSets { definitions: self.definitions, release, is_client };
        let way = |agreement, is_left, statement, is_told| Way { agreement, is_left, root: root(statement), is_told };
        let ways = [way(self.forward, true, self.left, true), way(self.backward, false, self.right, !is_client)];
        compared.compare(&ways, outcome)
    }

    /// What both list; an item weighs as the weaker of their expectations. A combination of a search parameter that
    /// means different things is not among it.
    fn intersection(&self) -> Vec<Entry<'_>> {
        let others = by_key(self.backward);
        let told = by_key(self.forward);
        let apart: BTreeSet<(Option<&str>, &str)> = lines(self.forward)
            .filter(|l| !l.is_shared())
            .filter_map(|l| parameter(&l.row.item).map(|name| (l.resource_type, name)))
            .collect();
        let is_whole = |line: &Line<'_>| match &line.row.item {
            Item::Combination { required, optional } => {
                !required.iter().chain(optional).any(|name| apart.contains(&(line.resource_type, name.as_str())))
            }
            _ => true,
        };
        let common = |line: &Line<'_>| is_wanted(line) && line.is_shared() && is_whole(line);
        let ahead = lines(self.forward).filter(common).map(|line| {
            let other = others.get(&line.key()).map(|l| l.row.client);
            self.entry(line, other, weaker, self.left)
        });
        let profiles = lines(self.backward)
            .filter(|l| common(l) && l.row.profile().is_some() && !told.contains_key(&l.key()))
            .map(|line| self.entry(line, None, weaker, self.right));
        ahead.chain(profiles).collect()
    }

    /// What either lists; an item weighs as the stronger of their expectations.
    fn union(&self) -> Vec<Entry<'_>> {
        let others = by_key(self.backward);
        let told = by_key(self.forward);
        let ahead = lines(self.forward).filter(is_wanted).map(|line| {
            let other = others.get(&line.key()).map(|l| l.row.client);
            self.entry(line, other, stronger, self.left)
        });
        let back = lines(self.backward)
            .filter(|l| is_wanted(l) && !told.contains_key(&l.key()))
            .map(|line| self.entry(line, None, stronger, self.right));
        ahead.chain(back).collect()
    }

    fn entry<'e>(
        &self,
        line: Line<'e>,
        other: Option<Option<Expectation>>,
        of_both: fn(Option<Expectation>, Option<Expectation>) -> Option<Expectation>,
        statement: &Value,
    ) -> Entry<'e> {
        let own = line.row.client;
        let expectation = other.map_or(own, |other| of_both(own, other));
        Entry { meaning: self.meaning(&line, statement), line, expectation }
    }

    /// What is known of a search parameter. A definition that is loaded decides on the type, and is left out where
    /// it is not one of the resource type.
    fn meaning(&self, line: &Line<'_>, statement: &Value) -> Meaning {
        let Item::SearchParam { name, definition } = &line.row.item else { return Meaning::default() };
        let path = line.row.paths.client.as_ref().filter(|p| p.contains("/searchParam/"));
        let said = path.and_then(|p| statement.pointer(p)?.get("type")?.as_str()).map(str::to_owned);
        let on = line.resource_type.unwrap_or("Resource");
        let loaded = definition.as_ref().and_then(|d| self.definitions.search_parameter_at(&parse_canonical(d)));
        match loaded {
            Some(info) if info.base.iter().any(|b| b == on || b == "Resource" || b == "DomainResource") => {
                Meaning { definition: definition.clone(), kind: Some(info.kind.clone()) }
            }
            Some(_) => Meaning { definition: None, kind: said },
            None if said.is_some() || definition.is_some() => Meaning { definition: definition.clone(), kind: said },
            None => {
                let base = self.definitions.search_parameter(Some("4.0"), on, name);
                Meaning { definition: None, kind: base.map(|info| info.kind.clone()) }
            }
        }
    }

    fn head<'h>(&'h self, of: &str, notes: &'h Notes) -> Head<'h> {
        let name = |statement: &Value, side: &str| {
            let text = |member: &str| statement.get(member).and_then(Value::as_str).filter(|t| !t.is_empty());
            text("title").or(text("name")).or(text("url")).map_or(format!("`{side}`"), quoted)
        };
        let (left, right) = (name(self.left, "left"), name(self.right, "right"));
        let both = |member: &str| [self.left, self.right].map(|s| s.get(member).and_then(Value::as_str));
        let is_union = of == "union";
        let of_both = |mine: &[&'h str], theirs: &[&'h str]| {
            if is_union { union_of(mine, theirs) } else { common_of(mine, theirs) }
        };
        let formats = [self.left, self.right].map(|statement| formats(statement).collect::<Vec<&str>>());
        let texts = |list: fn(&Stated) -> &Vec<String>| {
            self.stated.each_ref().map(|side| list(side).iter().map(String::as_str).collect::<Vec<&str>>())
        };
        let (guides, systems) = (texts(|s| &s.guides), texts(|s| &s.systems));
        Head {
            title: format!("{of} of {left} and {right}"),
            description: match of {
                "union" => format!("what {left} or {right} lists"),
                _ => format!("what both {left} and {right} list"),
            },
            mode: if self.mode == Mode::ServerServer { "server" } else { "client" },
            date: both("date").into_iter().flatten().max(),
            formats: of_both(&formats[0], &formats[1]),
            guides: of_both(&guides[0], &guides[1]),
            systems: of_both(&systems[0], &systems[1]),
            documentation: notes.documentation(is_union),
        }
    }
}

/// The name of a search parameter.
fn parameter(item: &Item) -> Option<&str> {
    match item {
        Item::SearchParam { name, .. } => Some(name),
        _ => None,
    }
}

fn union_of<'f>(left: &[&'f str], right: &[&'f str]) -> Vec<&'f str> {
    let own: FxHashSet<&str> = left.iter().copied().collect();
    left.iter().chain(right.iter().filter(|f| !own.contains(*f))).copied().collect()
}

fn common_of<'f>(left: &[&'f str], right: &[&'f str]) -> Vec<&'f str> {
    let others: FxHashSet<&str> = right.iter().copied().collect();
    left.iter().filter(|f| others.contains(*f)).copied().collect()
}

/// The formats of a statement that R4 can say; no statement has more than a few.
fn formats(statement: &Value) -> impl Iterator<Item = &str> {
    const KNOWN: [&str; 7] =
        ["json", "xml", "ttl", "application/fhir+json", "application/fhir+xml", "application/json", "application/xml"];
    let listed = statement.get("format").and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<&str> = listed.filter_map(Value::as_str).take(100).collect();
    KNOWN.into_iter().filter(move |k| listed.contains(k))
}

fn by_key(agreement: &Agreement) -> BTreeMap<Key<'_>, Line<'_>> {
    lines(agreement).map(|line| (line.key(), line)).collect()
}

/// What its statement does not prohibit.
fn is_wanted(line: &Line<'_>) -> bool {
    line.row.client.is_none_or(|e| e.weight().is_some())
}

/// Without an expectation an item is required.
fn weight(expectation: Option<Expectation>) -> Weight {
    expectation.map_or(Weight::Shall, |e| e.weight().unwrap_or(Weight::May))
}

fn weaker(a: Option<Expectation>, b: Option<Expectation>) -> Option<Expectation> {
    if weight(b) < weight(a) { b } else { a }
}

fn stronger(a: Option<Expectation>, b: Option<Expectation>) -> Option<Expectation> {
    if weight(b) > weight(a) { b } else { a }
}
