//! Health and metrics on an address and threads of their own: whatever the workers do, they are answered at once.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use super::listen::bind;
use super::service::Service;
use super::{head, routes};

/// Where health and metrics are answered.
pub struct HealthServer {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
}

impl HealthServer {
    /// Listens on an address, and serves from now on.
    ///
    /// # Errors
    /// [`io::Error`] where the address or a thread cannot be had.
    pub(super) fn start(service: &Arc<Service>, listen: &str) -> io::Result<HealthServer> {
        let listener = bind(listen)?;
        let address = listener.local_addr()?;
        let data = Data::from(Arc::clone(service));
        let (sender, receiver) = mpsc::channel();
        let serve = move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || {
                    App::new().app_data(data.clone()).wrap(from_fn(head::head)).configure(routes::configure_health)
                };
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
