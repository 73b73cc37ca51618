//! The ends of a page: its head with the style sheet and the policy that lets it load nothing, and its foot.

use askama::Template;

use super::chip::Chip;
use super::text::Shown;

/// From the first line to the start of the main part.
#[derive(Template)]
#[template(path = "page/head.html")]
pub struct Head<'a> {
    /// What it comes to, as the first words of the title.
    pub lead: &'a str,
    /// One side.
    pub left: Shown<'a>,
    /// The other side, or what stands for all of them.
    pub right: Shown<'a>,
    /// The verdict, where there is one of the whole, and what it means.
    pub verdict: Option<(Chip, &'a str)>,
    /// The sections, as anchor and name.
    pub sections: Vec<(&'static str, &'static str)>,
}

/// From the heading of a section to its first part; it ends with [`SECTION_END`].
#[derive(Template)]
#[template(path = "page/section.html")]
pub struct Section<'a> {
    /// Its anchor.
    pub anchor: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// A sentence on what it is; empty where there is none.
    pub intro: &'a str,
}

/// The end of a section.
pub const SECTION_END: &[u8] = b"</section>\n";

/// From the end of the main part to the last line.
#[derive(Template)]
#[template(path = "page/foot.html")]
pub struct Foot<'a> {
    /// The version of the program.
    pub accord: &'a str,
    /// The id of the result, where it has one.
    pub id: Option<&'a str>,
}
