//! Each client with each server, on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use super::super::terms::TermsArgs;
use super::members::{Members, ReadMember};
use crate::app::Known;
use crate::capability::agreement::Verdict;
use crate::capability::issue::Party;
use crate::capability::matrix::{CELLS_LIMIT, Cell, Matrix, Member, ROWS_LIMIT, Trial};
use crate::capability::{Definitions, NegotiateError, Prepared, Terms, between};

/// A side in normal form.
struct Ready<'m> {
    member: Member,
    prepared: Prepared,
    smart: Option<&'m Value>,
}

/// Negotiates all pairs; each statement is read once.
pub(super) fn negotiate(
    clients: &Members,
    servers: &Members,
    args: &TermsArgs,
    known: &Known,
) -> Result<Matrix, String> {
    let pairs = clients.0.len().saturating_mul(servers.0.len());
    if pairs > CELLS_LIMIT {
        return Err(format!("{pairs} pairs of a client and a server; compare at most {CELLS_LIMIT} at once"));
    }
    let (policy, script) = args.policy()?;
    let terms = Terms {
        smart: None,
        scope: args.scope.as_deref(),
        flow: args.flow(),
        client_type: args.client_type(),
        need: &args.need,
        without: &args.without,
        weigh: args.weigh(),
        policy: &policy,
        script: script.as_deref(),
        observed: None,
    };
    let session = known.session();
    let clients = ready(clients, Party::Client, &session)?;
    let servers = ready(servers, Party::Server, &session)?;
    let cells = cells(&clients, &servers, &terms, known)?;
    let mut again = |trial: &Trial<'_>| {
        let (Some(client), Some(server)) = (clients.get(trial.client), servers.get(trial.server)) else {
            return Verdict::Incompatible;
        };
        let without = [terms.without, trial.without].concat();
        let scope = trial.scope.or(terms.scope);
        let terms = Terms { without: &without, scope, smart: server.smart, ..terms };
        between(&client.prepared, &server.prepared, &terms, &session).verdict
    };
    let members = |all: &[Ready<'_>]| all.iter().map(|r| r.member.clone()).collect();
    Ok(Matrix::of(members(&clients), members(&servers), cells, &mut again))
}

fn ready<'m>(all: &'m Members, party: Party, definitions: &dyn Definitions) -> Result<Vec<Ready<'m>>, String> {
    let one = |m: &'m ReadMember| {
        let named = |e: NegotiateError| format!("`{}`: {e}", m.read.from);
        let prepared = Prepared::new(&m.read.side, party, Some(&m.read.from), definitions).map_err(named)?;
        let member = Member {
            name: m.name.clone(),
            info: prepared.info().clone(),
            fhir_version: prepared.release(),
            smart: m.smart.as_ref().map(|(from, _)| from.clone()),
        };
        Ok(Ready { member, prepared, smart: m.smart.as_ref().map(|(_, value)| value) })
    };
    all.0.iter().map(one).collect()
}

/// The cells, the first client's first. Each thread takes the next pair that nobody has taken: a server's with every
/// client before the next server's, because clients seldom ask the same of definitions.
fn cells(clients: &[Ready<'_>], servers: &[Ready<'_>], terms: &Terms<'_>, known: &Known) -> Result<Vec<Cell>, String> {
    let pairs = clients.len() * servers.len();
    let (next, rows) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let made: Mutex<Vec<Option<Cell>>> = Mutex::new((0..pairs).map(|_| None).collect());
    let work = || {
        let session = known.session();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= pairs {
                break;
            }
            let (client_at, server_at) = (turn % clients.len(), turn / clients.len());
            let (Some(client), Some(server)) = (clients.get(client_at), servers.get(server_at)) else { break };
            let terms = Terms { smart: server.smart, ..*terms };
            let cell = Cell::of(&between(&client.prepared, &server.prepared, &terms, &session));
            if rows.fetch_add(cell.rows.len(), Ordering::Relaxed) > ROWS_LIMIT {
                break;
            }
            if let Some(slot) =
                made.lock().unwrap_or_else(PoisonError::into_inner).get_mut(client_at * servers.len() + server_at)
            {
                *slot = Some(cell);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(pairs.max(1));
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    let all: Option<Vec<Cell>> = made.into_iter().collect();
    all.ok_or_else(|| format!("more than {ROWS_LIMIT} requirements over all pairs; compare fewer servers at once"))
}
