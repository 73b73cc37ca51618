//! Batches and transactions, entry by entry (<https://hl7.org/fhir/R4/http.html#transaction>).

use fhir_accord_profiles::instance::{Kind, NameId, Node};

use super::access::{Access, Decision, Method, Reason, State, Verdict};
use super::document::{Document, member, name, type_of};
use super::judge::{Draft, Judge};
use super::limits::ENTRIES_LIMIT;
use super::query::Parameter;
use super::refusal::{beyond, refused};

/// One entry of a batch or a transaction.
pub(super) struct Entry<'b> {
    method: Method,
    url: String,
    if_none_exist: Option<String>,
    full_url: Option<String>,
    resource: Option<&'b [u8]>,
}

impl Entry<'_> {
    /// What is written: the path of a resource, or the whole address of what a query selects.
    fn target(&self) -> &str {
        self.url.split('?').next().filter(|path| path.contains('/')).unwrap_or(&self.url)
    }

    /// The entry as a request of its own.
    pub(super) fn access<'e>(&'e self, old: State<'e>) -> Access<'e> {
        Access {
            method: self.method,
            url: &self.url,
            if_none_exist: self.if_none_exist.as_deref(),
            content_type: None,
            body: self.resource,
            old,
        }
    }
}

fn malformed(text: impl Into<String>) -> Reason {
    refused("bundle-malformed", text)
}

/// The entries of a Bundle, within a bound.
pub(super) fn entries<'t>(root: Node<'t>, limit: usize, what: &str) -> Result<Vec<Node<'t>>, Reason> {
    let all = root.children_named(name("entry")).filter(|n| n.kind() != Kind::EmptyArray);
    let all: Vec<Node<'t>> = all.take(limit + 1).collect();
    match all.len() > limit {
        true => Err(beyond(&format!("{what} has more entries than are judged"), limit)),
        false => Ok(all),
    }
}

/// The requests of a batch or a transaction, with its interaction.
pub(super) fn read<'b>(root: Node<'b>) -> Result<(&'static str, Vec<Entry<'b>>), Reason> {
    if type_of(root).as_deref() != Some("Bundle") {
        return Err(malformed("the body is not a Bundle"));
    }
    let code = match member(root, NameId::TYPE).as_deref() {
        Some("batch") => "batch",
        Some("transaction") => "transaction",
        _ => return Err(malformed("the Bundle is neither a batch nor a transaction")),
    };
    let all = entries(root, ENTRIES_LIMIT, "the Bundle")?;
    Ok((code, all.into_iter().map(entry).collect::<Result<_, _>>()?))
}

