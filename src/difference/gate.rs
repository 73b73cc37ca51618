//! Which level a report reaches: what a gate for breaking changes asks.

use super::report::Report;
use super::status::Status;
use crate::profiles::difference::Level;

/// The worst level of a report; `None` where nothing is different. A profile that is gone takes its demands with it; a
/// new one demands nothing of old data.
pub fn worst(report: &Report) -> Option<Level> {
    let confirmed = report.profiles.iter().flat_map(|p| {
        let of = |status: Status, level: Level| (status == Status::Confirmed).then_some(level);
        [of(p.writer.status, Level::Writer), of(p.reader.status, Level::Reader)].into_iter().flatten()
    });
    let changes = report.profiles.iter().flat_map(|p| &p.changes).map(|c| c.weight);
    let removed = report.removed.iter().map(|_| Level::Reader);
    let added = report.added.iter().map(|_| Level::Documentation);
    confirmed.chain(changes).chain(removed).chain(added).max()
}
