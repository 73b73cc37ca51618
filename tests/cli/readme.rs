//! The README and the page on scripts keep their word: each `accord` and `curl` command of a `console` block is run,
//! and it prints what the page says.
//!
//! A line `$ command` starts a command; what follows it, up to the next one, is its output. A line `…` stands for any
//! lines. `curl` is played by a client of our own, against a service that this test starts. `ACCORD_BLESS=1` writes
//! what was printed into the document where it says otherwise.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::service::Service;
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

/// Whether the lines are the expected ones; `…` matches any.
fn fits(wanted: &[String], found: &[String]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((w, rest)) if w.trim() == "…" => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        Some((w, rest)) => {
            found.split_first().is_some_and(|(f, more)| f.trim_end() == w.trim_end() && fits(rest, more))
        }
    }
}

/// What a command prints; `None` for one that is not run here.
fn printed(words: &[String], service: &Service) -> Option<Vec<String>> {
    let text = match (words[0].as_str(), words.get(1).map(String::as_str)) {
        ("accord", Some("serve" | "package")) => return None,
        ("accord", _) => {
            let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
            let run = accord(&arguments);
            run.out + run.err.as_str()
        }
        ("curl", _) => curl(&words[1..], service),
        _ => return None,
    };
    Some(text.lines().map(str::to_owned).collect())
}

/// The body of the answer to a request: `-H HEADER`, `--data-binary @FILE`, a url.
fn curl(words: &[String], service: &Service) -> String {
    let (mut headers, mut body, mut path) = (String::new(), Vec::new(), String::new());
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-s" => {}
            "-H" => headers.push_str(&format!("{}\r\n", rest.next().unwrap())),
            "--data-binary" => {
                let value = rest.next().unwrap();
                body = value
                    .strip_prefix('@')
                    .map_or_else(|| value.clone().into_bytes(), |file| fs::read(root().join(file)).unwrap());
            }
            url => {
                path = url
                    .strip_prefix("http://127.0.0.1:8080")
                    .unwrap_or_else(|| panic!("`{url}` is not the service's address"))
                    .to_owned()
            }
        }
    }
    let method = if body.is_empty() { "GET" } else { "POST" };
    let mut stream = TcpStream::connect(&service.address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        service.address,
        body.len()
    )
    .unwrap();
    stream.write_all(&body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// The README with other output under a command.
fn blessed(readme: &str, shown: &Shown, found: &[String]) -> String {
    let block = |output: &[String]| {
        std::iter::once(format!("$ {}\n", shown.command))
            .chain(output.iter().map(|l| format!("{l}\n")))
            .collect::<String>()
    };
    readme.replacen(&block(&shown.output), &block(found), 1)
}

/// Runs the commands of a document, `curl` against a service that was started with `options`.
fn keeps_its_word(document: &str, options: &[&str], at_least: usize) {
    let file = root().join(document);
    let text = fs::read_to_string(&file).unwrap();
    let service = Service::start(options);
    let bless = std::env::var_os("ACCORD_BLESS").is_some();
    let mut written = text.clone();
    let mut run = 0;
    for one in shown(&text) {
        let Some(found) = printed(&words(&one.command), &service) else { continue };
        run += 1;
        if fits(&one.output, &found) {
            continue;
        }
        assert!(
            bless,
            "{document} shows for `{}`:\n{}\nbut it prints:\n{}",
            one.command,
            one.output.join("\n"),
            found.join("\n")
        );
        written = blessed(&written, &one, &found);
    }
    if written != text {
        fs::write(&file, written).unwrap();
    }
    assert!(run >= at_least, "{document} shows {run} commands");
}

#[test]
fn commands_print_what_the_readme_shows() {
    keeps_its_word("README.md", &[], 6);
}

#[test]
fn commands_print_what_the_page_on_scripts_shows() {
    keeps_its_word("docs/scripting.md", &["--rules", "rules", "--policy", "capability/policies"], 7);
}

#[test]
fn commands_print_what_the_worked_example_shows() {
    keeps_its_word("docs/worked-example.md", &[], 8);
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
    let readme = "```console\n$ accord a 'b c' --d\none\n…\nlast\n$ e\n```\n```\n$ f\n```\n";
    let all = shown(readme);
    let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!((all.len(), &*all[0].command, &*all[1].command), (2, "accord a 'b c' --d", "e"));
    assert_eq!(words(&all[0].command), ["accord", "a", "b c", "--d"]);
    assert!(fits(&all[0].output, &lines("one last")) && fits(&all[0].output, &lines("one two three last")));
    assert!(
        !fits(&all[0].output, &lines("one")) && !fits(&all[0].output, &lines("two last")) && fits(&all[1].output, &[])
    );
    assert!(blessed(readme, &all[0], &lines("new")).starts_with("```console\n$ accord a 'b c' --d\nnew\n$ e\n"));
}
