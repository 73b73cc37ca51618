//! Resources in files, for references that lead to them: `Type/id` names one, wherever below the folder it is; in a
//! Bundle its entry's fullUrl names one too.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use fhir_accord_profiles::instance::{Limits, NameId, Names, Node, read, resource_span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::app::{HeldAt, Holder, Holding};

/// The extensions of the files of a folder that are read.
const EXTENSIONS: &[&str] = &["json", "ndjson", "xml"];

/// A resource: where it is, and of which type it says it is.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Site {
    at: HeldAt,
    kind: Box<str>,
}

/// A text that is a resource: the place of its file in the list, and its bytes in it.
#[derive(Debug)]
struct Text {
    file: usize,
    bytes: Range<u64>,
}

/// Resources by what references say; several that share it name nothing.
#[derive(Debug, Default)]
pub struct FileResources {
    files: Vec<PathBuf>,
    texts: Vec<Text>,
    sites: FxHashMap<String, Option<Site>>,
    unread: usize,
    /// Whether any file may hold a resource that could not be read.
    is_broken: bool,
}

impl FileResources {
    /// Reads which resources are in these files, and in the files below these folders. What is no resource is passed
    /// over, and counted by [`FileResources::unread`].
    ///
    /// # Errors
    /// A message where a path cannot be read.
    pub fn read(paths: &[PathBuf]) -> Result<FileResources, String> {
        let mut found = FileResources::default();
        // Only what the parser itself knows is looked for.
        let names = Names::new(["entry", "resource", "fullUrl"]);
        let mut seen = FxHashSet::default();
        for path in paths {
            for entry in walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name() {
                let entry = entry.map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
                let is_named = entry.depth() == 0;
                let fits = |x: &std::ffi::OsStr| EXTENSIONS.iter().any(|e| x.eq_ignore_ascii_case(e));
                let is_wanted = is_named || entry.path().extension().is_some_and(fits);
                if entry.file_type().is_file() && is_wanted && seen.insert(std::fs::canonicalize(entry.path()).ok()) {
                    found.file(entry.path(), &names)?;
                }
            }
        }
        Ok(found)
    }

    /// How many files, and lines of NDJSON files, hold no resource that can be read.
    pub fn unread(&self) -> usize {
        self.unread
    }

    fn file(&mut self, path: &Path, names: &Names) -> Result<(), String> {
        let text = std::fs::read(path).map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
        let file = self.files.len();
        self.files.push(path.to_owned());
        if !path.extension().is_some_and(|x| x.eq_ignore_ascii_case("ndjson")) {
            self.resource(file, 0, &text, names);
            return Ok(());
        }
        let mut start = 0;
        for line in text.split_inclusive(|b| *b == b'\n') {
            if !line.trim_ascii().is_empty() {
                self.resource(file, start, line, names);
            }
            start += line.len() as u64;
        }
        Ok(())
    }

    /// A resource that starts at this byte of its file; if it is a Bundle, those of its entries too.
    fn resource(&mut self, file: usize, start: u64, text: &[u8], names: &Names) {
        let tape = read(text, names, &Limits { comments: true, ..Limits::default() });
        let Some(root) = tape.root().filter(|_| tape.faults().is_empty()) else {
            self.unread += 1;
            self.is_broken = true;
            return;
        };
        let number = self.texts.len();
        self.texts.push(Text { file, bytes: start..start + text.len() as u64 });
        let site = |resource: Node<'_>, entry| Site {
            at: HeldAt { text: number, entry },
            kind: resource.child_text(NameId::RESOURCE_TYPE).unwrap_or_default().into(),
        };
        match key(root) {
            Some(key) => self.put(key, site(root, None)),
            None if root.child(NameId::RESOURCE_TYPE).is_none() => self.unread += 1,
            None => {}
        }
        for entry in root.children_named(NameId::ENTRY) {
            let resource = entry.child(NameId::RESOURCE).and_then(|r| Some((r, resource_span(r)?)));
            let Some((resource, span)) = resource else { continue };
            let site = site(resource, Some(span.start));
            let url = entry.child_text(NameId::FULL_URL).map(std::borrow::Cow::into_owned);
            for key in url.into_iter().chain(key(resource)) {
                self.put(key, site.clone());
            }
        }
    }

    fn put(&mut self, key: String, site: Site) {
        let known = self.sites.entry(key).or_insert_with(|| Some(site.clone()));
        if known.as_ref() != Some(&site) {
            *known = None;
        }
    }
}

/// `Type/id`.
fn key(resource: Node<'_>) -> Option<String> {
    Some(format!("{}/{}", resource.child_text(NameId::RESOURCE_TYPE)?, resource.child_text(NameId::ID)?))
}

impl Holder for FileResources {
    /// A relative reference leads to one of these resources, or nowhere, if all could be read; an absolute one, or one
    /// to a version, may lead to others.
    fn find(&self, reference: &str) -> Holding {
        let is_relative = !reference.contains([':', '?', '#']) && reference.matches('/').count() == 1;
        match self.sites.get(reference) {
            Some(Some(site)) => Holding::Resource { at: site.at, kind: site.kind.to_string() },
            Some(None) => Holding::Unknown,
            None if is_relative && !self.is_broken => Holding::Absent,
            None => Holding::Unknown,
        }
    }

    fn text(&self, number: usize) -> Option<Vec<u8>> {
        let Text { file, bytes } = self.texts.get(number)?;
        let mut file = File::open(self.files.get(*file)?).ok()?;
        file.seek(SeekFrom::Start(bytes.start)).ok()?;
        let length = bytes.end - bytes.start;
        let mut text = Vec::new();
        file.take(length).read_to_end(&mut text).ok()?;
        (text.len() as u64 == length).then_some(text)
    }
}
