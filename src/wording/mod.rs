//! What is said of an agreement in whatever form it is written: words for its values, what works, what does not work
//! and what to do, remarks that say the same. Text and pages are made of it.

mod groups;
mod observed;
mod profiles;
mod remarks;
pub mod words;
mod works;

pub use groups::{Group, cell_groups, groups, help};
pub use observed::{observed_line, place_words, rule_words, totals_line};
pub use profiles::profiles_part;
pub use remarks::{Remark, remarks};
pub use works::{Works, works};
