//! The CapabilityStatement of a client, written from what is known of it: the requests that it sends, the scopes that
//! it asks for, the profiles that it works with. Reads no files: whoever does hands the requests over one by one.
//!
//! Only names are kept. Values of queries and ids may tell about patients: they are in no item, no place and no notice.

mod action;
mod address;
mod batch;
mod error;
mod format;
mod item;
mod limits;
mod needs;
mod notice;
mod place;
mod profiles;
mod query;
mod recorder;
mod request;
mod scopes;
mod statement;
mod types;

pub use address::Base;
pub use error::ClientError;
pub use item::{Item, Level};
pub use notice::Kind;
pub use place::{Part, Place, Source};
pub use recorder::{Recorder, Row};
pub use request::Request;
pub use types::is_resource_path;

#[cfg(test)]
mod tests;
