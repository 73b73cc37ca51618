//! Looking names up under a guard: what is connected to is what was checked.

use std::error::Error;
use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::{Guard, refusal};

/// A name has only addresses that may not be connected to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RefusedAddress(String);

/// Gives of a name's addresses only those that the guard lets pass.
pub struct GuardedNames(pub Guard);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || look_up(name.as_str(), guard)).await??;
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

/// The addresses of a name that may be connected to, in the system's order; the port is filled in later.
fn look_up(name: &str, guard: Guard) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
    let mut addresses: Vec<SocketAddr> = (name, 0).to_socket_addrs().map_err(|e| e.to_string())?.collect();
    let why = addresses.iter().find_map(|a| guard(a.ip()).map(|kind| refusal(a.ip(), kind)));
    addresses.retain(|a| guard(a.ip()).is_none());
    match why {
        Some(why) if addresses.is_empty() => Err(Box::new(RefusedAddress(why))),
        _ => Ok(addresses),
    }
}
