//! Which issues do not count, as options.

use std::path::PathBuf;

/// Issues that do not count.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Project settings")]
pub(super) struct RulingArgs {
    /// A file of known issues: only those beyond it count [default: `baseline` of accord.toml].
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write what is found to the baseline: it is known from then on.
    #[arg(long)]
    pub(super) update_baseline: bool,
    /// Exit with 1 where a suppression of accord.toml matches no issue.
    #[arg(long)]
    pub(super) strict_suppressions: bool,
}
