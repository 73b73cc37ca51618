//! The README keeps its word: each command of a `console` block is run, and what it prints is what stands there.
//!
//! A line `$ command` starts a command; what follows it, up to the next one, is its output. A line `…` stands for any
//! lines.

use std::fs;

use crate::support::{accord, root};

/// A command and the output that the README shows.
#[derive(Debug, PartialEq)]
struct Shown {
    command: String,
    output: Vec<String>,
}

fn shown(readme: &str) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, l) => match (l.strip_prefix("$ "), out.last_mut()) {
                (Some(command), _) => out.push(Shown { command: command.to_owned(), output: Vec::new() }),
                (None, Some(last)) if last.output.is_empty() && last.command.ends_with('\\') => {
                    last.command.truncate(last.command.len() - 1);
                    last.command.push_str(l.trim_start());
                }
                (None, Some(last)) => last.output.push(l.to_owned()),
                (None, None) => panic!("a console block starts with `$ `: {l}"),
            },
            _ => {}
        }
    }
    out
}

/// The words of a command line; quotes hold words together.
fn words(command: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => out.push(String::new()),
            _ => out.last_mut().unwrap().push(c),
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

/// Whether the lines are those wanted, `…` standing for any.
fn fits(wanted: &[String], found: &[&str]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((w, rest)) if w == "…" => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        Some((w, rest)) => found.split_first().is_some_and(|(f, more)| f.trim_end() == w.trim_end() && fits(rest, more)),
    }
}

#[test]
fn commands_print_what_the_readme_shows() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let all = shown(&readme);
    let mut run = 0;
    for Shown { command, output } in &all {
        let words = words(command);
        if words[0] == "accord" && words[1] != "serve" && words[1] != "package" {
            let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
            let found = accord(&arguments);
            let lines: Vec<&str> = found.out.lines().chain(found.err.lines()).collect();
            assert!(fits(output, &lines), "the README shows for `{command}`:\n{}\nbut it prints:\n{}", output.join("\n"), lines.join("\n"));
            run += 1;
        }
    }
    assert!(run >= 4, "the README shows {run} commands");
}

#[test]
fn the_readme_names_files_that_are_here() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for Shown { command, .. } in shown(&readme) {
        for word in words(&command).iter().map(|w| w.trim_start_matches('@')).filter(|w| w.starts_with("examples/")) {
            assert!(root().join(word).exists(), "`{word}` is not there");
        }
    }
}

#[test]
fn a_readme_that_lies_is_found_out() {
    let readme = "```console\n$ accord a 'b c' \\\n    --d\none\n…\nlast\n$ e\n```\n```\n$ f\n```\n";
    let all = shown(readme);
    assert_eq!((all.len(), &*all[0].command, &*all[1].command), (2, "accord a 'b c' --d", "e"));
    assert_eq!(words(&all[0].command), ["accord", "a", "b c", "--d"]);
    assert!(fits(&all[0].output, &["one", "last"]) && fits(&all[0].output, &["one", "two", "three", "last"]));
    assert!(!fits(&all[0].output, &["one"]) && !fits(&all[0].output, &["two", "last"]) && fits(&all[1].output, &[]));
}
