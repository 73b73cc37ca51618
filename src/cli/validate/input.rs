//! Where instances are read from: files, folders, standard input; whole, or line by line. A health card stands for the
//! credentials in it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::passed::Passed;
use super::reading::{self, Form};
use super::target::{Identity, Taken};
use crate::card;
use crate::render::Origin;

/// The endings of the files of a folder that are read, whatever their capitals; after them may come those of
/// compressed files.
const ENDINGS: &[&str] = &["json", "ndjson", "jsonl", "xml", "smart-health-card"];
/// Those of them that hold an instance a line.
const OF_LINES: &[&str] = &["ndjson", "jsonl"];
/// The endings of compressed files.
const PACKED: &[&str] = &["gz", "zst"];

/// One instance with where it came from.
pub(super) struct Input {
    pub(super) source: String,
    pub(super) text: Vec<u8>,
    /// How many bytes of `source` are the name of the file.
    pub(super) name: usize,
    /// The line of the file (from 1) on which it begins; `None`: its text does not stand there as it is.
    first_line: Option<u32>,
}

/// What names a resource.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    resource_type: String,
    id: String,
}

impl Input {
    /// A file that is one instance.
    pub(super) fn whole(source: String, text: Vec<u8>) -> Input {
        Input { name: source.len(), source, text, first_line: Some(1) }
    }

    /// A line of a file, from 1.
    fn of_line(name: &str, number: u64, text: Vec<u8>) -> Input {
        Input { source: format!("{name}:{number}"), text, name: name.len(), first_line: u32::try_from(number).ok() }
    }

    /// A credential of a health card.
    fn of_card(name: &str, place: &str, text: Vec<u8>) -> Input {
        let source = if place.is_empty() { name.to_owned() } else { format!("{name}#{place}") };
        Input { source, text, name: name.len(), first_line: None }
    }

    /// Where it came from.
    pub(super) fn origin(&self) -> Origin<'_> {
        let file = self.source.get(..self.name).filter(|name| *name != "-");
        Origin { source: &self.source, file, first_line: self.first_line }
    }

    /// The file.
    pub(super) fn file(&self) -> &str {
        self.source.get(..self.name).unwrap_or(&self.source)
    }

    /// What names the instance among those of its file: the place in a card; of a line the resource's type and id, or
    /// else its number.
    pub(super) fn within(&self) -> Option<String> {
        let rest = self.source.get(self.name..).filter(|rest| !rest.is_empty())?;
        match rest.strip_prefix(':') {
            None => Some(rest.trim_start_matches('#').to_owned()),
            Some(line) => {
                let head = serde_json::from_slice::<Head>(&self.text).ok();
                Some(head.map_or_else(|| line.to_owned(), |h| format!("{}/{}", h.resource_type, h.id)))
            }
        }
    }
}

/// Reads inputs, and hands them on in their order.
pub(super) struct Inputs<'a> {
    /// Whether standard input and the files that are named hold an instance a line, whatever they are called.
    pub(super) lines: bool,
    /// The file that the result is written to: it is no input.
    pub(super) taken: &'a Taken,
    /// Who takes them; he may have had enough.
    pub(super) each: &'a mut dyn FnMut(Input) -> ControlFlow<()>,
    /// What was not read.
    pub(super) passed: Passed,
}

/// The ending that tells what a file holds, in small letters; that of compression is no such ending.
fn ending(path: &Path) -> String {
    let of = |path: &Path| path.extension().map(|x| x.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let last = of(path);
    match path.file_stem().filter(|_| PACKED.contains(&last.as_str())) {
        Some(stem) => of(Path::new(stem)),
        None => last,
    }
}

/// Whether the name of a file says that it is compressed.
fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|x| PACKED.contains(&x.to_string_lossy().to_ascii_lowercase().as_str()))
}

