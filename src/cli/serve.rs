//! `accord serve`: the service.

use std::cell::RefCell;
use std::env::VarError;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tracing_subscriber::EnvFilter;

use super::imported_folder;
use super::project::lay_under;
use crate::app::{AppError, AppLoader, Settings};
use crate::config::{Config, ConfigError, Log, StoreKind};
use crate::http::{Running, Service, heed_reload, start};
use crate::remote::terminology::{self, Shelf, TerminologyServer, TerminologyUrl};
use crate::scripts;
use crate::settle::Answerer;
use crate::store::{AnswerShelf, Engine, Store, StoreError};

/// An address with its port.
fn host_and_port(text: &str) -> Result<String, String> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("expected HOST:PORT, such as 127.0.0.1:8080".to_owned()),
    }
}

/// Serves validation and negotiation over HTTP.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Args {
    /// The address to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    listen: Option<String>,
    /// The address where health and metrics are answered on threads of their own, too.
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    health_listen: Option<String>,
    /// The folder for uploads, negotiations and the cache; without it nothing is kept after the process ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What the store in the data folder is built on [default: sled]
    #[arg(long, value_name = "sled|redb", value_parser = ["sled", "redb"])]
    store: Option<String>,
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// A package: ID#VERSION, or the path of an archive or a folder; may be repeated [default: all embedded guides]
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    packages: Vec<String>,
    /// Your own rules and functions: a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    rules: Vec<PathBuf>,
    /// A policy that negotiations may name: a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long = "policy", value_name = "FILE|DIR")]
    policies: Vec<PathBuf>,
    /// A file that contains the token for uploads, for keeping negotiations and for deleting (ACCORD_ADMIN_TOKEN may
    /// hold the token itself); without a token all of that is disabled.
    #[arg(long, value_name = "FILE")]
    admin_token_file: Option<PathBuf>,
    /// A file that contains tokens, one a line, of which reading then needs one (ACCORD_READ_TOKENS may hold them
    /// itself, separated by commas).
    #[arg(long, value_name = "FILE")]
    read_tokens_file: Option<PathBuf>,
    /// Download packages that are not installed.
    #[arg(long)]
    fetch: bool,
    /// The base URL of a FHIR terminology server: it is asked about codes, value sets and displays that the loaded
    /// packages do not decide.
    #[arg(long, value_name = "URL")]
    tx: Option<String>,
    /// The settings of a project, an accord.toml: its packages, rules, policies, levels and suppressions lie under
    /// those of the service.
    #[arg(long, value_name = "FILE")]
    project: Option<PathBuf>,
    /// Settings in JSON; the environment (ACCORD_…) and the options above take precedence.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Args {
    /// The options that were given, as a settings document.
    fn document(&self) -> Value {
        let mut out = Map::new();
        let path = |p: &PathBuf| Value::from(p.to_string_lossy());
        out.extend(self.listen.as_deref().map(|l| ("listen".to_owned(), Value::from(l))));
        out.extend(self.health_listen.as_deref().map(|l| ("healthListen".to_owned(), Value::from(l))));
        out.extend(self.data.as_ref().map(|d| ("data".to_owned(), path(d))));
        out.extend(self.store.as_deref().map(|s| ("store".to_owned(), Value::from(s))));
        out.extend(self.workers.map(|w| ("workers".to_owned(), Value::from(w))));
        out.extend(self.admin_token_file.as_ref().map(|f| ("adminTokenFile".to_owned(), path(f))));
        out.extend(self.read_tokens_file.as_ref().map(|f| ("readTokensFile".to_owned(), path(f))));
        out.extend(self.project.as_ref().map(|f| ("project".to_owned(), path(f))));
        out.extend(self.tx.as_deref().map(|url| ("tx".to_owned(), Value::from(url))));
        if !self.packages.is_empty() {
            out.insert("packages".to_owned(), self.packages.iter().map(|p| Value::from(p.as_str())).collect());
        }
        if !self.rules.is_empty() {
            out.insert("rules".to_owned(), self.rules.iter().map(path).collect());
        }
        if !self.policies.is_empty() {
            out.insert("policies".to_owned(), self.policies.iter().map(path).collect());
        }
        if self.fetch {
            out.insert("fetch".to_owned(), true.into());
        }
        Value::Object(out)
    }
}

