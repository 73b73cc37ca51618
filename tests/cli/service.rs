//! `accord serve` as a child process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::command;

/// A service that ends with its owner.
pub struct Service {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl Service {
    /// Starts the service on a free port, and waits until it is ready.
    pub fn start(options: &[&str]) -> Service {
        let arguments: Vec<&str> =
            ["serve", "--listen", "127.0.0.1:0", "--workers", "1"].iter().chain(options).copied().collect();
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        let service = Service { child, address };
        let started = Instant::now();
        while !service.is_ready() {
            assert!(started.elapsed() < Duration::from_secs(120), "the service does not get ready");
            std::thread::sleep(Duration::from_millis(50));
        }
        service
    }

    fn is_ready(&self) -> bool {
        self.get("/health/ready").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn get(&self, path: &str) -> Option<String> {
        self.ask(&format!("GET {path}"), "")
    }

    /// The answer to a resource that is sent as JSON, with its head.
    pub fn post(&self, path: &str, resource: &str) -> String {
        self.ask(&format!("POST {path}"), resource).unwrap()
    }

    fn ask(&self, what: &str, body: &str) -> Option<String> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&self.address).ok()?;
        let head = format!(
            "Host: {}\r\nConnection: close\r\nContent-Type: application/fhir+json\r\nContent-Length: {}",
            self.address,
            body.len()
        );
        write!(stream, "{what} HTTP/1.1\r\n{head}\r\n\r\n{body}").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
