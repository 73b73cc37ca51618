//! Listening on the addresses of the settings.

use std::io;
use std::net::{TcpListener, ToSocketAddrs};

/// A listener on the first address that can be had.
pub fn bind(listen: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, format!("`{listen}` names no address"));
    for address in listen.to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => return Ok(listener),
            Err(e) => last = io::Error::new(e.kind(), format!("cannot listen on `{listen}`: {e}")),
        }
    }
    Err(last)
}
