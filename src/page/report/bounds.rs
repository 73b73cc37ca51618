//! How much a page on instances shows. Each bound that is reached is told on the page, with how much was left out;
//! verdicts and counts do not change.

/// Inputs that are shown with their issues, of each verdict.
pub const INPUTS: usize = 2_000;
/// Issues of all inputs of a verdict.
pub const ISSUES: usize = 5_000;
/// Issues of one input.
pub const INPUT_ISSUES: usize = 200;
/// Valid inputs without an issue, which are named.
pub const NAMES: usize = 5_000;
/// Profiles and pieces of evidence of an issue.
pub const LIST: usize = 24;
/// Inputs that could not be read.
pub const UNREAD: usize = 500;
