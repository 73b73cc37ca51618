//! Sentence by sentence where two good engineers would answer differently.

mod grants;
mod profiles;
mod search;
mod statements;
mod verdicts;
