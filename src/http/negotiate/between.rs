//! Negotiations between parties: kept until they are deleted, made again when a statement changes, with what drifted.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Value, json};

use super::made::{Made, within_limit};
use crate::app::Complaint;
use crate::http::client::Client;
use crate::http::service::{Service, parsed, unless_damaged};
use crate::http::{Fault, content_type, media, paged};
use crate::parties::{BETWEEN, Endpoint, LinkNotes, id_of, instant, parties_of, resolved, summary, without_token};
use crate::store::StoreError;

/// How often a negotiation begins whose parties get other statements while it is made.
const ATTEMPTS: usize = 3;

/// What came of negotiating between parties.
enum Done {
    /// This is kept.
    Kept(String),
    /// A statement is another one meanwhile; what was kept is kept still.
    Overtaken,
    /// It was kept, and is no longer.
    Gone,
}

/// Negotiates between the parties of a request; on disk when this returns.
///
/// # Errors
/// 422 where a side is no party of the service, 409 where one has no statement yet, 503 where statements change faster
/// than they are negotiated, and as any negotiation.
pub(super) fn make(service: &Service, request: Value, interrupt: &Interrupt) -> Result<Made, Fault> {
    let request = without_token(request);
    let id = id_of(&request);
    for _ in 0..ATTEMPTS {
        if let Done::Kept(text) = service.negotiate_between(&id, &request, interrupt, false)? {
            return Ok(Made { id, text: text.into(), until: None });
        }
    }
    Err(Fault::busy("the statements of these parties change faster than they are negotiated; try again"))
}

/// The documents of the parties of a request, with their hashes.
fn sides(service: &Service, request: &Value) -> Result<[(Endpoint, Value); 2], Fault> {
    let names = ["/client", "/server"];
    let parties = parties_of(request);
    let side = |at: usize| -> Result<(Endpoint, Value), Fault> {
        let pointer = names.get(at).copied().unwrap_or_default();
        let refuse = |name, text: &str| Fault::refused(name, Complaint::at(pointer, text));
        let Some(party) = parties.get(at).copied().flatten() else {
            return Err(refuse("negotiation", "where one side is a party, the other one must be a party, too"));
        };
        let found = service.party(party)?.ok_or_else(|| refuse("party-unknown", "no party has this id"))?;
        let (notes, documents) = found;
        let text = "this party has no statement yet; see its state (GET /parties/…)";
        let sha256 = notes.sha256.ok_or_else(|| Fault::conflict(text))?;
        Ok((Endpoint { party: party.to_owned(), sha256 }, documents))
    };
    Ok([side(0)?, side(1)?])
}

impl Service {
    /// Makes a negotiation between parties again whose statements are others now. What came of it, for who counts:
    /// `made`, `overtaken` where it stays out of date, `gone`.
    ///
    /// # Errors
    /// As any negotiation; what was kept is kept still.
    pub(in crate::http) fn renew_between(&self, id: &str, interrupt: &Interrupt) -> Result<&'static str, Fault> {
        let found = self.store.negotiation_notes(id)?;
        if found.is_none() {
            self.parties.book.unlink(id);
            return Ok("gone");
        }
        let notes: LinkNotes = parsed(Ok(found))?;
        let request = without_token(notes.request);
        Ok(match self.negotiate_between(id, &request, interrupt, true)? {
            Done::Kept(_) => "made",
            Done::Overtaken => "overtaken",
            Done::Gone => "gone",
        })
    }

    /// Whether a party has these documents now. Nobody changes them as long as the lock of writing is held.
    fn is_current(&self, end: &Endpoint) -> bool {
        self.parties.book.sha256(&end.party).as_ref() == Some(&end.sha256)
    }

    /// Negotiates and keeps the result with what drifted from the one before; where it is to be made `only_again`, only
    /// if there is one.
    fn negotiate_between(
        &self,
        id: &str,
        request: &Value,
        interrupt: &Interrupt,
        only_again: bool,
    ) -> Result<Done, Fault> {
        let [(client, of_client), (server, of_server)] = sides(self, request)?;
        let body = resolved(request, &of_client, &of_server);
        let made = self.parts().negotiator.negotiate(body, interrupt);
        if interrupt.is_raised() {
            return Err(Fault::timeout(self.config.limits.work_timeout_ms));
        }
        let mut result = made.map_err(|e| Fault::refused("negotiation", e))?;
        let _one = self.parties.writing();
        if !self.is_current(&client) || !self.is_current(&server) {
            return Ok(Done::Overtaken);
        }
        let found = self.kept_between(id);
        if only_again && matches!(found, Ok(None)) {
            self.parties.book.unlink(id);
            return Ok(Done::Gone);
        }
        let old = unless_damaged(id, found)?;
        let at = self.seconds();
        // What is the same as before was made when it was made first.
        let same = old.as_ref().filter(|(notes, _)| notes.client == client && notes.server == server);
        label(&mut result, id, [&client, &server], same.map_or(at, |(notes, _)| notes.at));
        if let Some((notes, _)) = same.filter(|(_, kept)| *kept == result) {
            self.parties.book.link(id, notes);
            return within_limit(result.to_string()).map(Done::Kept);
        }
        label(&mut result, id, [&client, &server], at);
        let text = within_limit(result.to_string())?;
        let (drift, request) = (Vec::new(), request.clone());
        let mut notes = LinkNotes { client, server, request, at, summary: summary(&result), drift, forgotten: 0 };
        if let Some((older, before)) = old {
            notes.follow(older, &before, &result, self.config.limits.party_history);
        }
        let written = serde_json::to_vec(&notes).map_err(|e| StoreError::Record(e.to_string()))?;
        self.store.keep_noted_negotiation(id, &written, text.as_bytes())?;
        self.parties.book.link(id, &notes);
        Ok(Done::Kept(text))
    }

    /// What is kept of a negotiation between parties.
    fn kept_between(&self, id: &str) -> Result<Option<(LinkNotes, Value)>, StoreError> {
        let Some(notes) = self.store.negotiation_notes(id)? else { return Ok(None) };
        let text = self.store.negotiation(id)?.unwrap_or_default();
        let damaged = |e| StoreError::Record(format!("a negotiation does not read: {e}"));
        Ok(Some((parsed(Ok(Some(notes)))?, serde_json::from_slice(&text).map_err(damaged)?)))
    }
}

