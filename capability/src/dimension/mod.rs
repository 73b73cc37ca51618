//! One file per axis of comparison. Each compares what the client requires with what the server offers.

mod candidates;
pub mod evidence;
pub mod format;
mod guide_claim;
pub mod include;
pub mod interaction;
pub mod offer;
pub mod operation;
pub mod profile;
pub mod realm;
pub mod search;
pub mod security;
mod structure;
pub mod version;
mod versions;
