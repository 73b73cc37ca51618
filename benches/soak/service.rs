//! The process under test.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::common;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the process is started, each time.
pub struct Service {
    pub accord: PathBuf,
    pub address: SocketAddr,
    pub health: SocketAddr,
    pub store: String,
    pub token: String,
    data: PathBuf,
    log: PathBuf,
    settings: PathBuf,
}

/// A running one; killed when it is dropped.
pub struct Running(Child);

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Service {
    /// With the data below `room`, and its log and settings below `beside`.
    pub fn new(accord: PathBuf, store: String, room: &Path, beside: &Path) -> Self {
        let settings = beside.join("settings.json");
        std::fs::write(&settings, r#"{"trustedProxies": ["127.0.0.1"]}"#).unwrap();
        Self {
            accord,
            address: free_port(),
            health: free_port(),
            store,
            token: "soak".to_owned(),
            data: room.join("data"),
            log: beside.join("log"),
            settings,
        }
    }

    /// Starts it. Returns it with the time until it was ready.
    pub fn start(&self) -> (Running, Duration) {
        let started = Instant::now();
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let child = Command::new(&self.accord)
            .args(["serve", "--listen", &self.address.to_string(), "--health-listen", &self.health.to_string()])
            .args(["--store", &self.store, "--package", common::GUIDE, "--data"])
            .arg(&self.data)
            .arg("--config")
            .arg(&self.settings)
            .env("ACCORD_ADMIN_TOKEN", &self.token)
            .env("ACCORD_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", self.accord.display()));
        let mut running = Running(child);
        let mut client = Client::new(self.address, "203.0.113.2".to_owned());
        while !client.ask("GET", "/health/ready", "", b"").is_ok_and(|a| a.status == 200) {
            let ended = running.0.try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "not ready ({ended:?}): {}", self.logged());
            std::thread::sleep(Duration::from_millis(5));
        }
        (running, started.elapsed())
    }

    /// What it logged: warnings and errors.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Running {
    /// The memory that it holds, in kilobytes; `None` when it is gone.
    pub fn memory_kb(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()
    }

    /// The time of processors that it took until now, in seconds.
    pub fn processor_seconds(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).ok()?;
        let after = stat.rsplit_once(')')?.1;
        let ticks: Vec<f64> = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
        // A tick is a hundredth of a second on every Linux.
        Some(ticks.iter().sum::<f64>() / 100.0)
    }

    /// Kills it with SIGKILL.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
