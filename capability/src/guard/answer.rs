//! The answers to allowed requests: each resource in them has to be within the scopes.

use std::collections::BTreeSet;

use fhir_accord_profiles::instance::{NameId, Node};

use super::access::{Access, Decision, Reason, State};
use super::asked::Asked;
use super::bundle::{self, entries};
use super::document::{Document, member, name, type_of};
use super::evidence::Evidence;
use super::grants::Carriers;
use super::judge::{Draft, Judge};
use super::limits::ANSWER_ENTRIES_LIMIT;
use super::refusal::refused;
use super::route::Route;
use super::searching::is_page;
use crate::scope::Permission;

/// The type of what tells how a request went.
const OUTCOME: &str = "OperationOutcome";

/// The type of what tells where resources come from; by its definition it is in the compartment of a patient that it
/// is about, and not of one whose Observation it is about.
const PROVENANCE: &str = "Provenance";

/// Whether a Provenance is about nothing but these resources.
fn is_of(provenance: Node<'_>, found: &BTreeSet<String>, evidence: &dyn Evidence) -> bool {
    let mut all = provenance.children_named(name("target")).peekable();
    let is_found = |target: Node<'_>| {
        member(target, name("reference")).is_some_and(|text| found.contains(evidence.relative(&text)))
    };
    all.peek().is_some() && all.all(is_found)
}

fn unjudged(text: &str) -> Reason {
    refused("answer-unjudged", text)
}

/// Why an included resource of a type may not be seen.
fn included(of: &str, reason: Reason) -> Reason {
    Reason { text: format!("{}; it is an included {of}: search without what includes it", reason.text), ..reason }
}

