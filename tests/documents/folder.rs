//! The folder in which the commands of a page run: what a checkout has that pages use, and the files that they show.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::pages::root;

/// What pages use of a checkout.
const OF_THE_PROJECT: &[&str] = &["examples", "rules", "capability/policies"];

/// A temporary folder that goes with its page.
pub struct Folder {
    temporary: TempDir,
}

impl Folder {
    /// A folder with the examples and scripts of the project.
    pub fn new() -> Folder {
        let folder = Folder { temporary: TempDir::new().unwrap() };
        fs::create_dir_all(folder.home()).unwrap();
        for part in OF_THE_PROJECT {
            copy(&root().join(part), &folder.path().join(part));
        }
        folder
    }

    /// Where commands run.
    pub fn path(&self) -> PathBuf {
        self.temporary.path().join("demo")
    }

    fn home(&self) -> PathBuf {
        self.temporary.path().join("home")
    }

    /// Writes a file that a page shows.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Output without the name of the folder.
    pub fn hidden(&self, text: &str) -> String {
        text.replace(&*self.temporary.path().to_string_lossy(), "…")
    }

    /// A command line for `sh`, with the built program in the path and nothing of this machine's settings.
    pub fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).current_dir(self.path()).stdin(Stdio::null()).env_clear();
        let path = std::env::var("PATH").unwrap_or_default();
        let program = Path::new(env!("CARGO_BIN_EXE_accord")).parent().unwrap();
        command.env("PATH", format!("{}:{path}", program.display()));
        command.env("HOME", self.home()).env("ACCORD_IMAGES", images()).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
        // Whoever goes online finds nobody.
        for variable in ["http_proxy", "https_proxy", "all_proxy"] {
            command.env(variable, "http://127.0.0.1:9");
        }
        command.env("no_proxy", "127.0.0.1,localhost");
        command
    }
}

/// Compiled packages, for all pages.
fn images() -> &'static Path {
    static IMAGES: OnceLock<TempDir> = OnceLock::new();
    IMAGES.get_or_init(|| TempDir::new().unwrap()).path()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
