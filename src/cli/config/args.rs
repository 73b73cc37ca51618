//! The options of `accord config`.

use std::path::PathBuf;

use crate::cli::project::ProjectArgs;
use crate::cli::validate::policy::PolicyArgs;

/// Prints the settings of the project that are in force, and where each comes from.
///
/// Options are those of `accord validate`: what they change is shown as theirs.
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    /// As with `accord validate`; may be repeated.
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub(super) packages: Vec<String>,
    /// As with `accord validate`.
    #[arg(long, value_name = "VERSION")]
    pub(super) fhir_version: Option<String>,
    /// As with `accord validate`; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// As with `accord validate`; may be repeated.
    #[arg(long = "profile", value_name = "URL")]
    pub(super) profiles: Vec<String>,
    /// As with `accord validate`.
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) policies: PolicyArgs,
}

#[derive(clap::Subcommand, Clone, Copy, Debug)]
pub(super) enum Command {
    /// Prints the JSON Schema of accord.toml, for editors.
    Schema,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Lines of TOML, with where each comes from as a comment.
    Text,
    /// For programs.
    Json,
}
