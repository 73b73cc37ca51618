//! The subcommands of the program, and what each runs.

use std::io::Write;

use clap::{Parser, Subcommand};

use crate::cli;
use crate::printable::Printable;

/// FHIR profile validation and capability negotiation.
#[derive(Parser)]
#[command(name = "accord", version, propagate_version = true, after_help = cli::EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Validate(cli::validate::Args),
    Test(Box<cli::test::Args>),
    Snapshot(cli::snapshot::Args),
    Package(cli::package::Args),
    Terminology(cli::terminology::Args),
    Diff(cli::diff::Args),
    Explain(cli::explain::Args),
    Generate(cli::generate::Args),
    Guard(cli::guard::Args),
    Negotiate(cli::negotiate::Args),
    Matrix(cli::matrix::Args),
    Client(cli::client::Args),
    Config(Box<cli::config::Args>),
    Satisfies(cli::satisfies::Args),
    Scope(cli::scope::Args),
    Serve(cli::serve::Args),
    Proxy(Box<cli::proxy::Args>),
    Fhirpath(cli::fhirpath::Args),
    Health(cli::health::Args),
    Hl7(cli::hl7::Args),
    Lsp(cli::lsp::Args),
    Completions(cli::shell::CompletionsArgs),
    Man(cli::shell::ManArgs),
}

impl Cli {
    /// Runs the subcommand; returns the exit code.
    ///
    /// # Errors
    /// What kept it from running.
    pub fn run(&self, out: &mut dyn Write) -> Result<u8, String> {
        if let Command::Validate(args) = &self.command {
            return cli::validate::run(args, out).map_err(|e| e.to_string());
        }
        // What a client of the protocol reads is no terminal.
        if let Command::Lsp(args) = &self.command {
            return cli::lsp::run(args, out);
        }
        let out: &mut dyn Write = &mut Printable::new(out);
        match &self.command {
            Command::Validate(_) | Command::Lsp(_) => Ok(cli::exit::OK),
            Command::Test(args) => cli::test::command(args, out),
            Command::Snapshot(args) => cli::snapshot::command(args, out),
            Command::Package(args) => cli::package::run(args, out).map_err(|e| e.to_string()),
            Command::Terminology(args) => cli::terminology::run(args, out).map_err(|e| e.to_string()),
            Command::Diff(args) => cli::diff::run(args, out),
            Command::Explain(args) => cli::explain::run(args, out),
            Command::Generate(args) => cli::generate::command(args, out),
            Command::Guard(args) => cli::guard::command(args, out),
            Command::Negotiate(args) => cli::negotiate::command(args, out),
            Command::Matrix(args) => cli::matrix::command(args, out),
            Command::Client(args) => cli::client::command(args, out),
            Command::Config(args) => cli::config::run(args, out),
            Command::Satisfies(args) => cli::satisfies::run(args, out),
            Command::Scope(args) => cli::scope::run(args, out),
            Command::Fhirpath(args) => cli::fhirpath::command(args, out),
            Command::Health(args) => cli::health::run(args, out),
            Command::Hl7(args) => cli::hl7::run(args, out),
            Command::Completions(args) => cli::shell::completions(args, out),
            Command::Man(args) => cli::shell::man(args, out),
            Command::Proxy(args) => cli::proxy::run(args),
            Command::Serve(args) => cli::serve::run(args).map_err(|e| e.to_string()),
        }
    }
}
