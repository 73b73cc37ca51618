//! What members of a matrix are called, what a cell's verdict is, and which pairs tell their reasons.

use crate::capability::agreement::Verdict;
use crate::capability::matrix::{Cell, Matrix, Member};
use crate::capability::reason::Reason;
use crate::page::bounds::{CLIENTS, PAIRS, SERVERS, SERVERS_NAMED};
use crate::page::chip::{Chip, Tone};
use crate::page::text::Shown;
use crate::page::verdict_words;

/// What a cell comes to: its verdict, or that there is no FHIR version in common. With what that means.
pub fn outcome(cell: &Cell) -> (Chip, &'static str) {
    match cell.fhir_version {
        Some(_) => (cell.verdict.into(), verdict_words(cell.verdict).1),
        None if cell.whole.contains(&Reason::FhirVersion) => {
            (Chip::new("other version", Tone::Bad), "They differ in their FHIR version.")
        }
        None => (Chip::new("version unknown", Tone::Open), "Whether they speak the same FHIR version is unknown."),
    }
}

/// `FHIR 4.0`, or that it is not known.
pub fn version(member: &Member) -> String {
    member.fhir_version.as_ref().map_or_else(|| "not known".to_owned(), |version| format!("FHIR {version}"))
}

/// The title of a statement with its version; empty where it has neither, or is called so already.
pub fn title(member: &Member) -> String {
    let title = member.info.title.as_deref().filter(|t| *t != member.name);
    [title, member.info.version.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", version ")
}

/// `a, b and 3 more`; empty where there is none.
pub fn listed(matrix: &Matrix, places: &[usize]) -> String {
    let members = places.iter().filter_map(|place| matrix.servers.get(*place));
    let names: Vec<String> = members.take(SERVERS_NAMED).map(|s| Shown::name(&s.name).to_string()).collect();
    match places.len().saturating_sub(SERVERS_NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The same after their number; a dash where there is none.
pub fn servers(matrix: &Matrix, places: &[usize]) -> String {
    match places.len() {
        0 => "-".to_owned(),
        number => format!("{number}: {}", listed(matrix, places)),
    }
}

/// The id of what a pair tells.
pub fn pair(client: usize, server: usize) -> String {
    format!("p{client}-{server}")
}

/// Which pairs tell their reasons: the first ones that are not compatible, server by server.
pub struct Told {
    /// The places of the clients, for each server.
    of: Vec<Vec<usize>>,
    /// How many pairs are left out.
    pub more: usize,
}

impl Told {
    /// Of a matrix.
    pub fn of(matrix: &Matrix) -> Told {
        let mut told = Told { of: vec![Vec::new(); matrix.servers.len()], more: 0 };
        let mut left = PAIRS;
        for (server, clients) in told.of.iter_mut().enumerate() {
            for client in 0..matrix.clients.len() {
                let is_open = matrix.cell(client, server).is_some_and(|cell| cell.verdict != Verdict::Compatible);
                if is_open && left > 0 && server < SERVERS && client < CLIENTS {
                    clients.push(client);
                    left -= 1;
                } else {
                    told.more += usize::from(is_open);
                }
            }
        }
        told
    }

    /// Whether no pair does.
    pub fn is_empty(&self) -> bool {
        self.of.iter().all(Vec::is_empty)
    }

    /// The clients that tell their reasons with a server.
    pub fn clients(&self, server: usize) -> &[usize] {
        self.of.get(server).map_or(&[], Vec::as_slice)
    }

    /// Whether a pair tells its reasons.
    pub fn has(&self, client: usize, server: usize) -> bool {
        self.clients(server).binary_search(&client).is_ok()
    }
}
