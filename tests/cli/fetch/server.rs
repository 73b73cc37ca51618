//! A server on a port of this machine that answers with what a test gives it, byte for byte.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An answer: a head without its length, and a body.
#[derive(Clone)]
pub struct Answer {
    pub status: &'static str,
    /// Whole lines.
    pub headers: String,
    pub body: Vec<u8>,
    /// How much of the body is sent; the head tells the length of all of it.
    pub sent: usize,
    /// Whether the body comes one byte at a time, for ever.
    pub drips: bool,
}

/// An answer of success.
pub fn ok(content_type: &str, body: &[u8]) -> Answer {
    let headers = format!("Content-Type: {content_type}\r\n");
    Answer { status: "200 OK", headers, body: body.to_vec(), sent: body.len(), drips: false }
}

/// An answer with another status.
pub fn status(status: &'static str) -> Answer {
    Answer { status, ..ok("text/plain", b"no") }
}

/// A redirect.
pub fn redirect(to: &str) -> Answer {
    Answer { status: "302 Found", headers: format!("Location: {to}\r\n"), ..ok("text/plain", b"") }
}

/// The server; it answers 404 where it has nothing.
pub struct Server {
    pub base: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server with these answers, by path.
    pub fn start(answers: &[(&str, Answer)]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { base: format!("http://{}", listener.local_addr().unwrap()), requests: Arc::default() };
        let answers: BTreeMap<String, Answer> = answers.iter().map(|(p, a)| ((*p).to_owned(), a.clone())).collect();
        let requests = server.requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answers, requests) = (answers.clone(), requests.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &answers, &requests));
            }
        });
        server
    }

    /// The heads of the requests since the last call, in lower case.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// The paths of the requests since the last call.
    pub fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|r| r.split(' ').nth(1).unwrap().to_owned()).collect()
    }
}

fn serve(mut stream: TcpStream, answers: &BTreeMap<String, Answer>, requests: &Mutex<Vec<String>>) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|l| !l.is_empty()).map(|l| l.to_ascii_lowercase()).collect();
    let Some(path) = head.first().and_then(|l| l.split(' ').nth(1)) else { return };
    requests.lock().unwrap().push(head.join("\n"));
    let answer = answers.get(path).cloned().unwrap_or_else(|| status("404 Not Found"));
    let (status, headers, length) = (answer.status, &answer.headers, answer.body.len());
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    if !answer.drips {
        let _ = stream.write_all(&answer.body[..answer.sent]);
        return;
    }
    for byte in answer.body {
        if stream.write_all(&[byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
