//! `accord serve`: the service.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};
use tracing_subscriber::EnvFilter;

use crate::app::{App, AppError, Request, Settings};
use crate::config::{Config, ConfigError, Log};
use crate::http::{Engine, Loader, Negotiator, PackageSet, Parts, Service, start};
use crate::packages::{PackageError, Sources, Spec, embedded, resolve};
use crate::profiles::definition::FhirVersion;
use crate::profiles::evaluate::Evaluator;
use crate::profiles::issue::Report;
use crate::profiles::registry::PackageGraph;
use crate::scripts::{self, PolicyScripts};
use crate::store::{Store, StoreError};

/// Serves validation and negotiation over HTTP.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Args {
    /// Where to listen; port 0 takes any free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// The folder of the service's memory; without it nothing outlives the process.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Worker threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// A package: ID#VERSION, or the path of an archive or a folder. May be given several times; without it all embedded guides serve.
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub packages: Vec<String>,
    /// Rules and functions of your own: a Rhai script, or a folder of them. May be given several times.
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,
    /// A policy that negotiations may name: a Rhai script, or a folder of them. May be given several times.
    #[arg(long = "policy", value_name = "FILE|DIR")]
    pub policies: Vec<PathBuf>,
    /// A file with the token that uploads of packages need; ACCORD_ADMIN_TOKEN may hold the token itself. Without one uploads are off.
    #[arg(long, value_name = "FILE")]
    pub admin_token_file: Option<PathBuf>,
    /// Go online for packages that are not here.
    #[arg(long)]
    pub fetch: bool,
    /// Settings as JSON; the environment (ACCORD_…) and the options above are stronger.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Args {
    /// The options that were given, as a settings document.
    fn document(&self) -> Value {
        let mut out = Map::new();
        let path = |p: &PathBuf| Value::from(p.to_string_lossy());
        out.extend(self.listen.as_deref().map(|l| ("listen".to_owned(), Value::from(l))));
        out.extend(self.data.as_ref().map(|d| ("data".to_owned(), path(d))));
        out.extend(self.workers.map(|w| ("workers".to_owned(), Value::from(w))));
        out.extend(self.admin_token_file.as_ref().map(|f| ("adminTokenFile".to_owned(), path(f))));
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
#[derive(Debug)]
pub enum ServeError {
    Config(ConfigError),
    Store(StoreError),
    App(AppError),
    /// The network or the file system refused.
    System(std::io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Config(e) => e.fmt(f),
            ServeError::Store(e) => e.fmt(f),
            ServeError::App(e) => e.fmt(f),
            ServeError::System(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {}

/// The application with the packages that it was opened with.
struct Opened {
    app: App,
    packages: PackageSet,
}

impl Engine for Opened {
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        self.app.validate(text, request)
    }

    fn evaluator(&self) -> Evaluator<'_> {
        self.app.evaluator()
    }

    fn graph(&self) -> Option<&PackageGraph> {
        self.app.graph().ok()
    }

    fn packages(&self) -> &PackageSet {
        &self.packages
    }
}

/// Loads packages by the ways of [`App::open`].
struct AppLoader {
    settings: Settings,
    negotiators: Box<dyn Negotiators>,
    policies: Arc<PolicyScripts>,
}

/// Makes what negotiates under a package set, with the policies that requests may name.
pub trait Negotiators: Send + Sync {
    fn under(&self, packages: &PackageSet, policies: &Arc<PolicyScripts>) -> Arc<dyn Negotiator>;
}

impl Loader for AppLoader {
    fn load(&self, uploads: &[PathBuf]) -> Result<Parts, AppError> {
        let mut settings = self.settings.clone();
        if !uploads.is_empty() {
            if settings.packages.is_empty() {
                let guides = embedded::list()
                    .iter()
                    .filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4));
                settings.packages.extend(guides.map(|e| e.manifest.name()));
            }
            settings.packages.extend(uploads.iter().map(|u| u.to_string_lossy().into_owned()));
        }
        let app = App::open(&settings)?;
        let error = |e: PackageError| AppError::Package(e.to_string());
        let specs = settings.packages.iter().map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>().map_err(error)?;
        let packages = PackageSet::from(resolve(&specs, &Sources::standard(None)).map_err(error)?);
        let negotiator = self.negotiators.under(&packages, &self.policies);
        Ok(Parts { engine: Arc::new(Opened { app, packages }), negotiator })
    }
}

/// Serves until a signal stops it. Returns the exit code.
///
/// # Errors
/// [`ServeError`] where the settings, the store, the packages or the address cannot be had.
pub fn run(args: &Args, negotiators: Box<dyn Negotiators>) -> Result<u8, ServeError> {
    let config = Config::load(args.config.as_deref(), args.document(), &|name| std::env::var(name).ok())
        .map_err(ServeError::Config)?;
    log(&config.log);
    let store = open_store(&config)?;
    let rules = scripts::load(&config.rules).map_err(ServeError::App)?;
    let policies = Arc::new(scripts::policies(&config.policies).map_err(ServeError::App)?);
    let settings = Settings { packages: config.packages.clone(), fetch: config.fetch, rules, ..Settings::default() };
    let service = Service::open(config, store, Box::new(AppLoader { settings, negotiators, policies }))
        .map_err(ServeError::App)?;
    let keep = Arc::clone(&service);
    let served = actix_web::rt::System::new().block_on(async move {
        let running = start(service)?;
        println!("listening on http://{}", running.address);
        running.server.await
    });
    tracing::info!("stopped");
    keep.store().close().map_err(ServeError::Store)?;
    let_go(keep);
    served.map(|()| super::exit::OK).map_err(ServeError::System)
}

/// Drops the service, and with it the store: the threads of the server that was just stopped may hold it a moment longer.
fn let_go(mut service: Arc<Service>) {
    for _ in 0..500 {
        match Arc::try_unwrap(service) {
            Ok(last) => return drop(last),
            Err(held) => service = held,
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    tracing::warn!("a request still holds the store, which will be begun anew");
}

fn open_store(config: &Config) -> Result<Store, ServeError> {
    let Some(folder) = &config.data else {
        return Store::temporary().map_err(ServeError::Store);
    };
    let opened = Store::open(folder).map_err(ServeError::Store)?;
    for warning in &opened.warnings {
        tracing::warn!("{warning}");
    }
    Ok(opened.store)
}

/// Logs to standard error; a filter that cannot be read is replaced by `info`, with a remark.
fn log(log: &Log) {
    let wanted = log.filter.as_deref().unwrap_or("info,actix_server=warn");
    let (filter, broken) = match EnvFilter::try_new(wanted) {
        Ok(filter) => (filter, None),
        Err(e) => (EnvFilter::new("info"), Some(e)),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = if log.json { builder.json().try_init() } else { builder.try_init() };
    if let (Ok(()), Some(error)) = (set, broken) {
        tracing::warn!(%error, "the log filter cannot be read; logging at `info`");
    }
}
