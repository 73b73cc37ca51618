//! What is no request of HTTP at all: each answered once, with a reason, and the connection ends.

mod connections;
mod heads;

use std::io::Write;
use std::net::TcpStream;

use crate::support::{Answer, Server, read_answer};

/// What comes back for these bytes until the connection is closed.
fn send(server: &Server, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(bytes).unwrap();
    read_answer(&mut stream)
}
