//! Which files the arguments name: files, folders, patterns. URLs are not fetched.

use std::path::{Path, PathBuf};

use super::flagged::is_url;

/// The endings of files that a folder or a pattern without `-recurse` gives.
const ENDINGS: [&str; 4] = ["json", "xml", "ndjson", "jsonl"];

/// The files and folders to read, and how many files of folders are left out for their endings.
///
/// # Errors
/// A URL, a folder that cannot be read, a pattern that nothing matches.
pub(super) fn found(sources: &[String], recurse: bool) -> Result<(Vec<PathBuf>, usize), String> {
    let (mut all, mut others) = (Vec::new(), 0);
    for source in sources {
        let path = Path::new(source);
        if is_url(source) {
            return Err(format!("`{source}` is not fetched; download it, and give the file"));
        }
        if source.contains('*') && !path.exists() {
            all.extend(matching(path)?);
        } else if path.is_dir() && !recurse {
            let (wanted, unwanted): (Vec<_>, Vec<_>) = in_folder(path)?.into_iter().partition(|file| is_wanted(file));
            all.extend(wanted);
            others += unwanted.len();
        } else {
            all.push(path.to_owned());
        }
    }
    Ok((all, others))
}

fn is_wanted(file: &Path) -> bool {
    file.extension().is_some_and(|x| ENDINGS.iter().any(|ending| x.eq_ignore_ascii_case(ending)))
}

/// The files of a folder, by name; its folders are not looked into.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unread = |e: std::io::Error| format!("could not read `{}`: {e}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(unread)?;
    let paths = entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(unread)?;
    let mut files: Vec<PathBuf> = paths.into_iter().filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// The files that match a pattern with `*` in its last part.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, String> {
    let shown = pattern.display();
    let folder = pattern.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = pattern.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if folder.to_string_lossy().contains('*') {
        return Err(format!("`{shown}`: `*` may only stand in the last part"));
    }
    let is_it = |file: &PathBuf| file.file_name().is_some_and(|n| fits(&name, &n.to_string_lossy()));
    let files: Vec<PathBuf> = in_folder(folder)?.into_iter().filter(is_it).collect();
    if files.is_empty() { Err(format!("no file matches `{shown}`")) } else { Ok(files) }
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back());
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = last else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, is_it) in [
            ("*.json", "a.json", true),
            ("*.json", ".json", true),
            ("*.json", "a.xml", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("a*a", "a", false),
            ("*", "é", true),
            ("**", "x", true),
        ] {
            assert_eq!(fits(pattern, name), is_it, "{pattern} {name}");
        }
    }

    #[test]
    fn urls_and_patterns_without_a_match_are_refused() {
        let refused = |source: &str| found(&[source.to_owned()], false).unwrap_err();
        assert!(refused("https://a.test/p.json").contains("not fetched"));
        assert!(refused("nowhere-*.json").contains("no file matches"));
        assert!(refused("a*/b*.json").contains("last part"));
    }
}
