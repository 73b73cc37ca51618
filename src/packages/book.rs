//! The definitions of the embedded packages as the program holds them: their texts in blocks, each compressed by
//! itself, so that one is read without the others, and an index of them. The build script makes both of the archives.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::registry::{Definition, DefinitionHead, Package};
use flate2::read::DeflateDecoder;

use super::embedded::Embedded;
use super::reading::ReadError;

/// What the build script made of a package.
struct Bound {
    id: &'static str,
    version: &'static str,
    /// How many bytes the index has.
    index_bytes: usize,
    /// The index, compressed: a line for each definition, its members by tabs, in the order of the package.
    index: &'static [u8],
    /// Of each block where it ends in `texts`, and how many bytes its text has.
    blocks: &'static [(u32, u32)],
    /// The blocks.
    texts: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/books.rs"));

/// One definition of a book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed<'b> {
    /// The resource type.
    pub resource_type: &'b str,
    /// The resource id; empty where there is none.
    pub id: &'b str,
    /// The canonical url; empty where there is none.
    pub url: &'b str,
    /// The business version; empty where there is none.
    pub version: &'b str,
    /// The file inside its package.
    pub file: &'b str,
    block: usize,
    start: usize,
    len: usize,
    /// Whether another definition contains it.
    is_inline: bool,
}

impl<'b> Listed<'b> {
    /// A line of the index, as the build script writes it.
    fn of(line: &'b str) -> Listed<'b> {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or_default();
        let (resource_type, id, url, version, file) = (next(), next(), next(), next(), next());
        let mut number = || next().parse().unwrap_or_default();
        let (block, start, len) = (number(), number(), number());
        let is_inline = next() == "inline";
        Listed { resource_type, id, url, version, file, block, start, len, is_inline }
    }

    fn head(&self) -> DefinitionHead {
        DefinitionHead {
            resource_type: self.resource_type.to_owned(),
            id: self.id.to_owned(),
            url: self.url.to_owned(),
            version: Some(self.version.to_owned()).filter(|v| !v.is_empty()),
            file: self.file.to_owned(),
        }
    }
}

/// The definitions of an embedded package, found by type and id or url.
pub struct Book {
    bound: &'static Bound,
    index: String,
    /// Where the lines of the index begin: in the order of type, id and file; of type, url, version and file.
    by_id: Vec<u32>,
    by_url: Vec<u32>,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Book({}#{})", self.bound.id, self.bound.version)
    }
}

impl Book {
    /// The book of an embedded package, whose index is read once; `None` where the binary is damaged.
    pub fn of(package: &Embedded) -> Option<&'static Book> {
        static OPEN: OnceLock<Vec<OnceLock<Option<Book>>>> = OnceLock::new();
        let all = OPEN.get_or_init(|| BOOKS.iter().map(|_| OnceLock::new()).collect());
        let at = place(package)?;
        let open = || BOOKS.get(at)?.read_index().ok().map(|index| Book::new(BOOKS.get(at)?, index))?;
        all.get(at)?.get_or_init(open).as_ref()
    }

    fn new(bound: &'static Bound, index: String) -> Option<Book> {
        let mut starts = Vec::new();
        let mut start = 0;
        for line in index.lines() {
            starts.push(u32::try_from(start).ok()?);
            start += line.len() + 1;
        }
        let mut book = Book { bound, index, by_id: Vec::new(), by_url: Vec::new() };
        let (mut by_id, mut by_url) = (starts.clone(), starts);
        by_id.sort_by_cached_key(|at| book.listed(*at).by_id());
        by_url.retain(|at| !book.listed(*at).url.is_empty());
        by_url.sort_by_cached_key(|at| book.listed(*at).by_url());
        (book.by_id, book.by_url) = (by_id, by_url);
        Some(book)
    }

