//! Health and metrics on an address and threads of their own: whatever the workers do, they are answered at once.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};

use super::head;
use super::listen::bind;

/// Where health and metrics are answered.
pub struct HealthServer {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
}

impl HealthServer {
    /// Listens on an address, and serves what is configured from now on.
    ///
    /// # Errors
    /// [`io::Error`] where the address or a thread cannot be had.
    pub fn start(
        listen: &str,
        configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> io::Result<HealthServer> {
        let listener = bind(listen)?;
        let address = listener.local_addr()?;
        let (sender, receiver) = mpsc::channel();
        let serve = move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().wrap(from_fn(head::head)).configure(configure.clone());
                let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener)?;
                let server = server.run();
                let _ = sender.send(server.handle());
                server.await
            })
        };
        std::thread::Builder::new().name("accord-health".to_owned()).spawn(move || {
            if let Err(error) = serve() {
                tracing::error!(%error, "health and metrics are no longer answered");
            }
        })?;
        let handle = receiver.recv().map_err(|_| io::Error::other("health and metrics cannot be served"))?;
        Ok(HealthServer { address, handle })
    }

    /// Stops it.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}
