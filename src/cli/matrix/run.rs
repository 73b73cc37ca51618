//! Each client with each server, on all cores.

use std::thread;

use super::super::terms::TermsArgs;
use super::members::{Members, ReadMember};
use crate::app::{Effort, Entrant, Known, NoMatrix, matrix};
use crate::capability::Terms;
use crate::capability::issue::Party;
use crate::capability::matrix::{CELLS_LIMIT, Matrix, ROWS_LIMIT};

/// Negotiates all pairs; each statement is read once.
pub(super) fn negotiate(
    clients: &Members,
    servers: &Members,
    args: &TermsArgs,
    known: &Known,
) -> Result<Matrix, String> {
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
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let effort = Effort { pairs: CELLS_LIMIT, rows: ROWS_LIMIT, threads, interrupt: Default::default() };
    let made = matrix(entrants(clients), entrants(servers), &terms, known, &effort);
    made.map_err(|e| match e {
        NoMatrix::Bound(text) => text,
        NoMatrix::Side(party, at, error) => {
            let members = if party == Party::Client { clients } else { servers };
            let from = members.0.get(at).map(|m| m.read.from.as_str()).unwrap_or_default();
            format!("`{from}`: {error}")
        }
    })
}

fn entrants(members: &Members) -> Vec<Entrant<'_>> {
    members.0.iter().map(entrant).collect()
}

fn entrant(m: &ReadMember) -> Entrant<'_> {
    Entrant {
        name: m.name.clone(),
        side: &m.read.side,
        from: Some(&m.read.from),
        smart: m.smart.as_ref().map(|(from, value)| (from.as_str(), value)),
    }
}
