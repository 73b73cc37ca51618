//! CSV files of any kind, with a map of their columns.

use super::super::TerminologyError;
use super::super::inputs::Input;
use super::super::options::{Columns, Options};
use super::super::set::{Draft, Kind, Meta};
use super::super::told::{Fault, Told};
use super::names::from;
use super::table::rows;

/// A code and its parents as the file has them, with its line.
struct Upward {
    child: u32,
    parents: String,
    line: u64,
}

pub(super) fn read(files: &[&Input], options: &Options, told: &mut Told) -> Result<Draft, TerminologyError> {
    let ask = |why: &str| TerminologyError::Ask(why.to_owned());
    let columns = options.columns.as_ref().ok_or_else(|| ask("a CSV file needs --code COLUMN"))?;
    let url = options.system.as_deref().ok_or_else(|| ask("a CSV file needs --system URL"))?;
    let version = options.version.as_deref().unwrap_or_default();
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, url, version));
    for input in files {
        let language = draft.language(options.language.as_deref().unwrap_or_default());
        one(input, columns, language, &mut draft, told)?;
        from(&mut draft, input);
    }
    Ok(draft)
}

/// Where the columns that are named are among those that are asked for.
struct Places<'c> {
    wanted: Vec<&'c str>,
    names: Vec<usize>,
    properties: Vec<usize>,
    parent: Option<usize>,
    inactive: Option<(usize, &'c str)>,
}

fn place<'c>(wanted: &mut Vec<&'c str>, name: &'c str) -> usize {
    wanted.push(name);
    wanted.len() - 1
}

impl<'c> Places<'c> {
    fn of(columns: &'c Columns) -> Places<'c> {
        let mut wanted = vec![columns.code.as_str()];
        let names = columns.display.iter().chain(&columns.synonyms).map(|n| place(&mut wanted, n)).collect();
        let properties = columns.properties.iter().map(|p| place(&mut wanted, p)).collect();
        let parent = columns.parent.as_ref().map(|p| place(&mut wanted, p));
        let inactive = columns.inactive.as_ref().map(|(c, value)| (place(&mut wanted, c), value.as_str()));
        Places { wanted, names, properties, parent, inactive }
    }
}

fn one(
    input: &Input,
    columns: &Columns,
    language: u16,
    draft: &mut Draft,
    told: &mut Told,
) -> Result<(), TerminologyError> {
    let properties: Vec<u16> = columns.properties.iter().map(|p| draft.property(p)).collect();
    let places = Places::of(columns);
    let mut upward: Vec<Upward> = Vec::new();
    // Every column that is named must be there.
    rows(input, &places.wanted, places.wanted.len(), told, |row, told| {
        let code = row.get(0, told);
        let code = code.trim();
        if code.is_empty() {
            told.note(Fault::NoCode, &input.name, row.line, || format!("`{}` is empty", columns.code));
            return;
        }
        let (index, is_new) = draft.add(code);
        if !is_new {
            told.note(Fault::Duplicate, &input.name, row.line, || {
                format!("code `{code}` came before; its names and parents are added to the first")
            });
        }
        let mut get = |i: &usize| row.get(*i, told);
        let names: Vec<_> = places.names.iter().map(&mut get).collect();
        let values: Vec<_> = places.properties.iter().map(&mut get).collect();
        let inactive = places.inactive.is_some_and(|(i, value)| get(&i).trim() == value);
        if let Some(parents) = places.parent.map(|i| get(&i)).filter(|p| !p.trim().is_empty()) {
            upward.push(Upward { child: index, parents: parents.into_owned(), line: row.line });
        }
        let Some(concept) = draft.at(index) else { return };
        names.iter().for_each(|name| concept.name(language, name));
        properties.iter().zip(&values).for_each(|(p, value)| concept.has(*p, value));
        concept.inactive |= is_new && inactive;
    })?;
    for Upward { child, parents, line } in upward {
        for parent in parents.split('|').map(str::trim).filter(|p| !p.is_empty()) {
            match draft.find(parent) {
                Some(found) => draft.links.push((child, found)),
                None => told.note(Fault::NoParent, &input.name, line, || format!("no code `{parent}`")),
            }
        }
    }
    draft.meta.hierarchy |= places.parent.is_some();
    Ok(())
}
