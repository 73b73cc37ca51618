//! An import: files are recognised, read into drafts, and written as code sets.

use std::path::{Path, PathBuf};

use super::TerminologyError;
use super::folder::store;
use super::inputs::{Limits, inputs};
use super::options::Options;
use super::read::read;
use super::set::{Draft, write};
use super::told::{Fault, Imported, Told};

/// Reads files, folders and archives, and keeps what they hold in a folder.
///
/// # Errors
/// A path that cannot be read, files that are nothing that can be imported, a folder that cannot be written to.
pub fn import(paths: &[PathBuf], options: &Options, folder: &Path) -> Result<Imported, TerminologyError> {
    let files = inputs(paths, Limits::default())?;
    let mut told = Told::default();
    let drafts = read(&files, options, &mut told)?;
    let mut out = Imported::default();
    for mut draft in drafts {
        if options.fragment {
            draft.meta.content = super::set::Content::Fragment;
        }
        if draft.concepts.is_empty() {
            let shown = draft.meta.sources.join("`, `");
            let faults = told.lines().join("\n");
            return Err(TerminologyError::Ask(format!(
                "no codes found for `{}` in `{shown}`\n{faults}",
                draft.meta.url
            )));
        }
        out.sets.push(kept(draft, folder, &mut told)?);
    }
    out.told = told;
    Ok(out)
}

fn kept(mut draft: Draft, folder: &Path, told: &mut Told) -> Result<super::Listed, TerminologyError> {
    draft.meta.hierarchy |= !draft.links.is_empty();
    let meta = draft.meta.clone();
    let name = meta.canonical();
    let written = write(draft).map_err(|e| TerminologyError::Ask(format!("`{name}`: {e}")))?;
    for (child, parent) in written.circular {
        told.note(Fault::Circle, &name, 0, || format!("`{parent}` is above `{child}` and below it"));
    }
    store(folder, &meta, &written.bytes)
}
