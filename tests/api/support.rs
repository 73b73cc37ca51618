//! Servers to test against, and a small client.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use fhir_accord::app::{App, AppError, Complaint, Engine, Loader, Negotiator, Parts, Request, ScopeVerb, Settings};
use fhir_accord::capability::Definitions;
use fhir_accord::config::Config;
use fhir_accord::http::{Clock, Service, start};
use fhir_accord::packages::{self, Resolution};
use fhir_accord::profiles::evaluate::{Evaluator, Memory};
use fhir_accord::profiles::instance::{Limits, parse_xml};
use fhir_accord::profiles::interrupt::Interrupt;
use fhir_accord::profiles::issue::Report;
use fhir_accord::profiles::model::xml_to_json;
use fhir_accord::profiles::registry::PackageGraph;
use fhir_accord::profiles::xml::json_to_xml;
use fhir_accord::store::Store;
use serde_json::{Value, json};

pub use crate::wire::{Answer, PATIENT, ask, read_answer};

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

/// How many validations that never end by themselves are running.
pub static ENDLESS: AtomicUsize = AtomicUsize::new(0);

/// Works until it is broken off.
fn endless(interrupt: &Interrupt) {
    ENDLESS.fetch_add(1, Ordering::SeqCst);
    while !interrupt.is_raised() {
        std::thread::sleep(Duration::from_millis(1));
    }
    ENDLESS.fetch_sub(1, Ordering::SeqCst);
}

/// Validates with the application, under a package set of its own.
#[derive(Default)]
pub struct TestEngine {
    packages: Resolution,
}

impl Engine for TestEngine {
    fn validate(&self, text: &[u8], request: &Request, memory: &mut Memory) -> Result<Report, AppError> {
        if text.starts_with(b"{\"endless\"") {
            endless(&request.policies.work.interrupt);
        }
        if text.starts_with(b"{\"sleep\"") {
            std::thread::sleep(Duration::from_millis(1500));
        }
        assert!(!text.starts_with(b"{\"panic\""), "on purpose");
        app().validate_with(text, request, memory)
    }

    fn evaluator(&self) -> Evaluator<'_> {
        kept().evaluator()
    }

    fn graph(&self) -> Option<&PackageGraph> {
        kept().graph().ok()
    }

    fn loaded(&self) -> &App {
        kept()
    }

    fn packages(&self) -> &Resolution {
        &self.packages
    }
}

/// Loads only the uploads, or all embedded packages if `embedded` is set.
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
    fn negotiate(&self, body: Value, _: &Interrupt) -> Result<Value, Complaint> {
        if body.get("client").is_none() {
            return Err(Complaint::new("there is no client"));
        }
        if body["need"][0] == "sleep" {
            std::thread::sleep(Duration::from_millis(1500));
        }
        let id = fhir_accord::packages::hash::sha256_hex(body.to_string().as_bytes());
        Ok(json!({"id": id, "verdict": "compatible", "inputs": body}))
    }

    fn matrix(&self, body: Value, _: &Interrupt) -> Result<Value, Complaint> {
        Ok(json!({"inputs": body}))
    }

    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String> {
        Ok(json!({"verb": format!("{verb:?}"), "body": body}))
    }

    fn with_definitions(&self, _: bool, _: &Interrupt, _: &mut dyn FnMut(&dyn Definitions)) -> Result<(), String> {
        Err("an echo knows no definitions".to_owned())
    }
}

/// A running service; stopped in order when it is dropped.
pub struct Server {
    pub address: SocketAddr,
    pub health: Option<SocketAddr>,
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
    serve_with(config, store, Box::new(loader))
}

/// Starts a service with these settings and this loader.
pub fn serve_with(config: Config, store: Store, loader: Box<dyn Loader>) -> Server {
    run(Service::open(config, store, loader).unwrap())
}

/// A clock that is set by hand.
#[derive(Default)]
pub struct HandClock(AtomicU64);

impl HandClock {
    pub fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A service without definitions, with the admin token `secret`, by a clock that is set by hand.
pub fn by_clock(overrides: Value, store: Store) -> (Server, Arc<HandClock>) {
    let clock = Arc::new(HandClock::default());
    let loader = Box::new(TestLoader { embedded: false });
    let given = Arc::clone(&clock) as Arc<dyn Clock>;
    (run(Service::open_at(config(overrides, Some("secret")), store, loader, given).unwrap()), clock)
}

/// Starts a service.
pub fn run(service: Arc<Service>) -> Server {
    let keep = Arc::clone(&service);
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let running = start(service).unwrap();
            sender.send((running.address, running.health_address(), running.handle.clone())).unwrap();
            running.serve().await.unwrap();
        });
    });
    let (address, health, handle) = receiver.recv().unwrap();
    Server { address, health, service: keep, handle, thread: Some(thread) }
}

/// A service without definitions, made with a settings document.
pub fn with(overrides: Value) -> Server {
    serve(config(overrides, None), Store::temporary().unwrap(), TestLoader { embedded: false })
}

/// A service on a data folder, with the admin token `secret`.
pub fn on(folder: &Path) -> Server {
    serve(config(json!({}), Some("secret")), store_in(folder), TestLoader { embedded: false })
}

/// The store in a data folder.
pub fn store_in(folder: &Path) -> Store {
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
    opened.store
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

    /// Asks with a token.
    pub fn ask_as(&self, token: &str, method: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
        let token = format!("Bearer {token}");
        self.ask(method, path, &[("authorization", &token)], body.as_ref())
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        ask(self.address, method, path, headers, body)
    }
}

/// Wraps a resource in Parameters.
pub fn parameters(resource: Option<&str>, more: &str) -> String {
    let resource = resource.map(|r| format!(r#"{{"name":"resource","resource":{r}}}"#));
    let all: Vec<String> = resource.into_iter().chain((!more.is_empty()).then(|| more.to_owned())).collect();
    format!(r#"{{"resourceType":"Parameters","parameter":[{}]}}"#, all.join(","))
}

/// A resource in JSON as XML.
pub fn xml_of(json: &[u8]) -> Vec<u8> {
    json_to_xml(json, app().set().model(), &Limits::default()).unwrap().into_bytes()
}

/// A resource in XML, which is without a fault, as JSON.
pub fn json_of(xml: &[u8]) -> Value {
    let app = app();
    let model = app.set().model();
    let tape = parse_xml(xml, model.names(), &Limits::default());
    assert_eq!(tape.faults(), &[], "{}", String::from_utf8_lossy(xml));
    serde_json::from_str(&xml_to_json(xml, model, &Limits::default()).unwrap()).unwrap()
}
