//! Real answers of a server as evidence: reads instances, and holds those that speak for a required profile against it.
//! What comes out are counts, rules and places; no value of an instance.

mod asked;
mod files;
mod judge;
mod limits;
mod name;
mod paths;
mod total;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use fhir_accord_capability::Prepared;
use fhir_accord_capability::observed::Observed;

use self::asked::Asked;
use self::files::{Answers, answers};
use self::judge::InstanceJudge;
use self::total::{FileTotal, Total};
use crate::app::Known;

/// What real answers tell, and what was left out of a folder.
pub struct Observation {
    /// The evidence.
    pub observed: Observed,
    /// Files that are neither JSON nor NDJSON by their names.
    pub left_out: usize,
}

/// Holds the instances of a file or folder against the profiles that a client requires. Files are read in the order of
/// their names, JSON and NDJSON; a Bundle counts by its entries.
///
/// # Errors
/// A message where the file or folder cannot be read, holds no instances, or holds more than a bound allows.
pub fn observe(path: &Path, client: &Prepared, known: &Known) -> Result<Observation, String> {
    let Answers { files, left_out } = answers(path)?;
    let asked = Asked::of(client, known)?;
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<Option<FileTotal>>> = Mutex::new(files.iter().map(|_| None).collect());
    let work = || {
        let mut judge = InstanceJudge::new(&asked);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { break };
            let total = file.read(&mut judge, asked.all.len());
            if let Some(slot) = made.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
                *slot = Some(total);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(files.len().max(1));
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut all = Total::new(asked.all.len());
    for (at, file) in made.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().enumerate() {
        all.add(at + 1, file.unwrap_or_default());
    }
    Ok(Observation { observed: all.observed(&asked), left_out })
}
