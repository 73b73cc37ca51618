//! The port to the disk: what the store asks of files, so that tests can tear, flip and refuse what it writes.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::StoreError;
use super::error::at;

/// What the store asks of the file system.
pub(super) trait Disk: Send + Sync {
    /// Opens a file to read and write; made where it is missing.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens a file to read and write, empty.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens a file to read alone.
    fn look(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Makes a folder, and those above it, where they are missing.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// What is in a folder, in the order of the names.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Puts a file in the place of another; lasting once [`Disk::sync_folder`] has returned.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Brings to disk what a folder says of its files.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// What stands at a path.
    fn kind(&self, path: &Path) -> io::Result<Kind>;
}

/// An open file.
pub(super) trait DiskFile: Send + Sync {
    /// Its length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Fills `into` from this place on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] where the file ends before.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()>;

    /// Writes at this place; on disk once [`DiskFile::sync`] has returned.
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes the file so long: cut off, or filled up with zeros.
    fn set_length(&self, length: u64) -> io::Result<()>;

    /// Brings to disk what was written.
    fn sync(&self) -> io::Result<()>;
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Nothing.
    Absent,
    /// A file, or a link to one.
    File,
    /// A folder, a socket, a link to nothing: no place for a file of the store.
    Other,
}

/// Makes what a folder says of this file last.
pub(super) fn sync_folder(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    path.parent().map_or(Ok(()), |folder| disk.sync_folder(folder).map_err(at(folder)))
}

/// The disk of this machine.
pub(super) struct RealDisk;

impl Disk for RealDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        Ok(Arc::new(RealFile(file)))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path)?;
        Ok(Arc::new(RealFile(file)))
    }

    fn look(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(RealFile(File::open(path)?)))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut out = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        out.sort();
        Ok(out)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    fn kind(&self, path: &Path) -> io::Result<Kind> {
        if let Ok(found) = fs::metadata(path) {
            return Ok(if found.is_file() { Kind::File } else { Kind::Other });
        }
        match fs::symlink_metadata(path) {
            Ok(_) => Ok(Kind::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kind::Absent),
            Err(error) => Err(error),
        }
    }
}

/// A file, read and written at places: threads share it without a position.
struct RealFile(File);

#[cfg(unix)]
impl DiskFile for RealFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, into, at)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.0, bytes, at)
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(windows)]
impl DiskFile for RealFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let (mut at, mut left) = (at, into);
        while !left.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.0, left, at)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => {
                    at += n as u64;
                    left = left.split_at_mut(n).1;
                }
            }
        }
        Ok(())
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut at, mut left) = (at, bytes);
        while !left.is_empty() {
            let n = std::os::windows::fs::FileExt::seek_write(&self.0, left, at)?;
            if n == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            at += n as u64;
            left = left.split_at(n).1;
        }
        Ok(())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
