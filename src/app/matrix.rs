//! Each client with each server; every statement is brought to its normal form once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use fhir_accord_capability::agreement::Verdict;
use fhir_accord_capability::issue::Party;
use fhir_accord_capability::matrix::{Cell, Matrix, Member, Trial};
use fhir_accord_capability::{Definitions, NegotiateError, Prepared, Side, Terms, between};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::known::{Known, Session};

/// A client or a server of a matrix.
pub struct Entrant<'m> {
    /// What it is called; of several with one name the later ones are numbered.
    pub name: String,
    /// Its statement, or its guide.
    pub side: &'m Side,
    /// The file or address that its statement came from.
    pub from: Option<&'m str>,
    /// The SMART configuration of a server, with where it came from.
    pub smart: Option<(&'m str, &'m Value)>,
}

/// What a matrix may take.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Pairs of a client and a server.
    pub pairs: usize,
    /// Rows of all cells together.
    pub rows: usize,
    /// Threads that negotiate.
    pub threads: usize,
    /// Breaks it off.
    pub interrupt: Interrupt,
}

/// Why there is no matrix.
#[derive(Clone, Debug)]
pub enum NoMatrix {
    /// A side cannot be read; its mode and its place among those of its mode.
    Side(Party, usize, NegotiateError),
    /// A bound of its effort: what to say.
    Bound(String),
}

/// A side in normal form.
struct Ready<'m> {
    member: Member,
    prepared: Prepared,
    smart: Option<&'m Value>,
}

/// Negotiates all pairs. Where its interrupt is raised, what it gives is incomplete.
///
/// # Errors
/// Where a side is no statement or its guide is not loaded, or there is more of it than the effort allows.
pub fn matrix(
    clients: Vec<Entrant<'_>>,
    servers: Vec<Entrant<'_>>,
    terms: &Terms<'_>,
    known: &Known,
    effort: &Effort,
) -> Result<Matrix, NoMatrix> {
    let pairs = clients.len().saturating_mul(servers.len());
    if pairs > effort.pairs {
        let text = format!("{pairs} pairs of a client and a server; compare at most {} at once", effort.pairs);
        return Err(NoMatrix::Bound(text));
    }
    let session = known.session_under(&effort.interrupt);
    let clients = ready(clients, Party::Client, &session)?;
    let servers = ready(servers, Party::Server, &session)?;
    let cells = cells(&clients, &servers, terms, known, effort)?;
    let mut again = |trial: &Trial<'_>| tried(trial, &clients, &servers, terms, &session);
    let members = |all: &[Ready<'_>]| all.iter().map(|r| r.member.clone()).collect();
    Ok(Matrix::of(members(&clients), members(&servers), cells, &mut again))
}

/// The verdict with a change made.
fn tried(
    trial: &Trial<'_>,
    clients: &[Ready<'_>],
    servers: &[Ready<'_>],
    terms: &Terms<'_>,
    session: &Session<'_>,
) -> Verdict {
    let (Some(client), Some(server)) = (clients.get(trial.client), servers.get(trial.server)) else {
        return Verdict::Incompatible;
    };
    let without = [terms.without, trial.without].concat();
    let scope = trial.scope.or(terms.scope);
    let terms = Terms { without: &without, scope, smart: server.smart, ..*terms };
    between(&client.prepared, &server.prepared, &terms, session).verdict
}

fn ready<'m>(all: Vec<Entrant<'m>>, party: Party, definitions: &dyn Definitions) -> Result<Vec<Ready<'m>>, NoMatrix> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let one = |(at, entrant): (usize, Entrant<'m>)| {
        let prepared = Prepared::new(entrant.side, party, entrant.from, definitions);
        let prepared = prepared.map_err(|e| NoMatrix::Side(party, at, e))?;
        let member = Member {
            name: apart(entrant.name, &mut taken),
            info: prepared.info().clone(),
            fhir_version: prepared.release(),
            smart: entrant.smart.map(|(from, _)| from.to_owned()),
        };
        Ok(Ready { member, prepared, smart: entrant.smart.map(|(_, value)| value) })
    };
    all.into_iter().enumerate().map(one).collect()
}

/// A name that nobody has yet.
fn apart(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut numbers = (2..).map(|number| format!("{name} ({number})"));
    let mut own = name.clone();
    while !taken.insert(own.clone()) {
        let Some(next) = numbers.next() else { break };
        own = next;
    }
    own
}

/// The cells, the first client's first. Each thread takes the next pair that nobody has taken: a server's with every
/// client before the next server's, because clients seldom ask the same of definitions.
fn cells(
    clients: &[Ready<'_>],
    servers: &[Ready<'_>],
    terms: &Terms<'_>,
    known: &Known,
    effort: &Effort,
) -> Result<Vec<Cell>, NoMatrix> {
    let pairs = clients.len() * servers.len();
    let (next, rows) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let made: Mutex<Vec<Option<Cell>>> = Mutex::new((0..pairs).map(|_| None).collect());
    let work = || {
        let session = known.session_under(&effort.interrupt);
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= pairs {
                break;
            }
            let (client_at, server_at) = (turn % clients.len(), turn / clients.len());
            let (Some(client), Some(server)) = (clients.get(client_at), servers.get(server_at)) else { break };
            let terms = Terms { smart: server.smart, ..*terms };
            let cell = Cell::of(&between(&client.prepared, &server.prepared, &terms, &session));
            if rows.fetch_add(cell.rows.len(), Ordering::Relaxed) > effort.rows {
                break;
            }
            if let Some(slot) =
                made.lock().unwrap_or_else(PoisonError::into_inner).get_mut(client_at * servers.len() + server_at)
            {
                *slot = Some(cell);
            }
        }
    };
    let threads = effort.threads.min(pairs.max(1));
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    let all: Option<Vec<Cell>> = made.into_iter().collect();
    let bound = || format!("more than {} requirements over all pairs; compare fewer servers at once", effort.rows);
    all.ok_or_else(|| NoMatrix::Bound(bound()))
}
