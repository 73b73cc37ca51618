//! TLS by the certificate and the key of the settings (<https://www.rfc-editor.org/rfc/rfc8446>), read again on demand.
//! HTTP/1.1 only is offered inside it.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::Stream;
use crate::config::TlsFiles;

/// What connections are encrypted with.
pub(in crate::http) struct Tls {
    files: TlsFiles,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// A sentence that names the file and what to do.
    pub fn open(files: &TlsFiles) -> Result<Tls, String> {
        Ok(Tls { files: files.clone(), config: RwLock::new(read(files)?) })
    }

    /// Reads both again: connections that come from now on see what is in the files now.
    ///
    /// # Errors
    /// A sentence that names the file and what to do; what was in force stays so.
    pub fn reload(&self) -> Result<(), String> {
        let config = read(&self.files)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// The encrypted connection that a client begins, within a time.
    ///
    /// # Errors
    /// [`io::Error`] where it is none, or takes too long.
    pub async fn accept(&self, stream: TcpStream, within: Duration) -> io::Result<Stream> {
        let config = Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner));
        let accepted = tokio::time::timeout(within, TlsAcceptor::from(config).accept(stream)).await;
        accepted.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map(|stream| Stream::Tls(Box::new(stream)))
    }
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, String> {
    let text = |path: &Path, what: &str, name: &str| {
        std::fs::read(path).map_err(|e| {
            format!("the {what} could not be read from `{}`: {e}; name a PEM file by `{name}`", path.display())
        })
    };
    let (of_certificate, of_key) = (files.certificate.display(), files.key.display());
    let chain = text(&files.certificate, "TLS certificate", "tlsCertificate")?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<_, pem::Error>>()
        .map_err(|e| format!("`{of_certificate}` is not PEM: {e}"))?;
    if chain.is_empty() {
        let wanted = "the server's own first, then those that signed it";
        return Err(format!("`{of_certificate}` holds no certificate; put them there as PEM, {wanted}"));
    }
    let key = text(&files.key, "key of the TLS certificate", "tlsKey")?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|e| {
        format!("`{of_key}` holds no private key that can be used ({e}); put it there as PEM, without a passphrase")
    })?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| format!("TLS cannot be used: {e}"))?;
    let config = builder.with_no_client_auth().with_single_cert(chain, key);
    let mut config = config.map_err(|e| format!("`{of_certificate}` and `{of_key}` do not go together: {e}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
