//! Reports on instances as one page: inputs by verdict with their issues, and what the rules mean. What is shown of an
//! input is made where it is validated (`input.rs`); the page is put together once all are (`whole.rs`), in bounds.

mod bounds;
mod input;
mod issue;
mod rules;
mod section;
mod whole;

pub use self::input::{InputPart, input};
pub use self::whole::Page;
