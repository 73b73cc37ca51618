//! CSV files with a header: rows by the names of their columns.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::super::TerminologyError;
use super::super::inputs::Input;
use super::super::lines::{text, without_mark};
use super::super::told::{Fault, Told};

/// A row, and where the wanted columns are in it.
pub struct Row<'r> {
    record: &'r ByteRecord,
    places: &'r [Option<usize>],
    /// Its line, from 1.
    pub line: u64,
    input: &'r Input,
}

impl<'r> Row<'r> {
    /// The text of the wanted column of this number, without white space around it; empty where the file does not have
    /// it.
    pub fn get(&self, column: usize, told: &mut Told) -> Cow<'r, str> {
        let place = self.places.get(column).copied().flatten();
        let bytes = place.and_then(|i| self.record.get(i)).unwrap_or_default();
        text(bytes.trim_ascii(), self.input, self.line, told)
    }
}

/// What separates the columns of a header.
fn separator(header: &[u8]) -> u8 {
    let count = |c: u8| header.iter().filter(|b| **b == c).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(b',')
}

fn columns_of(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|c| String::from_utf8_lossy(without_mark(c)).trim().to_owned()).collect()
}

/// Calls `each` with every row. Of the wanted columns the first `needed` must be there. Rows with another number of
/// columns than the header are noted.
///
/// # Errors
/// A file that cannot be read, is empty, or lacks a column.
pub fn rows(
    input: &Input,
    wanted: &[&str],
    needed: usize,
    told: &mut Told,
    mut each: impl FnMut(&Row<'_>, &mut Told),
) -> Result<u64, TerminologyError> {
    let why = |why: String| TerminologyError::Read { file: input.name.clone(), why };
    let start = input.start(1 << 16)?;
    let header = start.split(|b| *b == b'\n').next().unwrap_or_default();
    input.open(|reader| {
        // Lines end with LF: behind CR LF, the reader would count one line too few.
        let mut csv = ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .terminator(Terminator::Any(b'\n'))
            .delimiter(separator(header))
            .from_reader(reader);
        let mut record = ByteRecord::new();
        let failed = |e: csv::Error| why(e.to_string());
        if !csv.read_byte_record(&mut record).map_err(failed)? {
            return Err(why("the file is empty".to_owned()));
        }
        let names = columns_of(&record);
        let find = |name: &&str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
        let places: Vec<Option<usize>> = wanted.iter().map(find).collect();
        if let Some((name, _)) = wanted.iter().zip(&places).take(needed).find(|(_, place)| place.is_none()) {
            return Err(why(format!("line 1: no column `{name}`; found {}", names.join(", "))));
        }
        let mut count = 0;
        while csv.read_byte_record(&mut record).map_err(failed)? {
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(|column| column.trim_ascii().is_empty()) && record.len() == 1 {
                continue;
            }
            if record.len() != names.len() {
                let (expected, found) = (names.len(), record.len());
                told.note(Fault::Short, &input.name, line, || format!("expected {expected} columns, found {found}"));
                continue;
            }
            count += 1;
            each(&Row { record: &record, places: &places, line, input }, told);
        }
        Ok(count)
    })
}
