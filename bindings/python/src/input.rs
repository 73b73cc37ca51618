//! Instances as Python has them: text or bytes.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};

/// The bytes of an instance; of `bytes` nothing is copied.
pub struct Text(PyBackedBytes);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<PyBackedBytes> for Text {
    fn from(bytes: PyBackedBytes) -> Text {
        Text(bytes)
    }
}

/// The text as UTF-8. Half a surrogate pair has no UTF-8; its bytes are kept, and the engine tells of them.
fn encoded<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    match text.encode_utf8() {
        Ok(bytes) => Ok(bytes),
        Err(_) => Ok(text.call_method1("encode", ("utf-8", "surrogatepass"))?.cast_into()?),
    }
}

/// Reads an instance.
///
/// # Errors
/// `TypeError` where it is neither text nor bytes.
pub fn text(given: &Bound<'_, PyAny>) -> PyResult<Text> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(Text(bytes.clone().into()));
    }
    if let Ok(text) = given.cast::<PyString>() {
        return Ok(Text(encoded(text)?.into()));
    }
    if given.is_instance_of::<PyByteArray>() || given.is_instance_of::<PyMemoryView>() {
        let bytes = given.py().get_type::<PyBytes>().call1((given,))?;
        return Ok(Text(bytes.cast_into::<PyBytes>()?.into()));
    }
    let found = given.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "an instance must be str or bytes, found `{found}`; of a dict pass json.dumps(…)"
    )))
}
