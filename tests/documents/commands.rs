//! Every command of every page is run in a folder of the page's own, and prints what the page shows.
//!
//! With `ACCORD_PAGE=NAME` only the pages whose path contains it are run; `ACCORD_BLESS=1` writes what was printed into
//! a page where it says otherwise.

use std::fs;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::blocks::{Step, steps};
use crate::folder::Folder;
use crate::pages::{Page, bless, pages, root};
use crate::pattern::fits;
use crate::service::{Service, started_by};
use crate::{curl, ledger};

/// Exit codes of `accord` and of `sh` for what could not be run.
const COULD_NOT_RUN: &[i32] = &[3, 126, 127];

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens on a page, as it is run.
struct Run<'p> {
    page: &'p Page,
    folder: Folder,
    services: Vec<Service>,
    /// The exit code of the last command, which `$?` is.
    code: i32,
    /// The page with what was printed.
    written: String,
    /// Whether the page is to be written anew where it differs.
    blesses: bool,
    faults: Vec<String>,
}

impl<'p> Run<'p> {
    fn new(page: &'p Page) -> Run<'p> {
        let written = page.text.clone();
        let (folder, services, faults) = (Folder::new(), Vec::new(), Vec::new());
        Run { page, folder, services, code: 0, written, blesses: bless(), faults }
    }

    fn step(&mut self, line: usize, step: &Step) {
        match step {
            Step::File { name, text } => self.folder.write(name, text),
            Step::NotRun { .. } => {}
            Step::Script { text } => {
                let printed = self.shell(&format!("set -e\n{text}"));
                if self.code != 0 {
                    self.faults.push(format!("{}:{line}: exit code {}\n{text}{printed}", self.page.path, self.code));
                }
            }
            Step::Command { command, output } => {
                let printed = self.printed(command);
                let found: Vec<String> = printed.lines().map(str::to_owned).collect();
                // A page may leave out what a command prints, not that it cannot run.
                let left_out = output.is_empty() && !COULD_NOT_RUN.contains(&self.code);
                if !left_out && !fits(output, &found) {
                    self.differs(line, command, output, &found);
                }
            }
        }
    }

    fn printed(&mut self, command: &str) -> String {
        if let Some(kind) = started_by(command) {
            self.services.retain(|s| !s.is(kind));
            let service = Service::start(&self.folder, kind, &self.filled(command));
            let greeting = service.greeting.clone();
            self.services.push(service);
            return greeting;
        }
        if command.starts_with("curl ") {
            if self.services.is_empty() {
                self.printed("accord serve");
            }
            self.code = 0;
            return self.hidden(&curl::printed(&self.filled(command), &self.folder));
        }
        self.shell(&format!("(exit {}); {command}", self.code))
    }

    /// Runs a line of `sh`; returns what it wrote to standard output, then to standard error.
    fn shell(&mut self, line: &str) -> String {
        let mut command = self.folder.shell(&self.filled(line));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = read(child.stdout.take());
        let err = read(child.stderr.take());
        self.code = ended(&mut child).unwrap_or_else(|| panic!("{}: `{line}` does not end", self.page.path));
        let text = format!("{}{}", out.join().unwrap(), err.join().unwrap());
        self.hidden(&self.folder.hidden(&text))
    }

    /// A command with the addresses of the page's services.
    fn filled(&self, text: &str) -> String {
        self.services.iter().fold(text.to_owned(), |text, service| service.filled(&text))
    }

    /// Output with the addresses that the page shows.
    fn hidden(&self, text: &str) -> String {
        self.services.iter().fold(text.to_owned(), |text, service| service.hidden(&text))
    }

    fn differs(&mut self, line: usize, command: &str, wanted: &[String], found: &[String]) {
        let block = |output: &[String]| {
            std::iter::once(format!("$ {command}\n")).chain(output.iter().map(|l| format!("{l}\n"))).collect::<String>()
        };
        if self.blesses {
            self.written = self.written.replacen(&block(wanted), &block(found), 1);
            return;
        }
        let path = &self.page.path;
        self.faults.push(format!(
            "{path}:{line} shows for `{command}`:\n{}\nbut it prints:\n{}",
            wanted.join("\n"),
            found.join("\n")
        ));
    }
}

fn read(from: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The exit code; `None` where it was ended for taking too long.
fn ended(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(128));
        }
        if started.elapsed() > PATIENCE {
            let _ = child.kill();
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a page; returns what is wrong with it.
fn run(page: &Page) -> Vec<String> {
    let mut run = Run::new(page);
    for (line, step) in steps(page) {
        run.step(line, &step);
    }
    if run.written != page.text {
        fs::write(root().join(&page.path), &run.written).unwrap();
    }
    run.faults
}

#[test]
fn commands_print_what_the_pages_show() {
    let only = std::env::var("ACCORD_PAGE").unwrap_or_default();
    let all: Vec<Page> = pages().into_iter().filter(|p| p.path.contains(&only)).collect();
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, |n| n.get().min(8)) {
            scope.spawn(|| {
                while let Some(page) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    faults.lock().unwrap().extend(run(page));
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(!only.is_empty() || ledger::count(&all).run > 50, "hardly any command is run");
}

#[test]
fn a_page_that_lies_is_found_out() {
    let text = "`a.txt`:\n```text a.txt\none\ntwo\n```\n```console\n$ cat a.txt\none\n…\n$ cat a.txt\none\n$ (exit 7)\n\
                $ echo $?\n7\n$ cat a.txt\n$ no-such-command\n```\n```sh\nfalse\n```\n";
    let page = Page { path: "x.md".to_owned(), text: text.to_owned() };
    let mut run = Run { blesses: false, ..Run::new(&page) };
    for (line, step) in steps(&page) {
        run.step(line, &step);
    }
    let first_lines: Vec<&str> = run.faults.iter().filter_map(|f| f.lines().next()).collect();
    assert_eq!(
        first_lines,
        ["x.md:10 shows for `cat a.txt`:", "x.md:16 shows for `no-such-command`:", "x.md:18: exit code 1"]
    );
}
