//! A server behind the proxy, which keeps what it was asked, byte for byte.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// What answers.
pub struct Upstream {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// What is done with an answer: its bytes, and whether the connection ends with it.
pub type Answer = (Vec<u8>, bool);

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Answer {
    with(status, "content-type: application/fhir+json\r\n", body.as_bytes())
}

/// An answer with headers.
pub fn with(status: u16, headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
    ([head.as_bytes(), body].concat(), false)
}

impl Upstream {
    /// Answers each request by a function.
    pub fn start(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Upstream {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let kept = Arc::clone(&seen);
        let address = Upstream::serve(move |mut stream| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while let Some(asked) = read(&mut reader) {
                kept.lock().unwrap().push(asked.clone());
                let (bytes, ends) = answer(&asked);
                if stream.write_all(&bytes).is_err() || ends {
                    return;
                }
            }
        });
        Upstream { address, seen }
    }

    /// Hands each connection to a function, on a thread of its own.
    pub fn serve(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(stream));
            }
        });
        address
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// The head of a request; `None` where there is none.
pub fn head(reader: &mut impl BufRead) -> Option<Seen> {
    let mut seen = Seen::default();
    reader.read_line(&mut seen.line).ok().filter(|n| *n > 0)?;
    seen.line = seen.line.trim_end().to_owned();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => seen.headers.push((name.to_owned(), value.to_owned())),
            None => return Some(seen),
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Seen> {
    let mut seen = head(reader)?;
    if let Some(length) = seen.header("content-length") {
        seen.body = vec![0; length.parse().ok()?];
        reader.read_exact(&mut seen.body).ok()?;
    } else if seen.header("transfer-encoding").is_some() {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            seen.body.extend_from_slice(&chunk[..size]);
        }
    }
    Some(seen)
}