    fn listed(&self, at: u32) -> Listed<'_> {
        let rest = self.index.get(at as usize..).unwrap_or_default();
        Listed::of(rest.split_once('\n').map_or(rest, |(line, _)| line))
    }

    /// The definitions of a type, in the order of id and file.
    pub fn by_type(&self, resource_type: &str) -> impl Iterator<Item = Listed<'_>> {
        let from = self.by_id.partition_point(|at| self.listed(*at).resource_type < resource_type);
        let all = self.by_id.iter().skip(from).map(|at| self.listed(*at));
        all.take_while(move |l| l.resource_type == resource_type)
    }

    /// The definitions of a type with this id, in the order of file.
    pub fn by_id(&self, resource_type: &str, id: &str) -> impl Iterator<Item = Listed<'_>> {
        let from = self.by_id.partition_point(|at| {
            let l = self.listed(*at);
            (l.resource_type, l.id) < (resource_type, id)
        });
        let all = self.by_id.iter().skip(from).map(|at| self.listed(*at));
        all.take_while(move |l| (l.resource_type, l.id) == (resource_type, id))
    }

    /// The definitions of a type with this url, in the order of version and file.
    pub fn by_url(&self, resource_type: &str, url: &str) -> impl Iterator<Item = Listed<'_>> {
        let from = self.by_url.partition_point(|at| {
            let l = self.listed(*at);
            (l.resource_type, l.url) < (resource_type, url)
        });
        let all = self.by_url.iter().skip(from).map(|at| self.listed(*at));
        all.take_while(move |l| (l.resource_type, l.url) == (resource_type, url))
    }

    /// The text of a definition of this book.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where the binary is damaged.
    pub fn text(&self, listed: &Listed<'_>) -> Result<Vec<u8>, ReadError> {
        let block = self.bound.block(listed.block)?;
        let text = listed.start.checked_add(listed.len).and_then(|end| block.get(listed.start..end));
        text.map(<[u8]>::to_vec).ok_or_else(damaged)
    }
}

impl<'b> Listed<'b> {
    fn by_id(&self) -> [&'b str; 3] {
        [self.resource_type, self.id, self.file]
    }

    fn by_url(&self) -> [&'b str; 4] {
        [self.resource_type, self.url, self.version, self.file]
    }
}

impl Bound {
    fn read_index(&self) -> Result<String, ReadError> {
        let mut index = String::with_capacity(self.index_bytes);
        let mut unpacked = DeflateDecoder::new(self.index).take(self.index_bytes as u64);
        unpacked.read_to_string(&mut index).map_err(|_| damaged())?;
        Ok(index)
    }

    /// Appends the text of a block.
    fn unpack(&self, number: usize, out: &mut Vec<u8>) -> Result<(), ReadError> {
        let (end, len) = *self.blocks.get(number).ok_or_else(damaged)?;
        let start = number.checked_sub(1).and_then(|before| self.blocks.get(before)).map_or(0, |(end, _)| *end);
        let packed = self.texts.get(start as usize..end as usize).ok_or_else(damaged)?;
        let before = out.len();
        DeflateDecoder::new(packed).take(u64::from(len)).read_to_end(out).map_err(|_| damaged())?;
        if out.len() - before == len as usize { Ok(()) } else { Err(damaged()) }
    }

    fn block(&self, number: usize) -> Result<Vec<u8>, ReadError> {
        let mut out = Vec::with_capacity(self.blocks.get(number).map_or(0, |(_, len)| *len as usize));
        self.unpack(number, &mut out)?;
        Ok(out)
    }

