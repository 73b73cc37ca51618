//! What an editor is told, without its protocol: documents and places in them, what is said of an element, what could
//! be written. No input, no output, no threads.

mod completion;
mod document;
mod hover;
mod item;
mod known;
mod position;
mod sniff;
mod written;

pub use completion::complete;
pub use document::{Change, Document};
pub use hover::{Hover, hover};
pub use item::{Item, Kind};
pub use known::Known;
pub use position::{Encoding, Lines, Place};
pub use sniff::is_instance;
