//! Clients beside many servers: what each server has of what a client needs, what all of them have, what is missing
//! where, and the one change that unlocks most servers.
//!
//! [`Cell::of`] keeps of one negotiation what a matrix tells; [`Matrix::of`] puts all of them together.

mod cell;
mod change;
mod client;
mod lack;
mod limits;
mod options;

pub use cell::{Cell, CellProfile, CellRow, TypeCell, Works};
pub use change::{Change, Trial};
pub use client::{ClientReport, TypeCoverage};
pub use lack::{CommonItems, Lack};
pub use limits::{CELLS_LIMIT, MATRIX_PAIRS, MATRIX_ROWS, ROWS_LIMIT};

use serde::Serialize;

use crate::agreement::Verdict;
use crate::parties::PartyInfo;

/// A side of a matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Member {
    /// What it is called in the matrix; no two clients, and no two servers, have the same name.
    pub name: String,
    /// What its statement says of itself.
    #[serde(flatten)]
    pub info: PartyInfo,
    /// The FHIR release that its statement names, as `4.0`.
    #[serde(rename = "fhirVersion")]
    pub fhir_version: Option<String>,
    /// Where the SMART configuration of a server came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smart: Option<String>,
}

/// Every client with every server.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// The version of this program.
    pub accord: &'static str,
    /// Who requires, in the order in which they were given.
    pub clients: Vec<Member>,
    /// Who offers, in the order in which they were given.
    pub servers: Vec<Member>,
    /// One for each client and server: the first client's in the order of the servers, then the next one's.
    pub cells: Vec<Cell>,
    /// What the cells of each client come to, in the order of the clients.
    pub reports: Vec<ClientReport>,
}

impl Matrix {
    /// What these cells come to: one for each client and server, the first client's first. `negotiate` negotiates once
    /// more with a change made, to confirm what the change unlocks.
    pub fn of(
        clients: Vec<Member>,
        servers: Vec<Member>,
        cells: Vec<Cell>,
        negotiate: &mut dyn FnMut(&Trial<'_>) -> Verdict,
    ) -> Matrix {
        let rows = cells.chunks(servers.len().max(1));
        let reports = rows.enumerate().map(|(client, cells)| ClientReport::of(client, cells, negotiate)).collect();
        Matrix { accord: env!("CARGO_PKG_VERSION"), clients, servers, cells, reports }
    }

    /// The cell of a client and a server, by their places.
    pub fn cell(&self, client: usize, server: usize) -> Option<&Cell> {
        let at = client.checked_mul(self.servers.len())?.checked_add(server)?;
        self.cells.get(at).filter(|_| server < self.servers.len())
    }
}
