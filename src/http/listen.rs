//! Listening on the addresses of the settings.

use std::io;
use std::net::{TcpListener, ToSocketAddrs};

fn way_out(e: &io::Error) -> &'static str {
    match e.kind() {
        io::ErrorKind::AddrInUse => "; another program has this port, give another one",
        io::ErrorKind::PermissionDenied => "; ports below 1024 need rights that this program does not have",
        _ => "",
    }
}

/// A listener on the first address that can be had.
pub fn bind(listen: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, format!("`{listen}` names no address"));
    for address in listen.to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => return Ok(listener),
            Err(e) => last = io::Error::new(e.kind(), format!("cannot listen on `{listen}`: {e}{}", way_out(&e))),
        }
    }
    Err(last)
}