/// Why the service could not run.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum ServeError {
    /// The settings cannot be used.
    Config(#[from] ConfigError),
    /// The data folder cannot be used.
    Store(#[from] StoreError),
    /// The packages or scripts could not be loaded.
    App(#[from] AppError),
    /// The network or the file system refused.
    System(#[from] std::io::Error),
}

/// Serves until a signal stops it. Returns the exit code.
///
/// # Errors
/// [`ServeError`] where the settings, the store, the packages or the address cannot be had.
pub fn run(args: &Args) -> Result<u8, ServeError> {
    let system = actix_web::rt::System::new();
    // Whoever asks for files to be read again does not end the process, however early that is.
    system.block_on(heed_reload())?;
    let unreadable = RefCell::new(None);
    let variable = |name: &str| match std::env::var(name) {
        Err(VarError::NotUnicode(_)) => {
            unreadable.replace(Some(name.to_owned()));
            None
        }
        found => found.ok(),
    };
    let mut config = Config::load(args.config.as_deref(), args.document(), &variable)?;
    if let Some(name) = unreadable.take() {
        return Err(ConfigError(format!("{name} is not UTF-8")).into());
    }
    log(&config.log);
    let fhir_version = lay_under(&mut config)?;
    let store = open_store(&config)?;
    let rules = scripts::load(&config.rules).map_err(AppError::from)?;
    let policies = scripts::policies(&config.policies).map_err(AppError::from)?;
    let answerer = terminology_server(&config, &store)?;
    let settings = Settings {
        fhir_version,
        packages: config.packages.clone(),
        fetch: config.fetch,
        rules,
        answerer,
        terminology: imported_folder(),
        ..Settings::default()
    };
    let service = Service::open(config, store, Box::new(AppLoader::new(settings, policies)))?;
    let keep = Arc::clone(&service);
    end_in_time(&service)?;
    let served = system.block_on(async move {
        let running = start(Arc::clone(&service))?;
        let scheme = if running.is_encrypted() { "https" } else { "http" };
        println!("listening on {scheme}://{}", running.address);
        tell_start(&service, &running);
        drop(service);
        running.serve().await
    });
    tracing::info!("stopped");
    if let Err(error) = keep.store().close() {
        tracing::warn!(%error, "the cache was not closed in order; it is rebuilt at the next start");
    }
    let_go(keep);
    Ok(served.map(|()| super::exit::OK)?)
}

/// The shelf of the store, for what a terminology server answers.
#[derive(Debug)]
struct Kept(AnswerShelf);

impl Shelf for Kept {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key)
    }

    fn put(&self, key: &str, value: &[u8]) {
        self.0.put(key, value);
    }
}

/// The terminology server that the settings name, if any; its answers are kept in the store.
fn terminology_server(config: &Config, store: &Store) -> Result<Option<Arc<dyn Answerer>>, AppError> {
    let Some(address) = &config.tx else { return Ok(None) };
    let settings = terminology::Settings {
        life: Duration::from_secs(config.tx_cache_seconds),
        shelf: Some(Arc::new(Kept(store.answers()))),
        ..terminology::Settings::default()
    };
    let server = TerminologyUrl::parse(address.secret()).and_then(|url| TerminologyServer::new(url, settings));
    server.map(|s| Some(Arc::new(s) as Arc<dyn Answerer>)).map_err(|e| AppError::Server(format!("tx: {e}")))
}

/// Logs what was started. What is secret in the settings is not shown by them.
fn tell_start(service: &Service, running: &Running) {
    let packages: Vec<String> = service.engine().packages().packages.iter().map(|p| p.name()).collect();
    let health = running.health_address().map(|a| a.to_string());
    tracing::info!(version = env!("CARGO_PKG_VERSION"), address = %running.address, health, "started");
    tracing::info!(packages = packages.join(", "), "loaded");
    tracing::info!(settings = ?service.config(), "settings");
}

/// How long what is beyond the grace of a stop may take: the store is closed, and threads see that they are to end.
const AFTER_GRACE: Duration = Duration::from_secs(3);

/// Ends the process when the service was stopped, and its grace is over: work that does not break off holds nobody up.
fn end_in_time(service: &Arc<Service>) -> std::io::Result<()> {
    let stopping = Arc::clone(service.stopping());
    let grace = Duration::from_millis(service.config().limits.shutdown_timeout_ms);
    std::thread::Builder::new().name("accord-end".to_owned()).spawn(move || {
        stopping.wait();
        std::thread::sleep(grace.saturating_add(AFTER_GRACE));
        tracing::warn!("requests were still running when the grace was over; the store will be rebuilt");
        std::process::exit(i32::from(super::exit::OK));
    })?;
    Ok(())
}

/// Drops the service, and with it the store: the threads of the server that was just stopped may hold it a moment
/// longer.
fn let_go(mut service: Arc<Service>) {
    for _ in 0..500 {
        match Arc::try_unwrap(service) {
            Ok(last) => return drop(last),
            Err(held) => service = held,
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    tracing::warn!("a request still holds the store; it will be rebuilt");
}

fn open_store(config: &Config) -> Result<Store, ServeError> {
    let engine = match config.store {
        StoreKind::Sled => Engine::Sled,
        StoreKind::Redb => Engine::Redb,
    };
    let Some(folder) = &config.data else {
        return Ok(Store::temporary_with(engine)?);
    };
    let opened = Store::open_with(folder, engine)?;
    for warning in &opened.warnings {
        tracing::warn!("{warning}");
    }
    let counts = opened.store.counts();
    if counts.damaged_places > 0 || counts.set_aside > 0 {
        tracing::warn!(
            damaged_places = counts.damaged_places,
            damaged_bytes = counts.damaged_bytes,
            set_aside = counts.set_aside,
            "damage to the data folder; what was set aside is there as `*.damaged-N`"
        );
    }
    Ok(opened.store)
}

/// Whether standard error shows colours: it is a terminal, and nobody wants none (<https://no-color.org>).
fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Logs to standard error; a filter that cannot be read is replaced by `info`, with a remark. What the HTTP library
/// says of what is no request is left out: the service logs it as any request.
pub(super) fn log(log: &Log) {
    let wanted = log.filter.as_deref().unwrap_or("info,actix_server=warn,actix_http=off");
    let (filter, broken) = match EnvFilter::try_new(wanted) {
        Ok(filter) => (filter, None),
        Err(e) => (EnvFilter::new("info"), Some(e)),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours());
    let set = if log.json { builder.json().try_init() } else { builder.try_init() };
    if let (Ok(()), Some(error)) = (set, broken) {
        tracing::warn!(%error, "the log filter could not be parsed; logging at `info`");
    }
}
