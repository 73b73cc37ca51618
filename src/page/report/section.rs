//! The inputs of one verdict, as far as they are shown.

use std::io::{Result, Write};

use askama::Template;

use super::super::frame::{SECTION_END, Section};
use super::super::text::Shown;
use super::bounds::{INPUTS, ISSUES, NAMES};
use super::input::InputPart;

/// The inputs of one verdict.
#[derive(Default, Debug)]
pub struct OfVerdict {
    html: String,
    inputs: usize,
    issues: usize,
    /// Inputs that are only named.
    names: Vec<String>,
    /// Inputs with issues, and issues, that are not shown.
    left_out: (u64, u64),
    /// Inputs that are not named.
    unnamed: u64,
}

/// What is behind the inputs that are shown.
#[derive(Template)]
#[template(path = "page/report/rest.html")]
struct Rest<'a> {
    names: &'a [String],
    inputs: u64,
    issues: u64,
    unnamed: u64,
    bounds: (usize, usize, usize),
}

impl OfVerdict {
    /// Takes an input, as far as there is room.
    pub fn add(&mut self, part: InputPart) {
        if part.html.is_empty() {
            match self.names.len() < NAMES {
                true => self.names.push(part.source),
                false => self.unnamed += 1,
            }
        } else if self.inputs < INPUTS && (self.issues == 0 || self.issues + part.issues <= ISSUES) {
            self.inputs += 1;
            self.issues += part.issues;
            self.html += &part.html;
        } else {
            self.left_out.0 += 1;
            self.left_out.1 += part.found;
        }
    }

    /// Whether there is no input.
    pub fn is_empty(&self) -> bool {
        self.inputs == 0 && self.names.is_empty() && self.left_out.0 == 0
    }

    /// Writes them as a section.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, anchor: &'static str, title: &'static str, out: &mut dyn Write) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        Section { anchor, title, intro: "" }.write_into(out)?;
        out.write_all(self.html.as_bytes())?;
        let (inputs, issues) = self.left_out;
        let (names, unnamed, bounds) = (self.names.as_slice(), self.unnamed, (INPUTS, ISSUES, NAMES));
        Rest { names, inputs, issues, unnamed, bounds }.write_into(out)?;
        out.write_all(SECTION_END)
    }
}

#[cfg(test)]
#[path = "section_tests.rs"]
mod tests;
