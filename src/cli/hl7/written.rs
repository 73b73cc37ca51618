//! The result as HL7's validator writes it, in the style that is asked for.

use std::fmt::Write;
use std::io;

use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::model::Model;
use serde_json::Value;

use super::asked::Style;
use super::resource;
use crate::hl7::{Chosen, Level, Message, messages};
use crate::printable::{Printable, one_line};

/// The rule between the inputs of the style `compact`.
const RULE: &str = "----------------------------------------------------------------------------------";

/// What is written.
pub(super) struct Page {
    style: Style,
    show_ids: bool,
    chosen: Chosen,
    inputs: usize,
    errors: u64,
    /// Of the only input so far, as text for one and for one of several.
    first: Option<[String; 2]>,
    text: String,
    outcomes: Vec<Value>,
}

impl Page {
    pub(super) fn new(style: Style, show_ids: bool, chosen: Chosen) -> Page {
        let text = if style == Style::Csv { "file, line, col, level, message\n".to_owned() } else { String::new() };
        Page { style, show_ids, chosen, inputs: 0, errors: 0, first: None, text, outcomes: Vec::new() }
    }

    /// Whether nothing was examined.
    pub(super) fn is_empty(&self) -> bool {
        self.inputs == 0
    }

    /// How many errors there are in all inputs.
    pub(super) fn errors(&self) -> u64 {
        self.errors
    }

    /// Adds the report on an input; `remark`: what the settings of a project changed in it.
    pub(super) fn add(&mut self, source: &str, report: &Report, remark: Option<String>) {
        let mut found = messages(report, &self.chosen);
        let changed = |text| Message::beside(Level::Information, "settings", "informational", text);
        found.extend(remark.map(changed));
        self.inputs += 1;
        self.errors += errors(&found);
        match self.style {
            Style::Text => self.summary(source, &found),
            Style::Csv if found.is_empty() => {
                self.text += &format!("{}, , , Information, \"All OK\"\n", one_line(source))
            }
            Style::Csv => found.iter().for_each(|m| self.text += &csv(source, m)),
            Style::Compact => self.text += &compact(source, &found),
            Style::EsLint if found.is_empty() => {
                self.text += &format!("{}: line -1, col-1, Information - All OK\n", one_line(source));
            }
            Style::EsLint => found.iter().for_each(|m| self.text += &eslint(source, m)),
            Style::Json | Style::Xml => self.outcomes.push(resource::outcome(source, &found)),
        }
    }

    fn summary(&mut self, source: &str, found: &[Message<'_>]) {
        let own = self.lines(found);
        let of_several = framed(source, &own);
        if self.inputs == 1 {
            self.first = Some([own, of_several]);
            return;
        }
        if let Some([_, first]) = self.first.take() {
            self.text += &first;
        }
        self.text += &of_several;
    }

    /// The line of the verdict, and one for each message, or for that there is none.
    fn lines(&self, found: &[Message<'_>]) -> String {
        if found.is_empty() {
            return "Success: 0 errors, 0 warnings, 1 notes\n  Information: All OK\n".to_owned();
        }
        let of = |level: Level| found.iter().filter(|m| m.level == level).count();
        let errors = errors(found);
        let verdict = if errors == 0 { "Success" } else { "*FAILURE*" };
        let (warnings, notes) = (of(Level::Warning), of(Level::Information));
        let mut out = format!("{verdict}: {errors} errors, {warnings} warnings, {notes} notes\n");
        for m in found {
            let id = if self.show_ids { format!(" {{{}}}", m.message_id) } else { String::new() };
            let (place, text) = (one_line(m.location), one_line(&m.message));
            let (level, line, col) = (shown(m.level), m.line, m.col);
            let _ = writeln!(out, "  {level} @ {place} (line {line}, col{col}): {text}{id}");
        }
        out
    }

    /// All of it.
    ///
    /// # Errors
    /// Where it cannot be written in this style.
    pub(super) fn finish(self, model: &Model) -> Result<Vec<u8>, String> {
        let text = match self.style {
            Style::Json => {
                serde_json::to_string_pretty(&resource::json(self.outcomes)).map_err(|e| e.to_string())? + "\n"
            }
            Style::Xml => resource::xml(self.outcomes, model)?,
            _ => self.first.map_or(self.text, |[only, _]| only),
        };
        let mut out = Vec::with_capacity(text.len());
        let written = io::Write::write_all(&mut Printable::new(&mut out), text.as_bytes());
        written.map(|()| out).map_err(|e| e.to_string())
    }
}

fn errors(found: &[Message<'_>]) -> u64 {
    found.iter().filter(|m| m.level <= Level::Error).count() as u64
}

fn shown(level: Level) -> &'static str {
    match level {
        Level::Fatal => "Fatal",
        Level::Error => "Error",
        Level::Warning => "Warning",
        Level::Information => "Information",
    }
}

/// The lines of one of several inputs.
fn framed(source: &str, lines: &str) -> String {
    let source = one_line(source);
    let width = source.chars().count();
    let (head, foot) = ("-".repeat((width + 6).max(38)), "-".repeat(width));
    format!("-- {source} --{head}\n{lines}---{foot}---{head}\n\n")
}

fn csv(source: &str, m: &Message<'_>) -> String {
    let text = one_line(&m.message).replace('"', "\"\"");
    format!("{}, {}, {}, {}, \"{text}\"\n", one_line(source), m.line, m.col, shown(m.level))
}

fn eslint(source: &str, m: &Message<'_>) -> String {
    let (source, text) = (one_line(source), one_line(&m.message));
    format!("{source}: line {}, col{}, {} - {text}\n", m.line, m.col, shown(m.level))
}

/// The messages in the order of their places.
fn compact(source: &str, found: &[Message<'_>]) -> String {
    let mut sorted: Vec<&Message<'_>> = found.iter().collect();
    sorted.sort_by_key(|m| (m.line, m.col, m.location));
    let mut out = format!("\n{RULE}\n{}\n", one_line(source));
    if sorted.is_empty() {
        out += "[-1, -1] n/a: Information - All OK\n";
    }
    for m in sorted {
        let (place, text) = (one_line(m.location), one_line(&m.message));
        let _ = writeln!(out, "[{}, {}] {place}: {} - {text}", m.line, m.col, shown(m.level));
    }
    out + "\n"
}

#[cfg(test)]
#[path = "written_tests.rs"]
mod tests;
