//! `curl` as pages use it, played by a client of our own: no program is needed, and nobody else can be asked.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::folder::Folder;

/// What a command of `curl` asks.
#[derive(Debug, Default)]
struct Request {
    method: Option<String>,
    headers: Vec<String>,
    body: Option<Vec<u8>>,
    url: String,
    to: Option<String>,
}

/// The words of a command line; quotes hold words together, a `\` at the end of a line is none.
fn words(command: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    for c in command.replace("\\\n", " ").chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => out.push(String::new()),
            _ => out.last_mut().unwrap().push(c),
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

fn request(command: &str, folder: &Folder) -> Request {
    let mut out = Request::default();
    let words = words(command);
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().unwrap_or_else(|| panic!("`{word}` has no value: {command}")).clone();
        match word.as_str() {
            "-s" | "-S" | "-sS" | "-f" | "-sf" | "-fsS" | "-sSf" => {}
            "-H" | "--header" => out.headers.push(value()),
            "-X" | "--request" => out.method = Some(value()),
            "-o" | "--output" => out.to = Some(value()),
            "-d" | "--data" | "--data-binary" => {
                let value = value();
                let file = value.strip_prefix('@').map(|name| fs::read(folder.path().join(name)).unwrap());
                out.body = Some(file.unwrap_or_else(|| value.into_bytes()));
            }
            url if !url.starts_with('-') => url.clone_into(&mut out.url),
            option => panic!("`curl {option}` is not played here: {command}"),
        }
    }
    out
}

/// What a command of `curl` prints.
pub fn printed(command: &str, folder: &Folder) -> String {
    let request = request(command, folder);
    let url = request.url.strip_prefix("http://").unwrap_or(&request.url);
    let (address, path) = url.split_at(url.find('/').unwrap_or(url.len()));
    assert!(address.starts_with("127.0.0.1:"), "`{address}` is not asked: {command}");
    let method = request.method.unwrap_or_else(|| if request.body.is_some() { "POST" } else { "GET" }.to_owned());
    let path = if path.is_empty() { "/" } else { path };
    let answer = ask(address, &method, path, &request.headers, &request.body.unwrap_or_default()).unwrap();
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default().to_owned();
    match request.to {
        Some(file) => {
            folder.write(&file, &body);
            String::new()
        }
        None => body,
    }
}

/// The answer to a GET, with its head.
pub fn get(address: &str, path: &str) -> Option<String> {
    ask(address, "GET", path, &[], &[]).ok()
}

fn ask(address: &str, method: &str, path: &str, headers: &[String], body: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let headers: String = headers.iter().map(|h| format!("{h}\r\n")).collect();
    let head = format!("Host: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}", body.len());
    write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\n")?;
    stream.write_all(body)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn words_are_told_apart() {
    assert_eq!(words("curl 'a b' \\\n  \"c\" d"), ["curl", "a b", "c", "d"]);
}