/// Says of a result between whom it was made, of which statements, and when.
fn label(result: &mut Value, id: &str, [client, server]: [&Endpoint; 2], at: u64) {
    let Some(members) = result.as_object_mut() else { return };
    let inputs = match members.get("between").and_then(|between| between.get("inputs")) {
        Some(inputs) => inputs.clone(),
        None => members.get("id").cloned().unwrap_or_default(),
    };
    members.insert("id".to_owned(), id.into());
    let between = json!({"client": client, "server": server, "inputs": inputs, "at": instant(at)});
    members.insert("between".to_owned(), between);
}

/// `GET /negotiate?client=ID&server=ID`: the negotiations of a party, as a matrix tells them.
pub(super) fn matrix(service: &Service, asked: &paged::Asked) -> Result<HttpResponse, Fault> {
    let of = |at: usize| asked.others.get(at).and_then(Option::as_deref);
    let sides = [of(0), of(1)];
    let book = &service.parties.book;
    let (mut rows, total) = book.rows(sides, asked.after.as_deref(), asked.count + 1);
    if total == 0 && sides.iter().flatten().any(|party| book.state(party).is_none()) {
        return Err(Fault::party_unknown());
    }
    let said = ["client", "server"].iter().zip(sides).filter_map(|(name, party)| Some((*name, party?)));
    let said: String = said.map(|(name, party)| format!("{name}={party}&")).collect();
    let count = asked.count;
    let next = paged::cut(&mut rows, count).map(|row| format!("/negotiate?{said}count={count}&after={}", row.id));
    let rows: Vec<Value> = rows.into_iter().map(|row| row.value).collect();
    let answer = json!({"total": total, "negotiations": rows, "next": next});
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(answer.to_string()))
}

/// `GET /negotiate/{id}/drift`: what got better and worse each time a statement changed, the newest first.
pub(in crate::http) async fn drift(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    media::json(&req)?;
    let id = path.into_inner();
    let shared = Arc::clone(&service);
    let work = move |_: &Interrupt| -> Result<String, Fault> {
        if !id.starts_with(BETWEEN) {
            return Err(Fault::not_found("only negotiations between parties drift; their ids begin with `between-`"));
        }
        let found = shared.store.negotiation_notes(&id)?.ok_or_else(Fault::negotiation_unknown)?;
        let notes: LinkNotes = parsed(Ok(Some(found)))?;
        let mut told = shared.parties.book.row(&id).map(|row| row.value).unwrap_or_else(|| json!({"id": id}));
        if let Some(members) = told.as_object_mut() {
            members.insert("drift".to_owned(), notes.drift.into_iter().rev().collect());
            members.insert("forgotten".to_owned(), notes.forgotten.into());
        }
        within_limit(told.to_string())
    };
    let text = service.pool.run(Client::asking(&req), work).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}
