//! `accord serve` and `accord proxy` as a page starts them, on free ports in place of the usual ones.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::curl;
use crate::folder::Folder;

/// What a page starts, and the addresses that it has there.
#[derive(Debug)]
pub struct Kind {
    command: &'static str,
    /// Options that take free ports.
    options: &'static str,
    /// The usual addresses, in the order in which the program names them.
    usual: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind { command: "accord serve", options: "--listen 127.0.0.1:0 --workers 1", usual: &["127.0.0.1:8080"] },
    Kind {
        command: "accord proxy",
        options: "--listen 127.0.0.1:0 --health-listen 127.0.0.1:0",
        usual: &["127.0.0.1:8090", "127.0.0.1:8091"],
    },
];

/// What is started by a command; `None` where it starts no service.
pub fn started_by(command: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| command.strip_prefix(k.command).is_some_and(|rest| !rest.starts_with(['-', '_'])))
}

/// A service that ends with its page.
pub struct Service {
    child: Child,
    /// The usual addresses, each with the one in its place.
    addresses: Vec<(&'static str, String)>,
    /// What it says at the start.
    pub greeting: String,
}

impl Service {
    /// Starts it, and waits until it is ready.
    pub fn start(folder: &Folder, kind: &Kind, command: &str) -> Service {
        let command = command.trim_end().trim_end_matches('&').trim_end();
        let mut line = folder.shell(&format!("exec {command} {} 2>&1", kind.options));
        let mut child = line.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.starts_with("listening on ") {
            greeting.clear();
            assert!(said.read_line(&mut greeting).unwrap() > 0, "`{command}` does not start a service");
        }
        // What it goes on to say must not fill the pipe.
        std::thread::spawn(move || said.read_to_end(&mut Vec::new()));
        let told = greeting.split("http://").skip(1).map(|a| a.trim_end_matches(|c: char| !c.is_ascii_digit()));
        let told = told.map(|a| a.split(';').next().unwrap_or_default().to_owned());
        let addresses = kind.usual.iter().copied().zip(told).collect();
        let mut service = Service { child, addresses, greeting: String::new() };
        service.greeting = service.hidden(greeting.trim());
        service.wait();
        service
    }

    fn wait(&self) {
        let health = self.addresses.last().map_or("", |(_, real)| real);
        let started = Instant::now();
        while curl::get(health, "/health/ready").is_none_or(|a| !a.starts_with("HTTP/1.1 200")) {
            assert!(started.elapsed() < Duration::from_secs(60), "the service does not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether it is of this kind.
    pub fn is(&self, kind: &Kind) -> bool {
        self.addresses.first().is_some_and(|(usual, _)| kind.usual.contains(usual))
    }

    /// A text with its addresses in place of the usual ones.
    pub fn filled(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (usual, real)| text.replace(usual, real))
    }

    /// A text with the usual addresses in place of its own.
    pub fn hidden(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (usual, real)| text.replace(real, usual))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn services_are_told_apart() {
    let command = |text: &str| started_by(text).map(|k| k.command);
    assert_eq!(command("accord serve --rules rules"), Some("accord serve"));
    assert_eq!(command("accord proxy \\\n  --shadow"), Some("accord proxy"));
    assert_eq!((command("accord validate serve"), command("accord serve-x")), (None, None));
}
