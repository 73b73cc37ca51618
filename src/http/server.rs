//! Listening, workers, filling the store in the background, an orderly shutdown.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory as _, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::{Data, ServiceConfig};

use super::cors::cors;
use super::descriptors::connections;
use super::health_server::HealthServer;
use super::listen::bind;
use super::parties::{fetch_due, renew_outdated};
use super::service::{Service, tend};
use super::signals::{self, Stop};
use super::wire::{Stream, Tls, Wire};
use super::{access, head, routes, trace, xml};

/// Threads of each worker beside those of work that has a place: they read bodies and the store.
const SPARE_THREADS: usize = 32;
/// Pending connections that the kernel holds for the service.
const BACKLOG: u32 = 4096;
/// How long the last spans may take on their way to a collector.
const SPANS_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a client may take to close a connection that has ended.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A service that listens. Nothing but health and metrics is served until [`Running::serve`] is awaited.
pub struct Running {
    server: Server,
    tls: Option<Arc<Tls>>,
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

    /// Whether connections are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
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
        actix_web::rt::spawn(signals::on_reload(move || match self.tls.as_ref().map(|tls| tls.reload()) {
            Some(Ok(())) => tracing::info!("the TLS certificate and its key were read again"),
            Some(Err(error)) => tracing::error!(error, "the TLS certificate stays as it was"),
            None => tracing::info!("there is no TLS certificate that could be read again"),
        }));
        let ended = self.server.await;
        self.service.stopping().begin();
        if let Some(tracer) = &self.service.tracer {
            tracer.flush(SPANS_TIMEOUT);
        }
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
/// [`io::Error`] where the address cannot be had, or the certificate not be used.
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
    let tls = config.tls.as_ref().map(Tls::open).transpose().map_err(io::Error::other)?.map(Arc::new);
    let (shared, encrypted) = (Arc::clone(&service), tls.clone());
    let builder = Server::build();
    let stop = builder.graceful_shutdown_signal();
    let connections_of = move || {
        let stop = stop.clone();
        connection(Arc::clone(&shared), encrypted.clone(), address, move || {
            let stop = stop.clone();
            async move { stop.notified().await }
        })
    };
    let server = builder
        .workers(workers)
        .disable_signals()
        .backlog(BACKLOG)
        .max_concurrent_connections(connections(limits.connections, workers))
        // Work that has a place has a thread, whichever worker took its connection; some more read bodies.
        .worker_max_blocking_threads(4 * threads + SPARE_THREADS)
        .shutdown_timeout(limits.shutdown_timeout_ms.div_ceil(1000))
        .listen("accord", listener, connections_of)?
        .run();
    let data = Data::from(Arc::clone(&service));
    let watched = move |all: &mut ServiceConfig| {
        all.app_data(data.clone()).configure(routes::configure_health);
    };
    let health = config.health_listen.as_deref().map(|listen| HealthServer::start(listen, watched)).transpose()?;
    let tended = Arc::downgrade(&service);
    std::thread::Builder::new().name("accord-fill".to_owned()).spawn(move || tend(&tended))?;
    let tending: [fn(&Weak<Service>); 2] = [fetch_due, renew_outdated];
    for (name, tend) in ["accord-parties", "accord-renew"].into_iter().zip(tending) {
        let tended = Arc::downgrade(&service);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || tend(&tended))?;
    }
    Ok(Running { handle: server.handle(), server, tls, service, address, health })
}

/// What serves one connection, for each worker; `stop` ends when the service is to stop.
fn connection<F: Future<Output = ()> + 'static>(
    service: Arc<Service>,
    tls: Option<Arc<Tls>>,
    address: SocketAddr,
    stop: impl Fn() -> F + 'static,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let config = &service.config;
    let app = App::new()
        .app_data(Data::from(Arc::clone(&service)))
        .app_data(Data::new(config.trusted_proxies.clone()))
        .wrap(from_fn(head::head))
        .wrap(from_fn(access::reading))
        .wrap(from_fn(xml::xml))
        .wrap(cors(&config.cors_origins, !config.read_tokens.is_empty()))
        .wrap(from_fn(trace::trace))
        .configure(routes::configure)
        .into_factory()
        .map_err(|error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(stop)
        .client_request_timeout(Duration::from_millis(config.limits.head_timeout_ms))
        .client_disconnect_timeout(CLOSE_TIMEOUT)
        // A client that has left waits for nothing: what was begun for it is broken off.
        .h1_allow_half_closed(false)
        .local_addr(address)
        .finish(map_config(app, |()| AppConfig::default()));
    let wired = fn_service(move |stream: TcpStream| {
        let (service, tls) = (Arc::clone(&service), tls.clone());
        async move {
            let peer = stream.peer_addr().ok();
            let within = Duration::from_millis(service.config.limits.head_timeout_ms);
            let stream = match tls {
                None => Stream::Plain(stream),
                Some(tls) => tls.accept(stream, within).await.inspect_err(|error| {
                    tracing::debug!(%error, "a client did not begin an encrypted connection");
                })?,
            };
            Ok((Wire::new(stream, service), Protocol::Http1, peer))
        }
    });
    wired.and_then(http)
}
