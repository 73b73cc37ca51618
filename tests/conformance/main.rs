//! The official suites, each with its committed ledger. `ACCORD_SUITE=DIR` runs another copy of the suites (no ledger
//! then); `ACCORD_BLESS=1` rewrites the ledgers.
#![allow(clippy::unwrap_used, clippy::panic)]

mod fhirpath;
mod formats;
mod validator;
