//! Weighs the rows of an agreement, and marks those whose weight changes.

use super::{Weighed, Weighing};
use crate::agreement::Row;
use crate::reason::Reason;

impl Weighing<'_> {
    /// Gives a row of a type (`None`: of the system level) the weight that the script says.
    pub fn row(&self, resource_type: Option<&str>, row: &mut Row) {
        if self.script.is_none() {
            return;
        }
        let item = row.item.name();
        let of = Weighed {
            dimension: row.kind().name(),
            resource_type,
            item: &item,
            finding: row.finding,
            expectation: row.client,
            why: &row.why,
        };
        let to = self.weigh(row.weighs, &of);
        if to != row.weighs {
            row.why.push(Reason::PolicyScript);
            row.weighs = to;
        }
    }
}
