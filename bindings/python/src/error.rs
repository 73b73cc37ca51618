//! Why the work could not be done, as exceptions.

use fhir_accord::app::AppError;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(accord, AccordError, PyException, "The work could not be done; the base of the other exceptions.");
create_exception!(accord, PackageError, AccordError, "A package is not available, or cannot be read.");
create_exception!(accord, ProfileError, AccordError, "A profile that was asked for is unknown.");
create_exception!(accord, ServerError, AccordError, "A terminology server cannot be asked.");
create_exception!(accord, FileError, AccordError, "A file or a folder cannot be read.");
create_exception!(accord, SettingsError, AccordError, "A setting is unknown, or has a value that it cannot have.");

/// The exception of an error.
pub fn raised(error: AppError) -> PyErr {
    let text = error.to_string();
    match error {
        AppError::Package(_) => PackageError::new_err(text),
        AppError::Profile(_) => ProfileError::new_err(text),
        AppError::Server(_) => ServerError::new_err(text),
        AppError::File(_) => FileError::new_err(text),
    }
}
