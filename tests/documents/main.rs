//! README.md and the book in docs/ keep their word: links lead somewhere, every page is in the book, the reference of
//! the command line is what the program says of itself, and every command that a page shows is run.
//!
//! How a page marks what is run: `docs/writing-documents.md`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod blocks;
mod cli_page;
mod commands;
mod curl;
mod folder;
mod headings;
mod ledger;
mod links;
mod pages;
mod pattern;
mod service;
mod summary;
