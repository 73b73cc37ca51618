//! Takes requests one by one and keeps what they need.

use serde_json::Value;

use super::action::{Action, Asked, Use, action};
use super::address::{Address, Base};
use super::batch;
use super::format::formats;
use super::item::Item;
use super::limits::{BODY_BYTES, COMBINATION_LIMIT};
use super::needs::Needs;
use super::notice::{Kind, Notices};
use super::place::{Place, Source};
use super::query::Query;
use super::request::{Method, Request};
use super::statement;

/// What is known of a client so far.
///
/// ```
/// use fhir_accord_capability::client::{Part, Place, Recorder, Request};
///
/// let mut client = Recorder::new(None);
/// let log = client.source("app.log");
/// let request = Request { method: "GET", target: "/fhir/Patient?name:exact=Okafor", ..Request::default() };
/// client.request(&request, Place::new(log, Part::Line(1)));
/// let patient = &client.statement()["rest"][0]["resource"][0];
/// assert_eq!(patient["searchParam"][0]["name"], "name");
/// assert_eq!(patient["interaction"][0]["documentation"], "app.log: line 1");
/// ```
#[derive(Debug, Default)]
pub struct Recorder {
    base: Option<Base>,
    /// The base address of the first request that was read, where none is given.
    found: Option<Base>,
    sources: Vec<String>,
    needs: Needs,
    notices: Notices,
    formats: Vec<&'static str>,
}

/// One item for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `None` for the system.
    pub resource_type: Option<&'static str>,
    /// The item.
    pub item: Item,
    /// Where it was first seen.
    pub first: String,
    /// How often it was seen.
    pub count: u64,
}

impl Recorder {
    /// Nothing yet. With a base address only the requests below it are read; without one it is found by the part of a
    /// path before a resource type, `_history`, `metadata` or an operation.
    pub fn new(base: Option<Base>) -> Recorder {
        Recorder { base, ..Recorder::default() }
    }

    /// Names an input, for the places in it.
    pub fn source(&mut self, name: &str) -> Source {
        let known = self.sources.iter().position(|s| s == name);
        Source(known.unwrap_or_else(|| {
            self.sources.push(name.to_owned());
            self.sources.len() - 1
        }))
    }

    /// Adds what a request needs.
    pub fn request(&mut self, request: &Request<'_>, place: Place) {
        if let Err(kind) = self.read(request, place) {
            self.note(kind, place);
        }
    }

    /// Counts something that is not read.
    pub fn note(&mut self, kind: Kind, place: Place) {
        self.notices.add(kind, 1, place);
    }

    /// True while nothing is to be stated.
    pub fn is_empty(&self) -> bool {
        self.needs.records().is_empty()
    }

