//! A validator of this process, without the interpreter's lock while it works.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;

use fhir_accord::app::AppError;
use fhir_accord::library::{Crew, Options, Stop, Validator, shared};
use fhir_accord::profiles::issue;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::columns::Columns;
use crate::error::{SettingsError, raised};
use crate::input::{Text, text};
use crate::report::Report;
use crate::work::Raised;

/// A longer instance is validated in a thread that has more for its nesting, and that Ctrl-C ends.
const IN_PLACE: usize = 64 << 10;
/// Whether Python's threads have megabytes for what is nested.
const HAS_ROOM: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// A validator by what it was opened with: one for each process and settings.
#[pyclass(frozen, module = "accord._native")]
pub struct Engine {
    options: Options,
    /// The process that opened it: a child that it forks opens its own.
    process: u32,
    validator: Arc<Validator>,
}

impl Engine {
    /// The validator of this process.
    fn here(&self) -> Result<Arc<Validator>, AppError> {
        if self.process == process::id() { Ok(Arc::clone(&self.validator)) } else { shared(&self.options) }
    }

    /// The reports on instances, in their order; `None` where the engine broke down.
    fn all(
        &self,
        py: Python<'_>,
        texts: &[Text],
        profiles: &[String],
        threads: Option<usize>,
    ) -> PyResult<Vec<Option<issue::Report>>> {
        let (stop, mut signal) = (Stop::default(), Raised::default());
        let found = py.detach(|| {
            let wait = &mut || signal.look(&stop);
            self.here()?.validate_all(texts, profiles, Crew { threads, stop: &stop, wait })
        });
        signal.unless(found)?.map_err(raised)
    }
}

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, settings: &str) -> PyResult<Engine> {
        let options = Options::from_json(settings).map_err(SettingsError::new_err)?;
        let validator = py.detach(|| shared(&options)).map_err(raised)?;
        Ok(Engine { options, process: process::id(), validator })
    }

    #[getter]
    fn packages(&self) -> Vec<String> {
        self.validator.packages()
    }

    #[getter]
    fn fhir_version(&self) -> &'static str {
        self.validator.app().set().fhir_version().name()
    }

    fn validate(&self, py: Python<'_>, instance: &Bound<'_, PyAny>, profiles: Vec<String>) -> PyResult<Report> {
        let text = text(instance)?;
        if !HAS_ROOM || text.as_ref().len() > IN_PLACE {
            let found = self.all(py, &[text], &profiles, Some(1))?;
            return Ok(found.into_iter().flatten().next().map_or_else(Report::broken, Report::of));
        }
        let found = py.detach(|| {
            let work = || self.here()?.validate(text.as_ref(), &profiles);
            catch_unwind(AssertUnwindSafe(work))
        });
        match found {
            Ok(found) => found.map(Report::of).map_err(raised),
            Err(_) => Ok(Report::broken()),
        }
    }

    fn validate_all(
        &self,
        py: Python<'_>,
        instances: Vec<Bound<'_, PyAny>>,
        profiles: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Vec<Report>> {
        let texts = instances.iter().map(text).collect::<PyResult<Vec<Text>>>()?;
        drop(instances);
        let found = self.all(py, &texts, &profiles, threads)?;
        Ok(found.into_iter().map(|report| report.map_or_else(Report::broken, Report::of)).collect())
    }

    /// What Arrow batches get: a list for each column.
    fn columns(
        &self,
        py: Python<'_>,
        instances: Vec<Option<PyBackedBytes>>,
        profiles: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Columns> {
        let is_given: Vec<bool> = instances.iter().map(Option::is_some).collect();
        let texts: Vec<Text> = instances.into_iter().flatten().map(Text::from).collect();
        let mut found = self.all(py, &texts, &profiles, threads)?.into_iter();
        let mut columns = Columns::default();
        for is_given in is_given {
            match is_given {
                true => columns.add(found.next().flatten()),
                false => columns.add_null(),
            }
        }
        Ok(columns)
    }
}
