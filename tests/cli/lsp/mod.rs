//! `accord lsp`, driven by raw messages over pipes.

mod client;
mod editing;
mod malice;
mod project;