fn entry(node: Node<'_>) -> Result<Entry<'_>, Reason> {
    let request = node.child(name("request")).filter(|r| r.is_object());
    let request = request.ok_or_else(|| malformed("an entry has no request"))?;
    let method = member(request, name("method")).and_then(|m| Method::parse(&m));
    let method = method.ok_or_else(|| malformed("the request of an entry has no method of FHIR"))?;
    let url = member(request, name("url")).ok_or_else(|| malformed("the request of an entry has no url"))?;
    let resource = match node.child(NameId::RESOURCE) {
        Some(held) if !held.is_object() => return Err(malformed("the resource of an entry is not an object")),
        held => held.map(Node::raw_bytes),
    };
    let if_none_exist = match request.child(name("ifNoneExist")) {
        Some(_) => {
            let query = member(request, name("ifNoneExist"));
            Some(query.ok_or_else(|| malformed("the `ifNoneExist` of an entry is not a text"))?)
        }
        None => None,
    };
    let full_url = node.child(name("fullUrl")).map(|_| member(node, name("fullUrl")).unwrap_or_default());
    Ok(Entry { method, url, if_none_exist, full_url, resource })
}

impl Judge<'_> {
    /// The batch or the transaction as a whole: one refused entry refuses it.
    pub(super) fn bundle(&self, access: &Access<'_>, all: &[Parameter], draft: &mut Draft) -> Result<(), Reason> {
        super::asked::only(all, &[])?;
        let document = Document::read(self.body(access)?, ("the body", "body-malformed"), self.interrupt)?;
        let root = document.root().ok_or_else(|| malformed("the body is empty"))?;
        let (code, entries) = read(root)?;
        draft.interaction = Some(code);
        self.negotiated(code, None)?;
        let olds = match access.old {
            State::Resource(text) => Some(Document::read(text, ("the old states", "body-malformed"), self.interrupt)?),
            _ => None,
        };
        let states = olds.as_ref().map(|olds| self.states(olds, entries.len())).transpose()?;
        let mut written: Vec<&str> = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            let state = states.as_ref().and_then(|s| s.get(i)).copied().unwrap_or_default();
            let made = self.entry(entry, state);
            if !matches!(entry.method, Method::Get | Method::Head | Method::Post) {
                written.push(entry.target());
            }
            draft.entries.push(made);
        }
        let count = written.len();
        written.sort_unstable();
        written.dedup();
        if written.len() < count {
            return Err(malformed("two entries write the same resource"));
        }
        summarise(draft)
    }

    fn entry(&self, entry: &Entry<'_>, state: State<'_>) -> Decision {
        let as_draft = |reason| Draft::default().done(Err(reason));
        if let Err(reason) = self.go_on() {
            return as_draft(reason);
        }
        if let Err(reason) = self.placed(entry) {
            return as_draft(reason);
        }
        if entry.method == Method::Patch {
            let text = "what a patch in a batch or a transaction makes of the resource cannot be computed";
            return Draft { interaction: Some("patch"), ..Draft::default() }.done(Err(refused("patch-unjudged", text)));
        }
        self.decide(&entry.access(state), true)
    }

    /// A server replaces references to the id that a created resource has here by the one that it gives, and those to
    /// its `fullUrl` by where it is, so that what refers to one resource would refer to another one.
    fn placed(&self, entry: &Entry<'_>) -> Result<(), Reason> {
        if !self.grants.has_limits() {
            return Ok(());
        }
        let url = entry.url.split('?').next().unwrap_or_default();
        let is_chosen = entry.method == Method::Post || entry.url.contains('?');
        let is_own = |full: &String| {
            let is_urn = full.starts_with("urn:uuid:") || full.starts_with("urn:oid:");
            let is_there = || full.strip_suffix(url).is_some_and(|base| base.is_empty() || base.ends_with('/'));
            is_urn || !is_chosen && (entry.method != Method::Put || is_there())
        };
        if entry.full_url.as_ref().is_some_and(|full| !is_own(full)) {
            let text = "an entry has a `fullUrl` that is neither `urn:uuid:…` nor where it is written: references to \
                        it would lead elsewhere than they say";
            return Err(malformed(text));
        }
        // A compartment is that of a Patient; a filter may name any resource.
        let counts = entry.method == Method::Post && (url == "Patient" || self.grants.has_filter());
        let Some(body) = entry.resource.filter(|_| counts && self.evidence.knows_type(url)) else { return Ok(()) };
        match self.head(body, url, "the body")?.id {
            None => Ok(()),
            Some(_) => Err(malformed("a resource that is created has an id: references to it would lead elsewhere")),
        }
    }

    /// The old states of the entries: the entries of a Bundle, in the same order; one without a resource says that
    /// there is none.
    fn states<'o>(&self, olds: &'o Document<'o>, count: usize) -> Result<Vec<State<'o>>, Reason> {
        let root = olds.root().filter(|r| type_of(*r).as_deref() == Some("Bundle"));
        let all =
            entries(root.ok_or_else(|| malformed("the old states are not a Bundle"))?, ENTRIES_LIMIT, "the Bundle")?;
        if all.len() != count {
            return Err(malformed("there are not as many old states as entries"));
        }
        let state = |n: Node<'o>| match n.child(NameId::RESOURCE) {
            Some(resource) if resource.is_object() => Ok(State::Resource(resource.raw_bytes())),
            Some(_) => Err(malformed("an old state is not an object")),
            None => Ok(State::Absent),
        };
        all.into_iter().map(state).collect()
    }
}

/// What the entries make of the whole.
fn summarise(draft: &mut Draft) -> Result<(), Reason> {
    let refusal = draft.entries.iter().enumerate().find(|(_, d)| d.verdict == Verdict::Refused);
    if let Some((i, decision)) = refusal {
        let why = decision.why.first();
        let (rule, text) = why.map_or(("unknown", "no reason"), |r| (r.rule, r.text.as_str()));
        let text = format!("entry {i} is refused ({rule}): {text}");
        draft.issues = decision.issues.clone();
        return Err(refused("entry-refused", text));
    }
    draft.needs_old = draft.entries.iter().any(|d| d.verdict == Verdict::NeedsOld);
    draft.judges_answer = draft.entries.iter().any(|d| d.verdict == Verdict::JudgeAnswer);
    Ok(())
}
