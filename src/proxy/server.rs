//! Listening, workers, health and counts on an address of their own, an orderly stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::{Data, get, route};
use actix_web::{App, HttpResponse, HttpServer};
use serde_json::json;

use super::handler::handle;
use super::settings::Settings;
use super::shared::Shared;
use super::worker::Worker;
use crate::http::{HealthServer, Stop, bind, stop};
use crate::printable::note;
use crate::remote::upstream::Upstream;

/// How long a client may take for the head of a request, or to close a connection that has ended.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that a thread serves at once.
const CONNECTIONS: usize = 10_000;
/// The media type of counts.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A proxy that listens.
pub struct Running {
    server: Server,
    health: HealthServer,
    shared: Arc<Shared>,
    /// Stops it from another thread.
    pub handle: ServerHandle,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where health and counts are answered.
    pub health_address: SocketAddr,
}

impl Running {
    /// Serves until it is stopped, by [`Running::handle`] or by a signal: it says at once that it is not ready, takes
    /// no new connections, and lets requests that run end within the grace.
    ///
    /// # Errors
    /// [`io::Error`] where serving fails.
    pub async fn serve(self) -> io::Result<()> {
        let (handle, shared) = (self.handle, Arc::clone(&self.shared));
        actix_web::rt::spawn(async move {
            match stop().await {
                Ok(how) => {
                    shared.stop();
                    tracing::info!(?how, "stopping");
                    handle.stop(how == Stop::Graceful).await;
                }
                Err(error) => tracing::error!(%error, "no signal can stop the proxy in order"),
            }
        });
        let ended = self.server.await;
        self.shared.stop();
        self.health.stop().await;
        ended
    }
}

/// Listens and starts the workers, and those of health and counts. Must be called on an actix system.
///
/// # Errors
/// [`io::Error`] where an address cannot be had.
pub fn start(shared: Arc<Shared>) -> io::Result<Running> {
    let settings = &shared.settings;
    let listener = bind(&settings.listen)?;
    let address = listener.local_addr()?;
    let health = health(&shared, &settings.health_listen)?;
    let health_address = health.address;
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, |n| n.get()),
        n => n,
    };
    let each = Arc::clone(&shared);
    let app = move || {
        let Settings { upstream, timeout, trust, .. } = &each.settings;
        let upstream = Upstream::trusting(upstream.clone(), *timeout, trust.clone());
        let worker = Data::new(Worker { shared: Arc::clone(&each), upstream });
        App::new().app_data(worker).default_service(route().to(handle))
    };
    let server = HttpServer::new(app)
        .workers(workers)
        .disable_signals()
        .max_connections(CONNECTIONS)
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(HEAD_TIMEOUT)
        // A client that has left waits for nothing: what was begun for it is broken off.
        .h1_allow_half_closed(false)
        .shutdown_timeout(settings.grace.as_secs())
        .listen(listener)?
        .run();
    Ok(Running { handle: server.handle(), server, health, shared, address, health_address })
}

/// Answers health and counts on a thread of its own.
fn health(shared: &Arc<Shared>, listen: &str) -> io::Result<HealthServer> {
    let data = Data::from(Arc::clone(shared));
    HealthServer::start(listen, move |config| {
        config
            .app_data(data.clone())
            .route("/health/live", get().to(live))
            .route("/health/ready", get().to(ready))
            .route("/metrics", get().to(metrics));
    })
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({"status": "live"}))
}

async fn ready(shared: Data<Shared>) -> HttpResponse {
    let (mut answer, status) = match shared.is_ready() {
        true => (HttpResponse::Ok(), "ready"),
        false => (HttpResponse::ServiceUnavailable(), "stopping"),
    };
    answer.insert_header(("cache-control", "no-store")).json(json!({"status": status}))
}

async fn metrics(shared: Data<Shared>) -> HttpResponse {
    let text = shared.record.text();
    HttpResponse::Ok().content_type(OPEN_METRICS).insert_header(("cache-control", "no-store")).body(text)
}

/// Opens a proxy and serves until a signal stops it; where it listens is written to standard error once it does.
///
/// # Errors
/// A sentence that says why it could not be opened or served.
pub fn run(open: impl Future<Output = Result<Arc<Shared>, String>>) -> Result<(), String> {
    actix_web::rt::System::new().block_on(async move {
        let running = start(open.await?).map_err(|e| e.to_string())?;
        note(&format!(
            "listening on http://{}; health and counts on http://{}",
            running.address, running.health_address
        ));
        tracing::info!(version = env!("CARGO_PKG_VERSION"), shadow = running.shared.settings.shadow, "started");
        running.serve().await.map_err(|e| e.to_string())
    })
}
