//! Why the work could not be done at all.

use crate::scripts::ScriptsError;

/// Why the work could not be done at all; findings about an instance are never errors.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A package that was asked for is not available; the text names the way out.
    #[error("{0}")]
    Package(String),
    /// A profile that was asked for is unknown.
    #[error("{0}")]
    Profile(String),
    /// A terminology server cannot be asked.
    #[error("{0}")]
    Server(String),
    /// A file could not be read or written.
    #[error("{0}")]
    File(String),
}

impl From<ScriptsError> for AppError {
    fn from(error: ScriptsError) -> AppError {
        AppError::File(error.to_string())
    }
}