    /// What is needed, in the order in which it was first seen.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.needs.records().iter().map(|r| Row {
            resource_type: r.resource_type,
            item: r.item.clone(),
            first: r.first.describe(&self.sources),
            count: r.count,
        })
    }

    /// What is not stated: a line for each kind, with how many there are and where the first one is.
    pub fn notices(&self) -> Vec<String> {
        self.notices.lines(&self.sources)
    }

    /// The CapabilityStatement (R4). Its kind is `instance`, so that all that it lists is required.
    pub fn statement(&self) -> Value {
        statement::write(&self.needs, &self.formats, &self.sources)
    }

    /// Adds one item.
    pub(super) fn need(&mut self, resource_type: Option<&'static str>, item: Item, place: Place) {
        if !self.needs.add(resource_type, item, place) {
            self.note(Kind::Items, place);
        }
    }

    fn read(&mut self, request: &Request<'_>, place: Place) -> Result<(), Kind> {
        let method = Method::parse(request.method);
        let address = Address::parse(request.target).ok_or(Kind::NoType)?;
        let below = if address.relative || (place.nested.is_some() && address.host.is_none()) {
            Some(0)
        } else if let Some(base) = &self.base {
            Some(base.start_in(&address).ok_or(Kind::OtherAddress)?)
        } else {
            address.start()
        };
        let path: Vec<&str> = address.segments.iter().skip(below.unwrap_or(0)).map(AsRef::as_ref).collect();
        if method == Method::Post && place.nested.is_none() && (below.is_none() || path.is_empty()) {
            return self.batch(request, below, &address, place);
        }
        if below.is_none() {
            return Err(if method == Method::Options { Kind::Preflight } else { Kind::NoType });
        }
        let mut query = Query::default();
        query.add_text(address.query);
        let sends_form = method == Method::Post && path.last() == Some(&"_search");
        if sends_form {
            self.add_form(&mut query, request, place);
        }
        let condition = request.if_none_exist.filter(|_| method == Method::Post && path.len() == 1);
        condition.iter().for_each(|text| query.add_text(text.trim_start_matches('?')));
        let query = query.sorted();
        let asked = Asked {
            method,
            path: &path,
            has_criteria: !query.parameters.is_empty(),
            is_page: query.is_page,
            if_none_exist: condition.is_some(),
        };
        let action = action(&asked)?;
        self.keep_base(&address, below, place);
        self.keep_formats(request);
        self.keep(action, query, place);
        Ok(())
    }

    fn add_form(&mut self, query: &mut Query, request: &Request<'_>, place: Place) {
        request.fields.iter().for_each(|(name, value)| query.add(name, value));
        match request.body {
            Some(body) if body.len() > BODY_BYTES => self.note(Kind::BodyBytes, place),
            Some(body) => query.add_text(body.trim()),
            None if request.fields.is_empty() => self.note(Kind::SearchUnseen, place),
            None => {}
        }
    }

    /// A POST to the base address, or to an address of which nothing else is known.
    fn batch(
        &mut self,
        request: &Request<'_>,
        below: Option<usize>,
        address: &Address<'_>,
        place: Place,
    ) -> Result<(), Kind> {
        let body = request.body.ok_or(Kind::BodyUnseen)?;
        let (code, entries) = match batch::read(body) {
            Err(Kind::Body) if below.is_none() => return Err(Kind::NoType),
            read => read?,
        };
        self.keep_base(address, Some(address.segments.len()), place);
        self.keep_formats(request);
        self.need(None, Item::Interaction(code), place);
        for (entry, number) in entries.iter().zip(1..) {
            let place = Place { nested: Some(number), ..place };
            match entry {
                Some(step) => {
                    let condition = step.if_none_exist.as_deref();
                    let inner = Request { method: &step.method, target: &step.url, ..Request::default() };
                    self.request(&Request { if_none_exist: condition, ..inner }, place);
                }
                None => self.note(Kind::Entry, place),
            }
        }
        Ok(())
    }

    fn keep_base(&mut self, address: &Address<'_>, below: Option<usize>, place: Place) {
        let Some(below) = below.filter(|_| self.base.is_none() && !address.relative && place.nested.is_none()) else {
            return;
        };
        let base = address.base(below);
        match &self.found {
            Some(found) if !found.is(&base) => self.note(Kind::OtherBase, place),
            Some(_) => {}
            None => self.found = Some(base),
        }
    }

    fn keep_formats(&mut self, request: &Request<'_>) {
        for format in [request.accept, request.content_type].into_iter().flatten().flat_map(formats) {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
        }
    }

    fn keep(&mut self, action: Action, query: Query, place: Place) {
        let of = action.resource_type;
        self.need(of, action.item, place);
        if let Some(item) = action.besides {
            self.need(of, item, place);
        }
        if action.query == Use::Other {
            return;
        }
        self.notices.add(Kind::Nameless, query.nameless, place);
        if action.query == Use::Criteria {
            query.parameters.into_iter().for_each(|name| self.need(of, Item::Criterion(name), place));
            return;
        }
        self.notices.add(Kind::IncludeValue, query.include_faults, place);
        let combination = query.parameters.clone();
        query.parameters.into_iter().for_each(|name| self.need(of, Item::Parameter(name), place));
        match combination.len() {
            0 | 1 => {}
            2..=COMBINATION_LIMIT => self.need(of, Item::Combination(combination), place),
            _ => self.note(Kind::Combination, place),
        }
        query.includes.into_iter().for_each(|item| self.need(of, item, place));
        query.results.into_iter().for_each(|name| self.need(of, Item::ResultParameter(name), place));
    }
}
