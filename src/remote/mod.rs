//! What is on other machines: package registries. Timeouts, bounded retries and limits on everything.
//!
//! Nothing goes online unless its caller asks: `accord package add`, or `--fetch`.

mod download;
pub mod fetch;
mod http;
pub mod registry;
#[cfg(test)]
mod tests;