impl Judge<'_> {
    /// Whether an answer may be seen.
    pub(super) fn seen(&self, access: &Access<'_>, answer: &[u8]) -> Decision {
        let mut draft = Draft::default();
        let made = self.asked(access).and_then(|asked| {
            draft.interaction = Some(asked.route.code());
            draft.resource_type = asked.route.resource_type().map(str::to_owned);
            self.resources(access, &asked, answer, &mut draft)
        });
        draft.judges_answer = false;
        draft.done(made)
    }

    fn resources(
        &self,
        access: &Access<'_>,
        asked: &Asked<'_>,
        answer: &[u8],
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        // What was written is known to whoever wrote it; a patch may show more than that.
        let is_written = matches!(asked.route, Route::Create(_) | Route::Update(..) | Route::Delete(..));
        let says_nothing = answer.is_empty() && matches!(asked.route, Route::Patch(..));
        if matches!(asked.route, Route::Capabilities) || is_written || says_nothing {
            return Ok(());
        }
        let document = Document::read(answer, ("the answer", "answer-malformed"), self.interrupt)?;
        let root = document.root().ok_or_else(|| refused("answer-malformed", "the answer is empty"))?;
        self.root(access, asked, root, draft)
    }

    fn root(&self, access: &Access<'_>, asked: &Asked<'_>, root: Node<'_>, draft: &mut Draft) -> Result<(), Reason> {
        if type_of(root).as_deref() == Some(OUTCOME) {
            return Ok(());
        }
        match asked.route {
            Route::Read(own, _) | Route::Vread(own, _) | Route::Patch(own, _) => {
                draft.scope = Some(self.resource(root, Some(own), Permission::Read)?);
                Ok(())
            }
            Route::HistoryInstance(own, _) => self.listed(root, Some(own), Permission::Read, draft),
            Route::HistoryType(own) => self.listed(root, Some(own), Permission::Search, draft),
            Route::HistorySystem => self.listed(root, None, Permission::Search, draft),
            Route::SearchType(own) => self.searched(root, Some(own), draft),
            Route::SearchSystem if is_page(&asked.parameters) => self.paged(root, draft),
            Route::SearchSystem => self.searched(root, None, draft),
            Route::Bundle => self.responses(access, root, draft),
            Route::Operation(..) => self.returned(root, draft),
            _ => Ok(()),
        }
    }

    /// The scope that carries a resource of an answer.
    fn resource(&self, node: Node<'_>, wanted: Option<&str>, permission: Permission) -> Result<String, Reason> {
        let own = type_of(node).ok_or_else(|| unjudged("the answer has a resource without a type"))?;
        if wanted.is_some_and(|w| w != own) {
            return Err(unjudged("the answer is of another type than what was asked for"));
        }
        self.carried(&own, permission, node.raw_bytes())
    }

    /// The resources of a Bundle, with their entries.
    fn held<'n>(&self, root: Node<'n>) -> Result<Vec<(Node<'n>, Node<'n>)>, Reason> {
        if type_of(root).as_deref() != Some("Bundle") {
            return Err(unjudged("the answer is not a Bundle"));
        }
        let held = |entry: Node<'n>| {
            let resource = entry.child(NameId::RESOURCE).filter(|r| r.is_object());
            Some((entry, resource?))
        };
        let all = entries(root, ANSWER_ENTRIES_LIMIT, "the answer")?;
        let all: Option<Vec<_>> = all.into_iter().map(held).collect();
        all.ok_or_else(|| unjudged("the answer has an entry without a resource"))
    }

    /// A history: each version of each resource.
    fn listed(
        &self,
        root: Node<'_>,
        own: Option<&str>,
        permission: Permission,
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        for (_, resource) in self.held(root)? {
            draft.scope = Some(self.resource(resource, own, permission)?);
        }
        Ok(())
    }

    /// A searchset: what was searched for under the scope of a search, what is included under one to read.
    fn searched(&self, root: Node<'_>, own: Option<&str>, draft: &mut Draft) -> Result<(), Reason> {
        let all = self.held(root)?;
        if all.is_empty() && member(root, name("total")).is_some_and(|total| total != "0") {
            return Err(unjudged("a count without resources cannot be held against the scopes"));
        }
        let (mut found, mut origins) = (BTreeSet::new(), Vec::new());
        for (_, resource) in all {
            let of = type_of(resource).unwrap_or_default();
            if of == OUTCOME {
                continue;
            }
            if own.is_none_or(|own| own == of) {
                draft.scope = Some(self.resource(resource, own, Permission::Search)?);
                found.insert(format!("{of}/{}", member(resource, NameId::ID).unwrap_or_default()));
            } else if self.is_readable(&of) {
                match self.resource(resource, None, Permission::Read) {
                    Err(reason) if of == PROVENANCE => origins.push((resource, reason)),
                    read => drop(read.map_err(|reason| included(&of, reason))?),
                }
            } else {
                return Err(unjudged("the answer includes a type that the negotiation does not let be read"));
            }
        }
        // Where a resource comes from may be seen by whoever may see the resource.
        let carried = !matches!(self.grants.carriers(PROVENANCE, Permission::Read), Carriers::None(_));
        match origins.into_iter().find(|(origin, _)| !carried || !is_of(*origin, &found, self.evidence)) {
            Some((_, reason)) => Err(reason),
            None => Ok(()),
        }
    }

    /// A further page of a search: each resource as one that was searched for, or included.
    fn paged(&self, root: Node<'_>, draft: &mut Draft) -> Result<(), Reason> {
        let all = self.held(root)?;
        if all.is_empty() && member(root, name("total")).is_some_and(|total| total != "0") {
            return Err(unjudged("a count without resources cannot be held against the scopes"));
        }
        for (_, resource) in all {
            let of = type_of(resource).unwrap_or_default();
            if of == OUTCOME {
                continue;
            }
            let found = self.negotiated("search-type", Some(&of));
            let found = found.and_then(|()| self.resource(resource, None, Permission::Search));
            draft.scope = Some(match found {
                Err(_) if self.is_readable(&of) => self.resource(resource, None, Permission::Read)?,
                found => found?,
            });
        }
        Ok(())
    }

    /// The answer to a batch or a transaction: each entry as the answer to its request.
    fn responses(&self, access: &Access<'_>, root: Node<'_>, draft: &mut Draft) -> Result<(), Reason> {
        let asked = Document::read(self.body(access)?, ("the body", "body-malformed"), self.interrupt)?;
        let asked_root = asked.root().ok_or_else(|| refused("body-malformed", "the body is empty"))?;
        let (code, requests) = bundle::read(asked_root)?;
        draft.interaction = Some(code);
        if type_of(root).as_deref() != Some("Bundle") {
            return Err(unjudged("the answer is not a Bundle"));
        }
        let answers = entries(root, ANSWER_ENTRIES_LIMIT, "the answer")?;
        if answers.len() != requests.len() {
            return Err(unjudged("the answer has not as many entries as the request"));
        }
        for (request, answer) in requests.iter().zip(answers) {
            // An entry without a resource tells how it went.
            let Some(resource) = answer.child(NameId::RESOURCE) else { continue };
            let access = request.access(State::NotRead);
            self.root(&access, &self.asked(&access)?, resource, draft)?;
        }
        Ok(())
    }

    /// The answer of an operation: the resource, or those of a Bundle or of Parameters.
    fn returned(&self, root: Node<'_>, draft: &mut Draft) -> Result<(), Reason> {
        match type_of(root).as_deref() {
            Some("Bundle") => self.listed(root, None, Permission::Read, draft),
            Some("Parameters") => {
                let mut left: Vec<Node<'_>> = root.children_named(name("parameter")).collect();
                while let Some(parameter) = left.pop() {
                    self.go_on()?;
                    left.extend(parameter.children_named(name("part")));
                    if let Some(resource) = parameter.child(NameId::RESOURCE) {
                        draft.scope = Some(self.resource(resource, None, Permission::Read)?);
                    }
                }
                Ok(())
            }
            _ => {
                draft.scope = Some(self.resource(root, None, Permission::Read)?);
                Ok(())
            }
        }
    }
}