impl Inputs<'_> {
    /// Reads a file, a folder, or for `-` standard input. What cannot be read is told, and keeps nothing else from
    /// being read.
    pub(super) fn named(&mut self, name: &Path) -> ControlFlow<()> {
        if name == Path::new("-") {
            return match self.taken.is(Identity::named(name).as_ref()) {
                true => self.refuse("-"),
                false => self.stream("-", &mut io::stdin().lock(), self.lines.then_some(true)),
            };
        }
        if name.is_dir() {
            return self.folder(name);
        }
        let lines = self.lines || OF_LINES.contains(&ending(name).as_str());
        self.file(name, lines, true)
    }

    fn folder(&mut self, folder: &Path) -> ControlFlow<()> {
        let mut found = 0;
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let path = e.path().unwrap_or(folder).display().to_string();
                    self.passed.fail(&format!("could not read `{path}`: {}", plain(&e)));
                    continue;
                }
            };
            if self.is_wanted(&entry) {
                found += 1;
                self.file(entry.path(), OF_LINES.contains(&ending(entry.path()).as_str()), false)?;
            }
        }
        if found == 0 {
            self.passed.fail(&format!(
                "folder `{}` contains no instances: expected .json, .xml, .ndjson, .jsonl or .smart-health-card files, \
                 or one of these with .gz or .zst",
                folder.display()
            ));
        }
        ControlFlow::Continue(())
    }

    /// Whether what a folder contains is read; what is not is noted. Links to files are followed, those to folders are
    /// not: they may lead in circles, or out of what was meant.
    fn is_wanted(&mut self, entry: &DirEntry) -> bool {
        let (path, mut kind) = (entry.path(), entry.file_type());
        if kind.is_dir() || self.taken.is_unfinished(path) {
            return false;
        }
        let ending = ending(path);
        if kind.is_symlink() {
            kind = match std::fs::metadata(path) {
                Ok(found) => found.file_type(),
                Err(_) if !ENDINGS.contains(&ending.as_str()) => return self.passed.other(path, &ending),
                Err(e) => {
                    self.passed.fail(&format!("could not read `{}`: {e}", path.display()));
                    return false;
                }
            };
        }
        if kind.is_dir() {
            return self.passed.link(path);
        }
        if !ENDINGS.contains(&ending.as_str()) {
            return self.passed.other(path, &ending);
        }
        kind.is_file() || self.passed.special(path)
    }

    /// Reads a file; `is_named`: not because it is in a folder.
    fn file(&mut self, path: &Path, lines: bool, is_named: bool) -> ControlFlow<()> {
        let name = path.display().to_string();
        let opened = File::open(path).and_then(|file| {
            let identity = Identity::of(&file, path);
            let is_taken = self.taken.is(identity.as_ref());
            let is_baseline = !is_named && self.taken.is_baseline(identity.as_ref());
            let mut stream = BufReader::with_capacity(1 << 16, file);
            if !is_taken && is_packed(path) && stream.fill_buf()?.is_empty() {
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "it is compressed by its name, and has no bytes"));
            }
            Ok((stream, is_taken, is_baseline))
        });
        match opened {
            Ok((_, _, true)) => {
                self.passed.baseline(path);
                ControlFlow::Continue(())
            }
            Ok((_, true, _)) if is_named => self.refuse(&name),
            Ok((_, true, _)) => {
                self.passed.result(path);
                ControlFlow::Continue(())
            }
            Ok((mut stream, false, false)) => self.stream(&name, &mut stream, Some(lines)),
            Err(e) => {
                self.passed.fail(&format!("could not read `{name}`: {e}"));
                ControlFlow::Continue(())
            }
        }
    }

    /// An input was named that the result is written to. Where it would be replaced, nothing more is done.
    fn refuse(&mut self, name: &str) -> ControlFlow<()> {
        let why = format!("`{name}` is an input, and the result is written to it; give another file for one of them");
        match self.taken.is_replaced {
            true => {
                self.passed.refuse(why);
                ControlFlow::Break(())
            }
            false => {
                self.passed.fail(&why);
                ControlFlow::Continue(())
            }
        }
    }

    /// Reads a stream; `lines` says whether it has an instance a line, `None` that nobody knows. That the reading
    /// breaks down keeps nothing else from being read.
    fn stream(&mut self, name: &str, stream: &mut dyn BufRead, lines: Option<bool>) -> ControlFlow<()> {
        catch_unwind(AssertUnwindSafe(|| self.streamed(name, stream, lines))).unwrap_or_else(|_| {
            self.passed.fail(&format!("`{name}` was not read to its end: reading it is an error of this program"));
            ControlFlow::Continue(())
        })
    }

    fn streamed(&mut self, name: &str, stream: &mut dyn BufRead, lines: Option<bool>) -> ControlFlow<()> {
        let read = reading::unpacked(stream).and_then(|mut stream| {
            let form = match lines {
                None => reading::form(&mut stream)?,
                Some(true) => Form::Lines(Vec::new()),
                Some(false) => Form::Whole(Vec::new()),
            };
            match form {
                Form::Whole(start) => reading::whole(&mut stream, start).map(|text| self.whole(name, text)),
                Form::Lines(start) => self.lines(name, &mut Cursor::new(start).chain(stream)),
            }
        });
        read.unwrap_or_else(|e| {
            self.passed.fail(&format!("could not read `{name}`: {e}"));
            ControlFlow::Continue(())
        })
    }

    fn lines(&mut self, name: &str, stream: &mut dyn BufRead) -> io::Result<ControlFlow<()>> {
        let (mut number, mut is_empty) = (0_u64, true);
        while let Some(text) = reading::line(stream)? {
            number += 1;
            if text.trim_ascii().is_empty() {
                continue;
            }
            is_empty = false;
            if (self.each)(Input::of_line(name, number, text)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if is_empty {
            self.passed.empty(name);
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A file that holds one instance, or one health card.
    fn whole(&mut self, name: &str, text: Vec<u8>) -> ControlFlow<()> {
        match card::credentials(&text) {
            Err(why) => {
                self.passed.fail(&format!("`{name}` was not examined: {why}"));
                ControlFlow::Continue(())
            }
            Ok(None) => (self.each)(Input::whole(name.to_owned(), text)),
            Ok(Some(all)) => all.into_iter().try_for_each(|c| (self.each)(Input::of_card(name, &c.place, c.text))),
        }
    }
}

/// What the operating system says, without the path that is named beside it.
fn plain(e: &walkdir::Error) -> String {
    e.io_error().map_or_else(|| e.to_string(), io::Error::to_string)
}

#[cfg(test)]
mod tests {
    use super::super::progress::Aside;
    use super::*;

    #[test]
    fn endings_have_no_capitals_and_no_compression() {
        let of = |name: &str| ending(Path::new(name));
        assert_eq!(
            [of("a/b.JSON"), of("a.ndjson.GZ"), of("a.zst"), of("gz"), of("a.json.txt")],
            ["json", "ndjson", "", "", "txt"]
        );
    }

    #[test]
    fn a_breakdown_costs_one_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.json", "b.json", "c.json"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let mut seen = Vec::new();
        let mut each = |input: Input| {
            assert_ne!(input.text, b"b.json", "expected");
            seen.push(input.text);
            ControlFlow::Continue(())
        };
        let taken = Taken::default();
        let passed = Passed::new(false, true, Aside::default());
        let mut inputs = Inputs { lines: false, taken: &taken, each: &mut each, passed };
        assert!(inputs.named(folder.path()).is_continue());
        assert_eq!(inputs.passed.failures(), 1);
        assert_eq!(seen, [b"a.json", b"c.json"]);
    }
}
