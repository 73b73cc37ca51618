//! The files of real answers: NDJSON line by line, JSON as a whole, Bundles by their entries.

use std::cell::OnceCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use fhir_accord_profiles::instance::{Limits, NameId, Names, Node, read_through};

use super::judge::InstanceJudge;
use super::limits::{BYTES_LIMIT, FILES_LIMIT};
use super::name::FileName;
use super::total::FileTotal;

/// How deeply Bundles in Bundles are read.
const DEPTH: usize = 4;

/// A file of answers.
pub(super) struct AnswerFile {
    path: PathBuf,
    /// Below the folder that was named.
    name: String,
}

/// The files that a path names.
pub(super) struct Answers {
    pub files: Vec<AnswerFile>,
    /// How many other files the folder has.
    pub left_out: usize,
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|x| x.eq_ignore_ascii_case("ndjson") || x.eq_ignore_ascii_case("jsonl"))
}

/// A file, or the JSON and NDJSON files of a folder and its folders, in the order of their names.
///
/// # Errors
/// A message where there is none, too many, or the path cannot be read.
pub(super) fn answers(path: &Path) -> Result<Answers, String> {
    if !path.is_dir() {
        File::open(path).map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(Answers { files: vec![AnswerFile { path: path.to_owned(), name }], left_out: 0 });
    }
    let (mut files, mut left_out) = (Vec::new(), 0);
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
        let found = entry.path();
        let is_json = found.extension().is_some_and(|x| x.eq_ignore_ascii_case("json"));
        if entry.file_type().is_file() && (is_json || is_lines(found)) {
            let name = found.strip_prefix(path).unwrap_or(found).to_string_lossy().into_owned();
            files.push(AnswerFile { path: found.to_owned(), name });
        } else if entry.file_type().is_file() {
            left_out += 1;
        }
        if files.len() > FILES_LIMIT {
            return Err(format!("`{}` has more than {FILES_LIMIT} files; name a smaller folder", path.display()));
        }
    }
    match files.len() {
        0 => Err(format!("`{}` has no instances: expected .ndjson or .json files", path.display())),
        _ => Ok(Answers { files, left_out }),
    }
}

impl AnswerFile {
    /// Judges all instances of the file. What cannot be read is counted.
    pub fn read(&self, judge: &mut InstanceJudge<'_>, profiles: usize) -> FileTotal {
        let mut total = FileTotal::new(profiles);
        let is_common = |word: &str| judge.is_type(word) || word.eq_ignore_ascii_case("bundle");
        let mut name = FileName::new(&self.name, is_common);
        let opened = File::open(&self.path);
        let done = opened.map(BufReader::new).and_then(|mut file| match is_lines(&self.path) {
            true => lines(&mut file, judge, &mut name, &mut total),
            false => whole(&mut file, judge, &mut name, &mut total),
        });
        if done.is_err() {
            total.unread += 1;
        }
        total.name = name.told();
        total
    }
}

fn lines(
    file: &mut impl BufRead,
    judge: &mut InstanceJudge<'_>,
    name: &mut FileName,
    total: &mut FileTotal,
) -> std::io::Result<()> {
    let bound = u64::try_from(BYTES_LIMIT).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if file.by_ref().take(bound).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.len() >= BYTES_LIMIT && line.last() != Some(&b'\n') {
            // The rest of the line is skipped.
            total.unread += 1;
            file.skip_until(b'\n')?;
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            name.look(&line);
            one(&line, number, judge, total, 0);
        }
    }
    Ok(())
}

fn whole(
    file: &mut impl Read,
    judge: &mut InstanceJudge<'_>,
    name: &mut FileName,
    total: &mut FileTotal,
) -> std::io::Result<()> {
    let mut text = Vec::new();
    file.take(u64::try_from(BYTES_LIMIT + 1).unwrap_or(u64::MAX)).read_to_end(&mut text)?;
    if text.len() > BYTES_LIMIT {
        total.unread += 1;
        return Ok(());
    }
    name.look(&text);
    one(&text, 1, judge, total, 0);
    Ok(())
}

/// A resource that starts on this line; a Bundle by the resources of its entries.
fn one(text: &[u8], start: usize, judge: &mut InstanceJudge<'_>, total: &mut FileTotal, depth: usize) {
    let Some(entries) = entries(text, judge.names()) else {
        match judge.judge(text) {
            Some(said) => total.add(start, said),
            None => total.unread += 1,
        }
        return;
    };
    if depth >= DEPTH {
        total.unread += 1;
        return;
    }
    let (mut at, mut line) = (0, start);
    for span in entries {
        let before = text.get(at..span.start).unwrap_or_default();
        line += memchr::memchr_iter(b'\n', before).count();
        at = span.start;
        one(text.get(span).unwrap_or_default(), line, judge, total, depth + 1);
    }
}

/// Where the resources of a Bundle are; `None` of what is no Bundle, or does not read.
fn entries(text: &[u8], names: &Names) -> Option<Vec<std::ops::Range<usize>>> {
    let mended = OnceCell::new();
    let tape = read_through(text, &mended, names, &Limits::default());
    let root = tape.root().filter(|_| !tape.is_fatal() && mended.get().is_none())?;
    let is_bundle = root.child_text(NameId::RESOURCE_TYPE).is_some_and(|t| t == "Bundle");
    let named = |name: &str| names.find(name.as_bytes());
    let (entry, resource) = (named("entry").filter(|_| is_bundle)?, named("resource")?);
    let span = |node: Node<'_>| {
        let span = node.child(resource)?.span();
        Some(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
    };
    Some(root.children_named(entry).filter_map(span).collect())
}
