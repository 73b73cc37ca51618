//! A client of HTTP/1.1: one connection that is kept, and what comes back.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take: longer than the service gives itself.
const PATIENCE: Duration = Duration::from_secs(90);

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The verdict of an OperationOutcome.
    pub fn verdict(&self) -> Option<&str> {
        let tag = memchr::memmem::find(&self.body, b"\"tag\"")?;
        let rest = self.body.get(tag..)?;
        let code = rest.get(memchr::memmem::find(rest, b"\"code\"")? + 6..)?;
        let text = std::str::from_utf8(code.get(..64.min(code.len()))?).ok()?;
        text.split('"').nth(1)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.head.lines().filter_map(|l| l.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim())
    }

    /// The rule of the first issue, or what the body begins with.
    pub fn told(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let code = text.split("\"details\":{\"coding\":[{").nth(1).and_then(|t| t.split("\"code\":\"").nth(1));
        let code = code.and_then(|t| t.split('"').next()).map(str::to_owned);
        code.unwrap_or_else(|| text.chars().take(60).collect())
    }
}

/// A connection to the service, made when it is needed.
pub struct Client {
    address: SocketAddr,
    /// The address that the service is told it comes from.
    from: String,
    stream: Option<TcpStream>,
    out: Vec<u8>,
    read: Vec<u8>,
}

impl Client {
    pub fn new(address: SocketAddr, from: String) -> Self {
        Self { address, from, stream: None, out: Vec::new(), read: Vec::new() }
    }

    /// A connection of its own.
    pub fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// The head of a request.
    pub fn head(&self, method: &str, path: &str, more: &str, bytes: usize) -> String {
        let first = format!("{method} {path} HTTP/1.1\r\nhost: soak.test\r\nx-forwarded-for: {}\r\n", self.from);
        format!("{first}{more}content-length: {bytes}\r\n\r\n")
    }

    /// Asks; a kept connection that the service has closed meanwhile is made anew once.
    pub fn ask(&mut self, method: &str, path: &str, more: &str, body: &[u8]) -> io::Result<Answer> {
        let head = self.head(method, path, more, body.len());
        self.out.clear();
        self.out.extend_from_slice(head.as_bytes());
        self.out.extend_from_slice(body);
        let is_kept = self.stream.is_some();
        match self.once() {
            Err(_) if is_kept && self.read.is_empty() => self.once(),
            other => other,
        }
    }

    /// Asks once; the connection is gone after a failure.
    fn once(&mut self) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        self.read.clear();
        // What is refused early is answered before the body is read: then the answer counts, not the failed write.
        let written = stream.write_all(&self.out);
        let answer = match answer(&mut stream, &mut self.read) {
            Ok(answer) => answer,
            Err(error) => return Err(written.err().unwrap_or(error)),
        };
        if written.is_ok() && !answer.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close")) {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<()> {
    let mut part = [0; 16 << 10];
    match stream.read(&mut part)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        n => {
            read.extend_from_slice(&part[..n]);
            Ok(())
        }
    }
}

/// Reads one answer; `read` has what came in so far, and is not empty after a failure that came later.
pub fn answer(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Answer> {
    let end = loop {
        match memchr::memmem::find(read, b"\r\n\r\n") {
            Some(end) => break end,
            None => more(stream, read)?,
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{what}: {head}"));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| bad("no status"))?;
    let mut answer = Answer { status, head: head.clone(), body: Vec::new() };
    let start = end + 4;
    if answer.header("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        answer.body = chunks(stream, read, start).map_err(|e| bad(&e.to_string()))?;
        return Ok(answer);
    }
    let length: usize =
        answer.header("content-length").map_or(Ok(0), str::parse).map_err(|_| bad("no content-length"))?;
    while read.len() < start + length {
        more(stream, read)?;
    }
    answer.body = read[start..start + length].to_vec();
    Ok(answer)
}

fn chunks(stream: &mut TcpStream, read: &mut Vec<u8>, mut at: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let Some(line) = memchr::memmem::find(&read[at..], b"\r\n") else {
            more(stream, read)?;
            continue;
        };
        let size = std::str::from_utf8(&read[at..at + line]).ok().and_then(|s| usize::from_str_radix(s, 16).ok());
        let size = size.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        let start = at + line + 2;
        while read.len() < start + size + 2 {
            more(stream, read)?;
        }
        out.extend_from_slice(&read[start..start + size]);
        at = start + size + 2;
        if size == 0 {
            return Ok(out);
        }
    }
}
