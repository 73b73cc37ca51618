//! What a run tells: as data, as text, as Markdown, as JUnit.

mod data;
mod junit;
mod markdown;
mod text;

pub(super) use data::percent;
pub use data::{Coverage, Instance, Missing, Part, Profile, Report, Result, Rule, Rules, Tests, Totals};
pub use junit::junit;
pub use markdown::markdown;
pub use text::text;
