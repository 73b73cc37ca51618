//! A client of `accord lsp` that writes and reads raw messages.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::command;

/// How long an answer may take: engines of tests are slow to begin with.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server, and what it says.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    said: Receiver<Value>,
    next: i64,
    /// Notifications that were read while an answer was waited for.
    aside: Vec<Value>,
}

fn message(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().unwrap(),
            None => {
                assert_eq!(line, "\r\n");
                break;
            }
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

impl Client {
    /// A server that was not spoken to yet.
    pub fn silent(arguments: &[&str]) -> Client {
        let mut command = command(&[&["lsp"], arguments].concat());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, said) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Client { child, input, said, next: 0, aside: Vec::new() }
    }

    /// A server that knows what the client can do.
    pub fn start(capabilities: Value) -> Client {
        let mut client = Client::silent(&[]);
        let result =
            client.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
        assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2);
        client.tell("initialized", json!({}));
        client
    }

    /// Writes bytes as they are; that nobody reads them is no fault of a test.
    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// What the server says next.
    pub fn hear(&mut self) -> Value {
        self.said.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let said = self.hear();
            if said["id"] == id {
                return said;
            }
            self.aside.push(said);
        }
    }

    /// The result of a request.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "json", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes a document.
    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    /// The diagnostics of a version of a document, each as `line:column code`.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<String> {
        let is_meant = |m: &Value| {
            m["method"] == "textDocument/publishDiagnostics"
                && m["params"]["uri"] == uri
                && m["params"]["version"] == version
        };
        let found = match self.aside.iter().position(is_meant) {
            Some(at) => self.aside.remove(at),
            None => loop {
                let said = self.hear();
                if is_meant(&said) {
                    break said;
                }
                self.aside.push(said);
            },
        };
        let told = |d: &Value| {
            let start = &d["range"]["start"];
            format!("{}:{} {}", start["line"], start["character"], d["code"].as_str().unwrap_or_default())
        };
        found["params"]["diagnostics"].as_array().unwrap().iter().map(told).collect()
    }

    /// Ends the input, and gives the exit code with what standard error says.
    pub fn end(mut self) -> (i32, String) {
        drop(self.input.take());
        self.ended()
    }

    /// The exit code with what standard error says, once the server ends by itself.
    pub fn ended(mut self) -> (i32, String) {
        let status = self.child.wait().unwrap();
        let mut told = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (status.code().expect("the server was not killed"), told)
    }

    /// Shuts the server down as the protocol has it.
    pub fn stop(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        assert_eq!(self.ended().0, 0);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
