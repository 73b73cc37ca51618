//! The negotiations between parties, in memory: of whom they are, and which are of documents that parties no longer
//! have.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde_json::{Value, json};

use super::link::{Endpoint, LinkNotes};
use super::record::instant;
use super::schedule::LEAST_SECONDS;

/// How long a negotiation that could not be made again waits, in seconds.
const AGAIN_SECONDS: u64 = LEAST_SECONDS;

/// The hash of the documents that a party has now; `None` where there is no such party, or it has no statement.
pub(super) type Hashes<'h> = dyn Fn(&str) -> Option<String> + 'h;

/// All negotiations between parties.
#[derive(Debug, Default)]
pub(super) struct Links {
    all: BTreeMap<String, Link>,
    /// How many each party is a side of; twice, where it is both.
    sides: BTreeMap<String, usize>,
    /// From when on there may be one that is out of date; `None`: not before something changes.
    look: Option<u64>,
    /// Where the last one was found: the next one is looked for behind it first.
    last: String,
}

/// A negotiation between parties.
#[derive(Clone, Debug)]
struct Link {
    client: Endpoint,
    server: Endpoint,
    at: u64,
    summary: Value,
    failure: Option<Failure>,
}

/// Why a negotiation could not be made again.
#[derive(Clone, Debug)]
struct Failure {
    kind: String,
    at: u64,
    /// Of which documents.
    of: [Option<String>; 2],
}

/// A negotiation that is to be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// Its id.
    pub id: String,
    /// The hashes of the documents that client and server had when it was found out of date.
    pub of: [Option<String>; 2],
}

/// A negotiation between parties, as a matrix lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// Its id.
    pub id: String,
    /// What is told of it.
    pub value: Value,
}

impl Links {
    pub fn add(&mut self, id: &str, notes: &LinkNotes) {
        let LinkNotes { client, server, at, summary, .. } = notes;
        self.remove(id);
        for end in [client, server] {
            *self.sides.entry(end.party.clone()).or_default() += 1;
        }
        let (client, server, summary) = (client.clone(), server.clone(), summary.clone());
        self.all.insert(id.to_owned(), Link { client, server, at: *at, summary, failure: None });
        self.look_again();
    }

    pub fn remove(&mut self, id: &str) {
        let Some(link) = self.all.remove(id) else { return };
        for end in [link.client, link.server] {
            if let Some(count) = self.sides.get_mut(&end.party) {
                *count -= 1;
                if *count == 0 {
                    self.sides.remove(&end.party);
                }
            }
        }
    }

    /// Some may be out of date: something changed.
    pub fn look_again(&mut self) {
        self.look = Some(0);
    }

    /// Notes that one could not be made again of the documents of which it was tried.
    pub fn failed(&mut self, tried: &Outdated, kind: &str, now: u64) {
        if let Some(link) = self.all.get_mut(&tried.id) {
            link.failure = Some(Failure { kind: kind.to_owned(), at: now, of: tried.of.clone() });
        }
        self.look_again();
    }

    /// One that is to be made again now.
    pub fn outdated(&mut self, now: u64, hashes: &Hashes<'_>) -> Option<Outdated> {
        self.look.filter(|from| now >= *from)?;
        let last = self.last.as_str();
        let (behind, before) = ((Bound::Excluded(last), Bound::Unbounded), (Bound::Unbounded, Bound::Included(last)));
        let links = self.all.range::<str, _>(behind).chain(self.all.range::<str, _>(before));
        let (mut found, mut next): (Option<Outdated>, Option<u64>) = (None, None);
        for (id, link) in links {
            let Some(from) = link.outdated_from(hashes) else { continue };
            if now >= from {
                found = Some(Outdated { id: id.clone(), of: link.hashes(hashes) });
                break;
            }
            next = Some(next.map_or(from, |next| next.min(from)));
        }
        match &found {
            Some(outdated) => self.last.clone_from(&outdated.id),
            None => self.look = next,
        }
        found
    }

    pub fn row(&self, id: &str, hashes: &Hashes<'_>) -> Option<LinkRow> {
        self.all.get(id).map(|link| link.row(id, hashes))
    }

    /// Up to `count` behind `after` of this client, or server, or both; and how many there are of them.
    pub fn rows(
        &self,
        [client, server]: [Option<&str>; 2],
        after: Option<&str>,
        count: usize,
        hashes: &Hashes<'_>,
    ) -> (Vec<LinkRow>, usize) {
        let is_of = |link: &Link| {
            client.is_none_or(|party| link.client.party == party)
                && server.is_none_or(|party| link.server.party == party)
        };
        let total = self.all.values().filter(|link| is_of(link)).count();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let page = self.all.range::<str, _>((from, Bound::Unbounded)).filter(|(_, link)| is_of(link)).take(count);
        (page.map(|(id, link)| link.row(id, hashes)).collect(), total)
    }

    /// How many a party is a side of.
    pub fn of(&self, party: &str) -> usize {
        self.sides.get(party).copied().unwrap_or_default()
    }
}

impl Link {
    /// The hashes of the documents that its parties have now.
    fn hashes(&self, hashes: &Hashes<'_>) -> [Option<String>; 2] {
        [hashes(&self.client.party), hashes(&self.server.party)]
    }

    /// From when on it may be made again, of other documents; `None` where it is of those that its parties have, or
    /// where one has none. What the same documents failed at fails again, but it may be the disk that was full.
    fn outdated_from(&self, hashes: &Hashes<'_>) -> Option<u64> {
        let now = self.hashes(hashes);
        let [Some(client), Some(server)] = &now else { return None };
        let is_outdated = *client != self.client.sha256 || *server != self.server.sha256;
        let from = match &self.failure {
            Some(failure) if failure.of == now => failure.at.saturating_add(AGAIN_SECONDS),
            _ => 0,
        };
        is_outdated.then_some(from)
    }

    fn row(&self, id: &str, hashes: &Hashes<'_>) -> LinkRow {
        let is_current = self.hashes(hashes) == [Some(self.client.sha256.clone()), Some(self.server.sha256.clone())];
        let failure = self.failure.as_ref().map(|f| json!({"at": instant(f.at), "kind": f.kind}));
        let mut value = json!({
            "id": id,
            "client": self.client.party,
            "server": self.server.party,
            "at": instant(self.at),
            "current": is_current,
            "lastFailure": failure,
        });
        if let (Some(members), Some(summary)) = (value.as_object_mut(), self.summary.as_object()) {
            members.extend(summary.clone());
        }
        LinkRow { id: id.to_owned(), value }
    }
}
