//! Where instances are read from: files, folders, NDJSON line by line, standard input. A health card stands for the
//! credentials in it.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::app::AppError;
use crate::card;

/// The extensions of the files of a folder that are read.
const EXTENSIONS: &[&str] = &["json", "ndjson", "xml", "smart-health-card"];

/// One instance with where it came from.
#[derive(Clone)]
pub(super) struct Input<'t> {
    pub(super) source: String,
    pub(super) text: Cow<'t, [u8]>,
}

/// Reads a file, a folder, an NDJSON file line by line, or standard input.
pub(super) fn inputs(name: &str, each: &mut dyn FnMut(Input<'_>)) -> Result<(), AppError> {
    let problem = |e: std::io::Error| AppError::File(format!("could not read `{name}`: {e}"));
    if name == "-" {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text).map_err(problem)?;
        return whole("-".to_owned(), text, each);
    }
    let path = Path::new(name);
    if path.is_dir() {
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|e| {
                e.file_type().is_file() && e.path().extension().is_some_and(|x| EXTENSIONS.iter().any(|w| x == *w))
            })
            .map(|e| e.into_path())
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(AppError::File(format!(
                "folder `{name}` contains no instances: expected .json, .xml, .ndjson or .smart-health-card files"
            )));
        }
        // What keeps one file from being read does not keep the others.
        let failed: Vec<AppError> = files.iter().filter_map(|f| one(f, each).err()).collect();
        return failed.into_iter().next().map_or(Ok(()), Err);
    }
    one(path, each)
}

fn one(path: &Path, each: &mut dyn FnMut(Input<'_>)) -> Result<(), AppError> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|e| AppError::File(format!("could not read `{name}`: {e}")))?;
    if path.extension().is_some_and(|x| x == "ndjson") {
        for (i, line) in text.split(|b| *b == b'\n').enumerate() {
            if !line.iter().all(u8::is_ascii_whitespace) {
                each(Input { source: format!("{name}:{}", i + 1), text: line.into() });
            }
        }
        return Ok(());
    }
    whole(name, text, each)
}

/// A file that holds one instance, or one health card.
fn whole(source: String, text: Vec<u8>, each: &mut dyn FnMut(Input<'_>)) -> Result<(), AppError> {
    let refused = |why: String| AppError::File(format!("`{source}` was not examined: {why}"));
    match card::credentials(&text).map_err(refused)? {
        None => each(Input { source, text: text.into() }),
        Some(all) => {
            for card::Credential { place, text } in all {
                let source = if place.is_empty() { source.clone() } else { format!("{source}#{place}") };
                each(Input { source, text: text.into() });
            }
        }
    }
    Ok(())
}