    /// All of it as a package.
    fn package(&self, package: &Embedded) -> Result<Package, ReadError> {
        let mut text = Vec::with_capacity(self.blocks.iter().map(|(_, len)| *len as usize).sum());
        let mut starts = Vec::with_capacity(self.blocks.len());
        for number in 0..self.blocks.len() {
            starts.push(text.len());
            self.unpack(number, &mut text)?;
        }
        let text: Arc<[u8]> = text.into();
        let index = self.read_index()?;
        let definition = |l: Listed<'_>| -> Result<Definition, ReadError> {
            let start = starts.get(l.block).and_then(|block| block.checked_add(l.start)).ok_or_else(damaged)?;
            Ok(Definition::new(l.head(), Arc::clone(&text), start..start.saturating_add(l.len)))
        };
        let definitions = index.lines().map(Listed::of).filter(|l| !l.is_inline).map(definition);
        let definitions = definitions.collect::<Result<Vec<_>, ReadError>>()?;
        let m = &package.manifest;
        let (id, version, dependencies) = (m.id.clone(), m.version.clone(), m.dependencies.clone());
        Ok(Package::new(id, version, m.fhir_version, dependencies, definitions, package.sha256.clone()))
    }
}

fn place(package: &Embedded) -> Option<usize> {
    BOOKS.iter().position(|b| b.id == package.manifest.id && b.version == package.manifest.version)
}

fn damaged() -> ReadError {
    ReadError::Damaged { why: "an embedded package is damaged, and with it the program".to_owned() }
}

impl Embedded {
    /// The package; read once as long as someone holds it.
    ///
    /// # Errors
    /// A book that does not read, which is a fault of the binary.
    pub fn load(&self) -> Result<Arc<Package>, ReadError> {
        let bound = place(self).and_then(|at| BOOKS.get(at)).ok_or_else(damaged)?;
        self.once(|| bound.package(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::embedded::list;

    type Row<'p> = (&'p str, &'p str, &'p str, &'p str, Option<&'p str>, &'p [u8]);

    fn all(package: &Package) -> Vec<Row<'_>> {
        let definitions = package.definitions.iter();
        definitions.map(|d| (&*d.resource_type, &*d.id, &*d.url, &*d.file, d.version.as_deref(), d.text())).collect()
    }

    #[test]
    fn a_book_holds_what_its_archive_does() {
        for embedded in list() {
            let (own, archive) = (embedded.load().unwrap(), embedded.unpack().unwrap());
            assert_eq!((own.name(), own.fhir_version), (archive.name(), archive.fhir_version));
            assert!(all(&own) == all(&archive), "{}", own.name());
        }
    }

    #[test]
    fn each_definition_is_found_and_read_by_itself() {
        for embedded in list() {
            let (book, package) = (Book::of(embedded).unwrap(), embedded.load().unwrap());
            for d in package.definitions.iter().step_by(7) {
                let mut found = book.by_id(&d.resource_type, &d.id).filter(|l| l.file == d.file);
                let listed = found.next().unwrap();
                assert_eq!((listed.url, listed.version), (&*d.url, d.version.as_deref().unwrap_or_default()));
                assert!(book.text(&listed).unwrap() == d.text(), "{} {}", package.name(), d.file);
                assert!(d.url.is_empty() || book.by_url(&d.resource_type, &d.url).any(|l| l == listed));
                assert!(book.by_type(&d.resource_type).any(|l| l == listed));
            }
            assert_eq!(book.by_type("Patient").count() + book.by_id("Patient", "x").count(), 0);
            assert_eq!(book.by_url("StructureDefinition", "http://test.example").count(), 0);
            let types: std::collections::BTreeSet<_> = package.definitions.iter().map(|d| &*d.resource_type).collect();
            let count: usize = types.into_iter().map(|t| book.by_type(t).count()).sum();
            assert_eq!(count, package.definitions.len(), "{}", package.name());
        }
    }

    #[test]
    fn damage_is_an_error() {
        let good = BOOKS.iter().find(|b| b.id == "hl7.fhir.ca.baseline").unwrap();
        assert!(good.block(good.blocks.len()).is_err());
        let cut = Bound { texts: &good.texts[..good.texts.len() - 9], ..*good };
        assert!(cut.block(good.blocks.len() - 1).is_err() && cut.block(0).is_ok());
        let index = Bound { index: &good.index[..good.index.len() / 2], ..*good };
        assert!(index.read_index().is_err());
    }
}
