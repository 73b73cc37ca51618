//! One room a rule: its check over values, and what it finds. Knows nothing of definitions or the registry.

pub mod native;
pub mod primitive;
pub mod value;
pub mod xhtml;
