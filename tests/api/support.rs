//! Servers to test against, and a small client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use fhir_accord::app::{App, AppError, Complaint, Engine, Loader, Negotiator, Parts, Request, ScopeVerb, Settings};
use fhir_accord::config::Config;
use fhir_accord::http::{Service, start};
use fhir_accord::packages::{self, Resolution};
use fhir_accord::profiles::evaluate::Evaluator;
use fhir_accord::profiles::issue::Report;
use fhir_accord::profiles::registry::PackageGraph;
use fhir_accord::store::Store;
use serde_json::{Value, json};

/// The engine under test with its definitions, loaded once.
pub fn app() -> Arc<App> {
    static APP: OnceLock<Arc<App>> = OnceLock::new();
    Arc::clone(APP.get_or_init(|| Arc::new(App::open(&Settings::default()).unwrap())))
}

/// The engine, which outlives every server.
fn kept() -> &'static App {
    static APP: OnceLock<Arc<App>> = OnceLock::new();
    APP.get_or_init(app)
}

/// Validates with the application, under a package set of its own.
pub struct TestEngine {
    packages: Resolution,
}

impl Engine for TestEngine {
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        if text.starts_with(b"{\"sleep\"") {
            std::thread::sleep(Duration::from_millis(1500));
        }
        assert!(!text.starts_with(b"{\"panic\""), "on purpose");
        app().validate(text, request)
    }

    fn evaluator(&self) -> Evaluator<'_> {
        kept().evaluator()
    }

    fn graph(&self) -> Option<&PackageGraph> {
        kept().graph().ok()
    }

    fn packages(&self) -> &Resolution {
        &self.packages
    }
}

/// Loads the uploads alone, or all embedded packages if `embedded` is set.
pub struct TestLoader {
    pub embedded: bool,
}

impl Loader for TestLoader {
    fn load(&self, uploads: &[PathBuf]) -> Result<Parts, AppError> {
        let error = |e: packages::PackageError| AppError::Package(e.to_string());
        let mut set = Resolution::default();
        if self.embedded {
            set = packages::resolve(&[], &packages::Sources::default()).map_err(error)?;
        }
        for path in uploads {
            let located = packages::Located::at(path, &Default::default()).map_err(error)?;
            located.load(&Default::default()).map_err(error)?;
            set.packages.push(located);
            set.dependencies.push(Vec::new());
            set.absent.push(Vec::new());
        }
        Ok(Parts { engine: Arc::new(TestEngine { packages: set }), negotiator: Arc::new(Echo) })
    }
}

/// Answers with the hash of what it was given.
pub struct Echo;

impl Negotiator for Echo {
    fn negotiate(&self, body: Value) -> Result<Value, Complaint> {
        if body.get("client").is_none() {
            return Err(Complaint::new("there is no client"));
        }
        let id = fhir_accord::packages::hash::sha256_hex(body.to_string().as_bytes());
        Ok(json!({"id": id, "verdict": "compatible", "inputs": body}))
    }

    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String> {
        Ok(json!({"verb": format!("{verb:?}"), "body": body}))
    }
}

/// A running service; stopped in order when it is dropped.
pub struct Server {
    pub address: SocketAddr,
    pub service: Arc<Service>,
    handle: actix_web::dev::ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = self.handle.stop(true);
        let stopper = std::thread::spawn(move || actix_web::rt::System::new().block_on(stop));
        let _ = stopper.join();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = self.service.store().close();
    }
}

/// Settings with a free port; `overrides` is a settings document.
pub fn config(mut overrides: Value, token: Option<&str>) -> Config {
    overrides["listen"] = "127.0.0.1:0".into();
    let token = token.map(str::to_owned);
    Config::load(None, overrides, &|name| (name == "ACCORD_ADMIN_TOKEN").then(|| token.clone()).flatten()).unwrap()
}

/// Starts a service with these settings.
pub fn serve(config: Config, store: Store, loader: TestLoader) -> Server {
    let service = Service::open(config, store, Box::new(loader)).unwrap();
    let keep = Arc::clone(&service);
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let running = start(service).unwrap();
            sender.send((running.address, running.handle)).unwrap();
            running.server.await.unwrap();
        });
    });
    let (address, handle) = receiver.recv().unwrap();
    Server { address, service: keep, handle, thread: Some(thread) }
}

/// A service without definitions, made with a settings document.
pub fn with(overrides: Value) -> Server {
    serve(config(overrides, None), Store::temporary().unwrap(), TestLoader { embedded: false })
}

/// A service on a data folder, with the admin token `secret`.
pub fn on(folder: &Path) -> Server {
    // The threads of a server that was just stopped may hold the store a moment longer.
    let start = std::time::Instant::now();
    let opened = loop {
        match Store::open(folder) {
            Err(fhir_accord::store::StoreError::Busy(_)) if start.elapsed().as_secs() < 20 => {
                std::thread::sleep(std::time::Duration::from_millis(50))
            }
            other => break other.unwrap(),
        }
    };
    assert_eq!(opened.warnings, Vec::<String>::new());
    serve(config(json!({}), Some("secret")), opened.store, TestLoader { embedded: false })
}

/// The service that most tests share: all embedded packages, one worker.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    SHARED.get_or_init(|| {
        let server = serve(
            config(json!({"workers": 1, "limits": {"bodyBytes": 67108864}}), None),
            Store::temporary().unwrap(),
            TestLoader { embedded: true },
        );
        server.until_ready();
        server
    })
}

/// An answer, as it came over the wire.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|l| l.split_once(':'))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim())
    }

    /// The verdict of an OperationOutcome.
    pub fn verdict(&self) -> String {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()["meta"]["tag"][0]["code"].as_str().unwrap().to_owned()
    }

    /// The codes in `issue.details.coding`.
    pub fn codes(&self) -> Vec<String> {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        let issues = outcome["issue"].as_array().unwrap().clone();
        issues.iter().map(|i| i["details"]["coding"][0]["code"].as_str().unwrap_or("-").to_owned()).collect()
    }
}

impl Server {
    pub fn until_ready(&self) {
        let started = Instant::now();
        while self.get("/health/ready").status != 200 {
            assert!(started.elapsed() < Duration::from_secs(120), "never ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    /// Posts FHIR JSON.
    pub fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.ask("POST", path, &[("content-type", "application/fhir+json")], body.as_ref())
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        ask(self.address, method, path, headers, body)
    }
}

/// One request on a connection of its own.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: test.example\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    read_answer(&mut stream)
}

/// Reads an answer to the end of the connection.
pub fn read_answer(stream: &mut TcpStream) -> Answer {
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&all)));
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let raw = &all[end + 4..];
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Answer { status, body: if chunked { dechunk(raw) } else { raw.to_vec() }, head }
}

fn dechunk(mut raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = raw.windows(2).position(|w| w == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&raw[..end]).unwrap(), 16).unwrap();
        out.extend_from_slice(&raw[end + 2..end + 2 + length]);
        raw = &raw[end + 4 + length..];
    }
    out
}

/// Wraps a resource in Parameters.
pub fn parameters(resource: Option<&str>, more: &str) -> String {
    let resource = resource.map(|r| format!(r#"{{"name":"resource","resource":{r}}}"#));
    let all: Vec<String> = resource.into_iter().chain((!more.is_empty()).then(|| more.to_owned())).collect();
    format!(r#"{{"resourceType":"Parameters","parameter":[{}]}}"#, all.join(","))
}

/// A Patient without a fault.
pub const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A</div>"},"active":true,"gender":"female"}"#;
