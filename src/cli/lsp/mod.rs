//! `accord lsp`: a language server over standard input and output
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>).
//!
//! A thread reads messages, one validates, one answers what needs definitions; the loop (`server.rs`) holds the
//! documents and is the only one that writes.

mod actions;
mod answers;
mod args;
mod check;
mod convert;
mod engine;
mod frames;
mod jobs;
mod server;
mod session;
mod work;

use std::io::Write;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;

pub use args::Args;
use engine::Engine;
use jobs::events;
use server::Server;

/// Serves until the client ends it or standard input ends. Gives the exit code: 0 where the client asked for the end
/// before, else 1.
///
/// # Errors
/// A message where an option is not understood, or what is read are no messages.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let version = args.fhir_version.as_deref().map(|text| {
        FhirVersion::parse(text).ok_or_else(|| {
            format!("`{text}` is not a FHIR version; expected DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like")
        })
    });
    let engine = Arc::new(Engine::new(args, version.transpose()?));
    let (sender, events) = events();
    let jobs = jobs::start(&engine, &sender)?;
    jobs::read(sender)?;
    Server::new(events, jobs, out).run()
}
