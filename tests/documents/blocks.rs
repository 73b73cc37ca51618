//! Fenced blocks of a document, and the commands in them.

use crate::pages::Page;
use crate::service::started_by;

/// A fenced block.
#[derive(Debug)]
pub struct Block {
    /// The first word after the fence.
    pub language: String,
    /// What follows it: a file name, or why the block is not run.
    pub note: String,
    /// The line of the fence, from 1.
    pub line: usize,
    /// The last line with text before it.
    pub before: String,
    pub lines: Vec<String>,
}

/// What a page asks to be done, in its order.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// A file that the page shows.
    File { name: String, text: String },
    /// A command, and the lines that it prints.
    Command { command: String, output: Vec<String> },
    /// Commands that end with 0, whatever they print.
    Script { text: String },
    /// Commands that are not run, and why.
    NotRun { reason: String, text: String },
}

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let (mut open, mut before): (Option<String>, &str) = (None, "");
    for (at, line) in text.lines().enumerate() {
        let fence: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &open {
            None if fence.len() >= 3 => {
                let info = line.trim_start().trim_start_matches('`').trim();
                let (language, note) = info.split_once(' ').unwrap_or((info, ""));
                let note = note.trim().to_owned();
                let (language, before) = (language.to_owned(), before.to_owned());
                out.push(Block { language, note, line: at + 1, before, lines: Vec::new() });
                open = Some(fence);
            }
            Some(opened) if fence.len() >= opened.len() && line.trim() == fence => open = None,
            Some(_) => out.last_mut().unwrap().lines.push(line.to_owned()),
            None if !line.trim().is_empty() => before = line,
            None => {}
        }
    }
    out
}

/// The steps of a page, each with its line.
///
/// # Panics
/// Where a block of commands is in a form that is not run.
pub fn steps(page: &Page) -> Vec<(usize, Step)> {
    blocks(&page.text).into_iter().flat_map(|block| of_block(page, block)).collect()
}

fn of_block(page: &Page, block: Block) -> Vec<(usize, Step)> {
    let text = block.lines.iter().map(|l| format!("{l}\n")).collect::<String>();
    let line = block.line;
    match block.language.as_str() {
        "console" | "sh" if !block.note.is_empty() => {
            let reason = block.note.strip_prefix("no-run:").map(str::trim).filter(|r| !r.is_empty());
            let reason = reason.unwrap_or_else(|| panic!("{}:{line}: expected `no-run: REASON`", page.path));
            vec![(line, Step::NotRun { reason: reason.to_owned(), text })]
        }
        "console" => commands(page, &block),
        "sh" if text.lines().any(|l| started_by(l).is_some()) => {
            panic!("{}:{line}: a service is started in a block of `console`", page.path)
        }
        "sh" => vec![(line, Step::Script { text })],
        "bash" | "shell" | "zsh" => panic!("{}:{line}: commands are in blocks of `console` or `sh`", page.path),
        _ if block.note.is_empty() || block.note.contains(char::is_whitespace) => Vec::new(),
        _ if !block.before.contains(&format!("`{}`", block.note)) => {
            panic!(
                "{}:{line}: readers do not see `{}`: name the file in the line before the block",
                page.path, block.note
            )
        }
        _ => vec![(line, Step::File { name: block.note, text })],
    }
}

/// Whether a command goes on in the next line: behind a `\`, or inside quotes.
fn goes_on(command: &str) -> bool {
    let open = command.chars().fold(None, |open, c| match (open, c) {
        (Some(quote), c) if c == quote => None,
        (None, '\'' | '"') => Some(c),
        (open, _) => open,
    });
    open.is_some() || command.ends_with('\\')
}

/// `$ COMMAND`, and what it prints.
fn commands(page: &Page, block: &Block) -> Vec<(usize, Step)> {
    let mut out: Vec<(usize, Step)> = Vec::new();
    let mut continued = false;
    for (at, line) in block.lines.iter().enumerate() {
        let here = block.line + 1 + at;
        if let (true, Some((_, Step::Command { command, .. }))) = (continued, out.last_mut()) {
            command.push('\n');
            command.push_str(line);
        } else if let Some(command) = line.strip_prefix("$ ") {
            out.push((here, Step::Command { command: command.to_owned(), output: Vec::new() }));
        } else if let Some((_, Step::Command { output, .. })) = out.last_mut() {
            output.push(line.clone());
            continue;
        } else {
            panic!("{}:{here}: a block of `console` starts with `$ `", page.path);
        }
        continued = out.last().is_some_and(|(_, s)| matches!(s, Step::Command { command, .. } if goes_on(command)));
    }
    out
}

#[test]
fn steps_are_read() {
    let text = "`a.json`:\n```json a.json\n{}\n```\n```console\n$ a 'b' \\\n  c\none\n…\n$ d 'e\nf'\n```\n\
                ````sh no-run: no network\n```\nf\n````\n```sh\ng\n```\n```json\n{}\n```\n";
    let page = Page { path: "x.md".to_owned(), text: text.to_owned() };
    let command = |command: &str, output: &[&str]| Step::Command {
        command: command.to_owned(),
        output: output.iter().map(|l| (*l).to_owned()).collect(),
    };
    let wanted = [
        (2, Step::File { name: "a.json".to_owned(), text: "{}\n".to_owned() }),
        (6, command("a 'b' \\\n  c", &["one", "…"])),
        (10, command("d 'e\nf'", &[])),
        (13, Step::NotRun { reason: "no network".to_owned(), text: "```\nf\n".to_owned() }),
        (17, Step::Script { text: "g\n".to_owned() }),
    ];
    assert_eq!(steps(&page), wanted);
}
