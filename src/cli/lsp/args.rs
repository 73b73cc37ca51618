//! The options of `accord lsp`.

use std::path::PathBuf;

use crate::cli::project::ProjectArgs;

/// A language server for FHIR instances, over standard input and output: diagnostics, hover, completion and quick fixes
/// in editors.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The FHIR version of the instances [default: that of the packages, else R4].
    #[arg(long, value_name = "VERSION")]
    pub(super) fhir_version: Option<String>,
    /// A package: ID#VERSION, or the path of an archive, a folder or a file; may be repeated [default: all embedded
    /// guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub(super) packages: Vec<String>,
    /// A profile that every instance must conform to, in addition to those in meta.profile; may be repeated.
    #[arg(long = "profile", value_name = "URL")]
    pub(super) profiles: Vec<String>,
    /// Your own rules and functions: a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// Where imported terminology is [default: $ACCORD_TERMINOLOGY, else accord/terminology in the XDG data
    /// directory].
    #[arg(long, value_name = "DIR")]
    pub(super) terminology: Option<PathBuf>,
    /// The most diagnostics of one document; a last one tells how many more there are.
    #[arg(long, value_name = "NUMBER", default_value = "200")]
    pub(super) max_issues: usize,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// Standard input and output are what it speaks over; editors give this option.
    #[arg(long, hide = true)]
    stdio: bool,
}
