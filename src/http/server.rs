//! Listening, workers, filling the store in the background, an orderly shutdown.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use super::cors::cors;
use super::descriptors::connections;
use super::health_server::HealthServer;
use super::listen::bind;
use super::service::{Service, tend};
use super::signals::{self, Stop};
use super::{head, routes, trace};

/// Threads of each worker beside those of work that has a place: they read bodies and the store.
const SPARE_THREADS: usize = 32;
/// Pending connections that the kernel holds for the service.
const BACKLOG: u32 = 4096;

/// A service that listens. Nothing but health and metrics is served until [`Running::serve`] is awaited.
pub struct Running {
    server: Server,
    service: Arc<Service>,
    /// Stops it from another thread.
    pub handle: ServerHandle,
    /// Where it listens.
    pub address: SocketAddr,
    health: Option<HealthServer>,
}

impl Running {
    /// Where health and metrics are answered on threads of their own.
    pub fn health_address(&self) -> Option<SocketAddr> {
        self.health.as_ref().map(|h| h.address)
    }

    /// Serves until it is stopped, by [`Running::handle`] or by a signal: it says at once that it is not ready, takes
    /// no new connections, and lets requests that run end within the grace of the settings.
    ///
    /// # Errors
    /// [`io::Error`] where serving fails.
    pub async fn serve(self) -> io::Result<()> {
        let (handle, service) = (self.handle, Arc::clone(&self.service));
        actix_web::rt::spawn(async move {
            match signals::stop().await {
                Ok(stop) => {
                    service.stopping().begin();
                    let grace_ms = service.config.limits.shutdown_timeout_ms;
                    tracing::info!(?stop, grace_ms, "stopping");
                    handle.stop(stop == Stop::Graceful).await;
                }
                Err(error) => tracing::error!(%error, "no signal can stop the service in order"),
            }
        });
        let ended = self.server.await;
        self.service.stopping().begin();
        if let Some(health) = self.health {
            health.stop().await;
        }
        ended
    }
}

/// Listens and starts the workers, and those of health and metrics; fills the store on a thread of its own. Must be
/// called on an actix system.
///
/// # Errors
/// [`io::Error`] where the address cannot be had.
pub fn start(service: Arc<Service>) -> io::Result<Running> {
    let config = &service.config;
    let listener = bind(&config.listen)?;
    let address = listener.local_addr()?;
    let limits = config.limits.clone();
    let workers = match config.workers {
        0 => std::thread::available_parallelism().map_or(1, |n| n.get()),
        n => n,
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let data = Data::from(Arc::clone(&service));
    let proxies = Data::new(config.trusted_proxies.clone());
    let origins = config.cors_origins.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(proxies.clone())
            .wrap(from_fn(head::head))
            .wrap(cors(&origins))
            .wrap(from_fn(trace::trace))
            .configure(routes::configure)
    })
    .workers(workers)
    .disable_signals()
    .backlog(BACKLOG)
    .max_connections(connections(limits.connections, workers))
    // Work that has a place has a thread, whichever worker took its connection; some more read bodies.
    .worker_max_blocking_threads(4 * threads + SPARE_THREADS)
    // A client that has left waits for nothing: what was begun for it is broken off.
    .h1_allow_half_closed(false)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(limits.shutdown_timeout_ms.div_ceil(1000))
    .listen(listener)?
    .run();
    let health = config.health_listen.as_deref().map(|listen| HealthServer::start(&service, listen)).transpose()?;
    let tended = Arc::downgrade(&service);
    std::thread::Builder::new().name("accord-fill".to_owned()).spawn(move || tend(&tended))?;
    Ok(Running { handle: server.handle(), server, service, address, health })
}
