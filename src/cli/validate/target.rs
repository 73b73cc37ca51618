//! Where the result goes: standard output, or a file that is put in its place once it is whole. What the result is
//! written to is no input.

use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::args::Args;
use crate::app::AppError;

/// The ending of the file that becomes the result: a folder's files with it are not read.
const UNFINISHED: &str = ".tmp";

/// Which regular file this is, whatever it is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl Identity {
    /// That of an open file; `None` where it is no regular one.
    pub fn of(file: &File, path: &Path) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?, path)
    }

    /// That of what a path leads to, `-` to standard input.
    pub fn named(path: &Path) -> Option<Identity> {
        match path == Path::new("-") {
            true => standard(&std::io::stdin()),
            false => Identity::from(&std::fs::metadata(path).ok()?, path),
        }
    }

    #[cfg(unix)]
    fn from(found: &Metadata, _: &Path) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        found.is_file().then(|| Identity((found.dev(), found.ino())))
    }

    #[cfg(not(unix))]
    fn from(found: &Metadata, path: &Path) -> Option<Identity> {
        std::fs::canonicalize(path).ok().filter(|_| found.is_file()).map(Identity)
    }
}

/// What standard input or output is, where it is a regular file.
#[cfg(unix)]
fn standard(stream: &impl std::os::fd::AsFd) -> Option<Identity> {
    let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
    Identity::of(&file, Path::new("-"))
}

/// It has no path by which it could be told.
#[cfg(not(unix))]
fn standard<T>(_: &T) -> Option<Identity> {
    None
}

/// What the result is written to.
pub(super) enum Target {
    Standard,
    /// A file as it is opened: a pipe, a device.
    Direct(File),
    /// A new file that takes the place of the one at this path.
    Beside(NamedTempFile, PathBuf),
}

/// The files that are no inputs, because the result is written to them.
#[derive(Default)]
pub(super) struct Taken {
    file: Option<Identity>,
    /// Whether it is replaced at the end, so that it would be lost.
    pub is_replaced: bool,
    /// What becomes the result.
    pub unfinished: Option<PathBuf>,
    /// The baseline, which is no input where it is only found in a folder.
    pub baseline: Option<Identity>,
}

impl Taken {
    /// The file at a path, which the result is going to replace.
    pub fn replaced(path: &Path) -> Taken {
        Taken { file: Identity::named(path), is_replaced: true, ..Taken::default() }
    }

    /// Whether this is the file that the result is written to.
    pub fn is(&self, file: Option<&Identity>) -> bool {
        file.is_some() && file == self.file.as_ref()
    }

    /// Whether this is the baseline.
    pub fn is_baseline(&self, file: Option<&Identity>) -> bool {
        file.is_some() && file == self.baseline.as_ref()
    }

    /// Whether this is the file that becomes the result.
    pub fn is_unfinished(&self, path: &Path) -> bool {
        self.unfinished.as_deref().is_some_and(|unfinished| unfinished.file_name() == path.file_name())
    }
}

impl Target {
    /// Where the arguments want the result.
    ///
    /// # Errors
    /// [`AppError::File`] where that is an input, or cannot be written.
    pub fn of(args: &Args) -> Result<(Target, Taken), AppError> {
        let of_standard = || Taken { file: standard(&std::io::stdout()), ..Taken::default() };
        let Some(path) = args.shown.output.as_deref().filter(|p| *p != Path::new("-")) else {
            return Ok((Target::Standard, of_standard()));
        };
        let name = path.display();
        let could_not = |e: std::io::Error| AppError::File(format!("--output: could not write `{name}`: {e}"));
        let found = Taken { file: Identity::named(path), ..Taken::default() };
        let is_input = |input: &PathBuf| found.is(Identity::named(input).as_ref());
        if args.files.iter().chain(&args.files_from).any(is_input) {
            return Err(AppError::File(format!("--output: `{name}` is an input; give another file")));
        }
        if found.is(of_standard().file.as_ref()) {
            return Ok((Target::Standard, found));
        }
        let (place, permissions) = match std::fs::metadata(path) {
            Ok(there) if there.is_file() && !is_open_elsewhere(path) => {
                // What may not be written is not replaced either.
                OpenOptions::new().write(true).open(path).map_err(could_not)?;
                (std::fs::canonicalize(path).map_err(could_not)?, Some(there.permissions()))
            }
            Err(e) if e.kind() == ErrorKind::NotFound && !path.is_symlink() => (path.to_owned(), None),
            _ => return Ok((Target::Direct(File::create(path).map_err(could_not)?), found)),
        };
        let file = beside(&place).map_err(could_not)?;
        // Where signals cannot be heard, it may stay when one ends the process.
        #[cfg(unix)]
        let _ = super::signals::remove(file.path());
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions).map_err(could_not)?;
        }
        let taken = Taken { is_replaced: true, unfinished: Some(file.path().to_owned()), ..found };
        Ok((Target::Beside(file, place), taken))
    }

    /// Puts the whole result in its place.
    ///
    /// # Errors
    /// [`AppError::File`] where the system refuses.
    pub fn keep(self) -> Result<(), AppError> {
        let Target::Beside(file, place) = self else { return Ok(()) };
        let kept = file.persist(&place).map(drop);
        kept.map_err(|e| AppError::File(format!("could not write the result: `{}`: {}", place.display(), e.error)))
    }
}

/// Whether a path names a file that some process has open (`/dev/fd/3`): it has no place of its own.
fn is_open_elsewhere(path: &Path) -> bool {
    let folder = path.parent().and_then(|p| std::fs::canonicalize(p).ok());
    folder.is_some_and(|f| f == Path::new("/dev") || f.starts_with("/proc") || f.starts_with("/dev/fd"))
}

/// A new file in the folder of this one, which anybody may read whom new files allow it.
fn beside(place: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".accord-").suffix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    builder.tempfile_in(folder)
}
