//! A proxy to test against, its gate, and a small client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use fhir_accord::capability::guard::{Access, Decision, Gate, Method, Reason, State, TokenContext, Verdict};
use fhir_accord::profiles::interrupt::Interrupt;
use fhir_accord::proxy::{Lines, Settings, Shared, start};
use fhir_accord::remote::upstream::Base;
use serde_json::Value;

use crate::issuer::{Clock, Issuer, Source, tokens};

/// Lets through who has the scope `all`; what is called `judged` once its answer was judged, updates once the old state
/// was. What contains `secret`, as an answer, a body or an old state, is refused.
pub struct Fake;

pub fn decision(verdict: Verdict, rule: Option<&'static str>) -> Decision {
    let why = rule.map(|rule| Reason { rule, text: format!("refused by {rule}") });
    Decision {
        verdict,
        interaction: Some("read"),
        resource_type: Some("Patient".to_owned()),
        scope: None,
        profile: None,
        why: why.into_iter().collect(),
        issues: Vec::new(),
        entries: Vec::new(),
    }
}

fn is_secret(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|w| w == b"secret")
}

impl Gate for Fake {
    fn decide(&self, token: &TokenContext, access: &Access<'_>, interrupt: &Interrupt) -> Decision {
        let is_write = matches!(access.method, Method::Put | Method::Patch | Method::Delete);
        match access.old {
            _ if access.body.is_some_and(|b| b == b"\"endless\"") => {
                while !interrupt.is_raised() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                decision(Verdict::Refused, Some("limit-time"))
            }
            _ if access.body.is_some_and(|b| b == b"\"panic\"") => panic!("on purpose"),
            _ if token.scope != "all" => decision(Verdict::Refused, Some("scope-missing")),
            _ if access.body.is_some_and(is_secret) => decision(Verdict::Refused, Some("profile")),
            State::NotRead if is_write => decision(Verdict::NeedsOld, None),
            State::Resource(old) if is_secret(old) => decision(Verdict::Refused, Some("old")),
            _ if access.url.contains("judged") => decision(Verdict::JudgeAnswer, None),
            _ => decision(Verdict::Allowed, None),
        }
    }

    fn judge_answer(&self, _: &TokenContext, _: &Access<'_>, answer: &[u8], _: &Interrupt) -> Decision {
        match is_secret(answer) || serde_json::from_slice::<Value>(answer).is_err() {
            true => decision(Verdict::Refused, Some("compartment")),
            false => decision(Verdict::Allowed, None),
        }
    }
}

/// What lines are written to.
#[derive(Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A proxy that runs.
pub struct Proxy {
    pub address: SocketAddr,
    pub health: SocketAddr,
    pub issuer: Arc<Issuer>,
    written: Written,
    handle: ServerHandle,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// A proxy in front of a server whose base is `/fhir`.
pub fn proxy(upstream: SocketAddr, change: impl FnOnce(&mut Settings)) -> Proxy {
    guarded(upstream, Arc::new(Fake), change)
}

/// The same, with another gate.
pub fn guarded(upstream: SocketAddr, gate: Arc<dyn Gate>, change: impl FnOnce(&mut Settings)) -> Proxy {
    let mut settings = Settings::new(Base::parse(&format!("http://{upstream}/fhir")).unwrap());
    (settings.listen, settings.health_listen) = ("127.0.0.1:0".to_owned(), "127.0.0.1:0".to_owned());
    (settings.workers, settings.grace) = (1, Duration::ZERO);
    change(&mut settings);
    let (issuer, written) = (Arc::new(Issuer::new()), Written::default());
    let (sender, receiver) = mpsc::channel();
    let (keys, out) = (issuer.jwks(), written.clone());
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let tokens = tokens(Source::new(keys), &Clock::new()).await;
            let lines = Lines::to(Box::new(out)).unwrap();
            let running = start(Shared::new(settings, gate, tokens, lines)).unwrap();
            sender.send((running.address, running.health_address, running.handle.clone())).unwrap();
            running.serve().await.unwrap();
        });
    });
    let (address, health, handle) = receiver.recv().unwrap();
    Proxy { address, health, issuer, written, handle }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|l| l.split_once(": "));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v).next()
    }

    /// The status, and the rule of the first issue.
    pub fn refusal(&self) -> (u16, String) {
        let outcome: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        assert!(self.body.is_empty() || outcome["resourceType"] == "OperationOutcome", "{self:?}");
        let rule = outcome["issue"][0]["details"]["coding"][0]["code"].as_str().unwrap_or_default();
        (self.status, rule.to_owned())
    }
}

impl Proxy {
    /// The answer to a request without `Authorization`, of a connection of its own.
    pub fn raw(&self, request: &[u8]) -> Answer {
        send(self.address, request)
    }

    /// The answer to a request with a token that lets everything through.
    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.ask_as("all", method, path, headers, body)
    }

    /// The answer to a request with a token of these scopes.
    pub fn ask_as(&self, scope: &str, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let mut headers = format!("authorization: Bearer {}\r\n{headers}", self.issuer.token(scope));
        if !body.is_empty() {
            headers += &format!("content-length: {}\r\n", body.len());
        }
        self.raw(&[request(method, path, &headers).as_bytes(), body].concat())
    }

    /// The counts.
    pub fn metrics(&self) -> String {
        let answer = send(self.health, request("GET", "/metrics", "").as_bytes());
        String::from_utf8(answer.body).unwrap()
    }

    /// The lines that were written, once there are so many.
    pub fn lines(&self, count: usize) -> Vec<Value> {
        for _ in 0..500 {
            let text = String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap();
            if text.lines().count() >= count {
                return text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("no {count} lines");
    }
}

/// The head of a request that ends its connection.
pub fn request(method: &str, path: &str, headers: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: proxy.test\r\nconnection: close\r\n{headers}\r\n")
}

/// Sends bytes, and reads the answer to the end of the connection.
pub fn send(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that refuses may close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    parse(&all)
}

pub fn parse(all: &[u8]) -> Answer {
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(all.len());
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut body = all.get(end + 4..).unwrap_or_default().to_vec();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Answer { status, head, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(line) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        let Some(chunk) = rest.get(line + 2..line + 2 + size) else { break };
        out.extend_from_slice(chunk);
        rest = rest.get(line + 4 + size..).unwrap_or_default();
    }
    out
}
