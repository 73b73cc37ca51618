//! The options of `--fix`.

/// What is fixed.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Fixes")]
pub(super) struct FixArgs {
    /// Apply the fixes that keep what is meant (commas, brackets, quotes, displays of codes) to the files, print what
    /// changed, and validate the result. Lines of NDJSON files and compressed files are left as they are.
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix: print what would change, and leave the files as they are.
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
}
