//! The files of a package that matter, as ranges of one text.

use std::ops::Range;
use std::sync::Arc;

/// One file: its name below `package/` and where its bytes are in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below `package/`.
    pub name: String,
    /// Its bytes in [`FileSet::text`].
    pub range: Range<usize>,
}

/// The files of a package, sorted by name, each name once.
#[derive(Clone, Debug)]
pub struct FileSet {
    /// The bytes of all files.
    pub text: Arc<[u8]>,
    /// The files, sorted by name.
    pub files: Vec<File>,
}

impl FileSet {
    /// Sorts by name; of several files of one name the last stays, as unpacking would leave it.
    pub(super) fn new(text: Vec<u8>, mut files: Vec<File>) -> FileSet {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.reverse();
        files.dedup_by(|a, b| a.name == b.name);
        files.reverse();
        FileSet { text: text.into(), files }
    }

    /// The bytes of the file, without a byte order mark.
    pub fn bytes(&self, file: &File) -> &[u8] {
        self.text.get(without_mark(&self.text, file.range.clone())).unwrap_or_default()
    }

    /// The bytes of the file of this name.
    pub fn named(&self, name: &str) -> Option<&[u8]> {
        let at = self.files.binary_search_by(|f| f.name.as_str().cmp(name)).ok()?;
        self.files.get(at).map(|f| self.bytes(f))
    }
}

/// The range without a UTF-8 byte order mark at its start.
pub(super) fn without_mark(text: &[u8], range: Range<usize>) -> Range<usize> {
    match text.get(range.clone()).is_some_and(|bytes| bytes.starts_with(b"\xEF\xBB\xBF")) {
        true => range.start + 3..range.end,
        false => range,
    }
}

/// Where a package keeps its examples. Those that define something can be referred to as the rest of the package can.
const EXAMPLES: &str = "example/";

/// Whether a file of this name below `package/` is an example.
pub(super) fn is_example(name: &str) -> bool {
    name.starts_with(EXAMPLES)
}

/// Whether a file of this name below `package/` is read: JSON that is the package's own.
pub(super) fn wanted(name: &str) -> bool {
    is_own(name) && name.ends_with(".json")
}

/// Whether a file of this name in a folder is read: as in an archive, or XML, which archives do not have.
pub(super) fn wanted_in_folder(name: &str) -> bool {
    is_own(name) && (name.ends_with(".json") || name.ends_with(".xml"))
}

/// Whether these files are the package's own.
fn is_own(name: &str) -> bool {
    const SKIPPED: [&str; 6] = ["example", "examples", "other", "openapi", "xml", "tests"];
    let mut parts = name.strip_prefix(EXAMPLES).unwrap_or(name).rsplit('/');
    let file = parts.next().unwrap_or_default();
    let ours = file == ".index.json" || !file.starts_with('.');
    ours && !parts.any(|folder| SKIPPED.contains(&folder) || folder.starts_with('.'))
}
