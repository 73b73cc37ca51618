//! The Python module `accord._native`: validators, negotiations and comparisons of the library. What people call, with
//! its settings and documentation, is in `python/accord/`.

mod ask;
mod columns;
mod engine;
mod error;
mod input;
mod report;
mod work;

use mimalloc::MiMalloc;
use pyo3::prelude::*;

/// As in the program; of what Python itself makes nothing comes from it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::ask::{negotiate, satisfies};
    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::error::{AccordError, FileError, PackageError, ProfileError, ServerError, SettingsError};
    #[pymodule_export]
    use super::report::{Issue, Report};
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
