//! A small file system of its own for the data folder, so that it can be full.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Room for what the service keeps, and for as much again.
const MEGABYTES: usize = 512;
/// Set for the driver that runs in a user namespace.
const INSIDE: &str = "ACCORD_SOAK_INSIDE";
const FILLING: &str = "filling";

/// A folder, and whether it is a file system of its own.
pub struct Room {
    folder: tempfile::TempDir,
    is_mounted: bool,
}

fn ran(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

impl Room {
    /// Mounts a tmpfs. Who may not, does it in a user namespace: then the whole driver is started again in one, and
    /// this does not return. Where that is not allowed either, the folder is an ordinary one.
    pub fn make() -> Self {
        let folder = tempfile::Builder::new().prefix("accord-soak-").tempdir().unwrap();
        let size = format!("size={MEGABYTES}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "accord-soak"]).arg(folder.path());
        if ran(&mut mount) {
            return Self { folder, is_mounted: true };
        }
        if std::env::var_os(INSIDE).is_none()
            && ran(Command::new("unshare").args(["--user", "--map-root-user", "--mount", "true"]))
        {
            drop(folder);
            let mut again = Command::new("unshare");
            again.args(["--user", "--map-root-user", "--mount"]).arg(std::env::current_exe().unwrap());
            let status = again.args(std::env::args_os().skip(1)).env(INSIDE, "1").status().unwrap();
            std::process::exit(status.code().unwrap_or(3));
        }
        eprintln!("no tmpfs can be mounted here: the disk is not filled");
        Self { folder, is_mounted: false }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What the data folder lies on, as the report tells.
    pub fn told(&self) -> String {
        match (self.is_mounted, std::env::var_os(INSIDE).is_some()) {
            (true, false) => format!("a tmpfs of {MEGABYTES} MB"),
            (true, true) => format!("a tmpfs of {MEGABYTES} MB, in a user namespace"),
            (false, _) => "an ordinary folder: no tmpfs could be mounted".to_owned(),
        }
    }

    fn filling(&self) -> PathBuf {
        self.path().join(FILLING)
    }

    /// Leaves no byte free. Returns how many were taken; `None` where the folder is no file system of its own.
    pub fn fill(&self) -> Option<u64> {
        self.is_mounted.then(|| {
            let mut file = std::fs::File::create(self.filling()).unwrap();
            let mut part = vec![0x5A; 1 << 20];
            while !part.is_empty() {
                if file.write_all(&part).is_err() {
                    part.truncate(part.len() / 2);
                }
            }
            file.metadata().unwrap().len()
        })
    }

    /// Gives the room back.
    pub fn free(&self) {
        std::fs::remove_file(self.filling()).unwrap();
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.is_mounted && !ran(Command::new("umount").arg(self.path())) {
            eprintln!("{} is still mounted", self.path().display());
        }
    }
}
