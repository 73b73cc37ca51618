//! Who has to have signed the certificate of an upstream server, where it is not one of the web's authorities.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Whom to trust.
#[derive(Clone, Debug)]
pub struct Trust(pub(super) Arc<ClientConfig>);

/// What trusts the authorities of a PEM file, and no others.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub fn authorities(path: &Path) -> Result<Trust, String> {
    let name = path.display();
    let text = std::fs::read(path).map_err(|e| format!("cannot read `{name}`: {e}"))?;
    let all: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, pem::Error>>()
        .map_err(|e| format!("`{name}` is not PEM: {e}"))?;
    if all.is_empty() {
        return Err(format!("`{name}` holds no certificate; put that of the authority there as PEM"));
    }
    let mut roots = RootCertStore::empty();
    for certificate in all {
        roots.add(certificate).map_err(|e| format!("`{name}` holds a certificate that cannot be used: {e}"))?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| format!("TLS cannot be used: {e}"))?;
    Ok(Trust(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_authorities_is_refused_by_name() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(authorities(&path).unwrap_err().contains("ca.pem"));
        for (text, told) in [
            ("", "holds no certificate"),
            ("hello", "holds no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be used"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = authorities(&path).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
