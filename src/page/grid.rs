//! A table of rows by columns, whose cells have a word with a tone, a text, reasons and details: any of them, or none.

use askama::Template;

use super::chip::Chip;
use super::details::Details;
use super::reasons::Reasons;
use super::text::Shown;

/// The start of a table.
#[derive(Template)]
#[template(path = "page/grid_head.html")]
pub struct GridStart<'a> {
    /// Its class in the style sheet, where it has widths of its own.
    pub class: &'static str,
    /// What it shows.
    pub caption: &'a str,
    /// What its rows are.
    pub corner: &'a str,
    /// The names of its columns.
    pub columns: &'a [Shown<'a>],
}

/// One row.
#[derive(Template)]
#[template(path = "page/grid_row.html")]
pub struct GridLine<'a> {
    /// The id that its name links to.
    pub anchor: Option<String>,
    /// Its name.
    pub name: Shown<'a>,
    /// One for each column.
    pub cells: Vec<GridCell<'a>>,
}

/// One cell.
pub struct GridCell<'a> {
    /// The name of its column, for windows that are too narrow for a table.
    pub label: Shown<'a>,
    /// Its verdict.
    pub chip: Option<Chip>,
    /// Its text.
    pub text: Shown<'a>,
    /// The id that its text links to, with what is there, for those who do not see where the link is.
    pub link: Option<(String, String)>,
    /// Why it is so.
    pub why: Reasons,
    /// What it has to say beyond that.
    pub details: Option<Details<'a>>,
}

/// The end of a table.
#[derive(Template)]
#[template(path = "page/grid_foot.html")]
pub struct GridEnd {
    /// How many rows are left out.
    pub more: usize,
    /// What they are, in the plural.
    pub what: &'static str,
}

impl<'a> GridCell<'a> {
    /// A cell with a verdict.
    pub fn chip(label: &'a str, chip: impl Into<Chip>) -> GridCell<'a> {
        GridCell { chip: Some(chip.into()), ..GridCell::text(label, "") }
    }

    /// A cell with a text.
    pub fn text(label: &'a str, text: &'a str) -> GridCell<'a> {
        let (label, text) = (Shown::name(label), Shown::text(text));
        GridCell { label, chip: None, text, link: None, why: Reasons::default(), details: None }
    }

    /// The cell with a link.
    pub fn linked(self, link: Option<(String, String)>) -> GridCell<'a> {
        GridCell { link, ..self }
    }

    /// The cell with reasons.
    pub fn because(self, why: Reasons) -> GridCell<'a> {
        GridCell { why, ..self }
    }
}
