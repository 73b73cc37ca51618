//! Paths of inputs as patterns and baselines see them: from a folder, with `/` between their parts.

use std::path::{Component, Path, PathBuf};

/// A folder that paths are told from, and the folder that relative paths of inputs start at.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
    /// The folder without links.
    real: Option<PathBuf>,
    from: PathBuf,
}

impl Place {
    /// Paths are told from `folder`; those that are relative start at `from`, which is absolute.
    pub fn new(folder: &Path, from: &Path) -> Place {
        let folder = plain(&from.join(folder));
        let real = std::fs::canonicalize(&folder).ok();
        Place { folder, real, from: from.to_owned() }
    }

    /// The path of an input from the folder, with `..` where it is not below it; `-` for standard input.
    pub fn tell(&self, input: &str) -> String {
        if input == "-" {
            return input.to_owned();
        }
        let path = plain(&self.from.join(input));
        if let Ok(below) = path.strip_prefix(&self.folder) {
            return slashed(below);
        }
        let real = std::fs::canonicalize(&path).ok().zip(self.real.as_ref());
        let below = real.and_then(|(real, folder)| real.strip_prefix(folder).ok().map(slashed));
        below.unwrap_or_else(|| slashed(&from(&self.folder, &path)))
    }

    /// A path of the settings, which starts at the folder.
    pub fn own(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

/// A path without `.` and `..`, as far as its text tells.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The way from a folder to a path; the path itself where they have no root in common.
fn from(folder: &Path, path: &Path) -> PathBuf {
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return path.to_owned();
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_the_folder() {
        let place = Place::new(Path::new("/p"), Path::new("/p/sub"));
        let tell = |input: &str| place.tell(input);
        assert_eq!([tell("a.json"), tell("./a.json"), tell("../b/c.json")], ["sub/a.json", "sub/a.json", "b/c.json"]);
        assert_eq!([tell("/p/x.json"), tell("/q/x.json"), tell("-")], ["x.json", "../q/x.json", "-"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_folder_is_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        std::fs::create_dir(&real).unwrap();
        std::fs::write(real.join("a.json"), "").unwrap();
        std::os::unix::fs::symlink(&real, folder.path().join("link")).unwrap();
        let place = Place::new(&real, folder.path());
        assert_eq!(place.tell("link/a.json"), "a.json");
    }
}
