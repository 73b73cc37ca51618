//! `accord serve` as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::wire::{Answer, ask};

/// The program, serving on a data folder.
pub struct Process {
    pub child: Child,
    pub address: SocketAddr,
}

impl Process {
    pub fn start(folder: &Path) -> Process {
        Process::with(folder, &[])
    }

    pub fn with(folder: &Path, options: &[&str]) -> Process {
        Process::of(Command::new(env!("CARGO_BIN_EXE_accord")), folder, options)
    }

    /// One whose files cannot become longer than this, until [`Process::give_room`].
    #[cfg(target_os = "linux")]
    pub fn limited(folder: &Path, options: &[&str], limit_bytes: usize) -> Process {
        let mut command = Command::new("sh");
        let script = format!(r#"trap "" XFSZ; exec prlimit --fsize={limit_bytes}:unlimited "$0" "$@""#);
        command.args(["-c", &script, env!("CARGO_BIN_EXE_accord")]);
        Process::of(command, folder, options)
    }

    #[cfg(target_os = "linux")]
    pub fn give_room(&self) {
        self.limit("unlimited");
    }

    /// From now on its files cannot become longer than this.
    #[cfg(target_os = "linux")]
    pub fn give_only(&self, bytes: usize) {
        self.limit(&bytes.to_string());
    }

    #[cfg(target_os = "linux")]
    fn limit(&self, bytes: &str) {
        let (pid, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:unlimited"));
        let done = Command::new("prlimit").args(["--pid", &pid, &limit]).status();
        assert!(done.unwrap().success());
    }

    fn of(mut command: Command, folder: &Path, options: &[&str]) -> Process {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--data"])
            .arg(folder)
            .args(options)
            .env("ACCORD_ADMIN_TOKEN", "secret")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Process { child, address }
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        ask(self.address, "POST", path, &[("content-type", "application/json")], body.as_bytes())
    }

    /// Asks with the admin token.
    pub fn as_admin(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
        ask(self.address, method, path, &[("authorization", "Bearer secret")], body.as_ref())
    }

    pub fn get(&self, path: &str) -> Answer {
        ask(self.address, "GET", path, &[], b"")
    }

    /// Ends it at once; gives what it logged.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.logged()
    }

    pub fn logged(&mut self) -> String {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
