//! Listening, workers, filling the store in the background, an orderly shutdown.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use super::service::Service;
use super::{routes, trace};

/// Pending connections that the kernel holds for the service.
const BACKLOG: u32 = 4096;

/// A service that listens. Nothing is served until [`Running::server`] is awaited.
pub struct Running {
    /// Serves while it is awaited; it ends when it is stopped.
    pub server: Server,
    /// Stops it from another thread.
    pub handle: ServerHandle,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Listens and starts the workers; fills the store on a thread of its own. Must be called on an actix system.
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
    let data = Data::from(Arc::clone(&service));
    let server = HttpServer::new(move || {
        App::new().app_data(data.clone()).wrap(from_fn(trace::trace)).configure(routes::configure)
    })
    .workers(workers)
    .backlog(BACKLOG)
    .max_connections(limits.connections)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(limits.shutdown_timeout_ms.div_ceil(1000))
    .listen(listener)?
    .run();
    std::thread::Builder::new().name("accord-fill".to_owned()).spawn(move || {
        let started = std::time::Instant::now();
        match service.fill() {
            Ok(()) => tracing::info!(ms = started.elapsed().as_millis() as u64, "ready"),
            Err(error) => tracing::error!(%error, "the store cannot be filled; definitions are not served"),
        }
    })?;
    Ok(Running { handle: server.handle(), server, address })
}

/// A listener with a long backlog on the first address that can be had.
fn bind(listen: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, format!("`{listen}` names no address"));
    for address in listen.to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => return Ok(listener),
            Err(e) => last = io::Error::new(e.kind(), format!("cannot listen on `{listen}`: {e}")),
        }
    }
    Err(last)
}
