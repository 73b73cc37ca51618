//! What a client needs as a table: type, item, where it was first seen, how often.

use std::io::{self, Write};

use crate::capability::client::Recorder;

/// Writes the table, its columns as wide as they need to be.
pub(super) fn write(client: &Recorder, out: &mut dyn Write) -> io::Result<()> {
    let head = ["type", "item", "where from", "how often"].map(str::to_owned);
    let rows = client.rows().map(|row| {
        [row.resource_type.unwrap_or("(system)").to_owned(), row.item.to_string(), row.first, row.count.to_string()]
    });
    let all: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
    let mut widths = [0; 3];
    for row in &all {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [first, second, third] = widths;
    for [name, item, from, count] in &all {
        writeln!(out, "{name:first$}  {item:second$}  {from:third$}  {count}")?;
    }
    Ok(())
}
