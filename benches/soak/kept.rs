//! Negotiations that were acknowledged, and whether they are there.

use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::client::{Answer, Client};
use crate::load::{World, locked};
use crate::tally::Tally;

/// Time between two negotiations. In half an hour fewer are made than the service keeps.
const EVERY: Duration = Duration::from_millis(400);

/// One that was acknowledged: its address, and the SHA-256 of its text.
type Record = (String, [u8; 32]);

/// What was acknowledged.
pub struct Kept {
    pub records: Mutex<Vec<Record>>,
    client: Value,
    server: String,
    next: AtomicUsize,
}

fn hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

impl Kept {
    pub fn new() -> Self {
        let example = |name: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
            std::fs::read_to_string(path).unwrap()
        };
        Self {
            records: Mutex::default(),
            client: serde_json::from_str(&example("client.json")).unwrap(),
            server: example("server.json"),
            next: AtomicUsize::new(0),
        }
    }

    /// Negotiates what was never negotiated before; what is acknowledged is noted.
    pub fn negotiate(&self, client: &mut Client, token: &str) -> io::Result<Answer> {
        let mut statement = self.client.clone();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        statement["software"] = serde_json::json!({"name": "soak", "version": number.to_string()});
        let body = format!(r#"{{"client":{statement},"server":{}}}"#, self.server);
        let more = format!("content-type: application/json\r\nauthorization: Bearer {token}\r\n");
        let answer = client.ask("POST", "/negotiate", &more, body.as_bytes())?;
        if answer.status == 200 {
            let place = answer.header("content-location").expect("an address").to_owned();
            locked(&self.records).push((place, hash(&answer.body)));
        }
        Ok(answer)
    }

    /// How many are not there, or not as they were.
    pub fn lost(&self, client: &mut Client) -> Vec<String> {
        let records = locked(&self.records).clone();
        let is_lost = |(place, was): &Record| match client.ask("GET", place, "", b"") {
            Ok(answer) if answer.status == 200 && hash(&answer.body) == *was => None,
            Ok(answer) => Some(format!("{place}: {} {}", answer.status, answer.told())),
            Err(error) => Some(format!("{place}: {error}")),
        };
        records.iter().filter_map(is_lost).collect()
    }
}

/// Negotiates until it is over.
pub fn run(world: &World, kept: &Kept, tally: &Mutex<Tally>) {
    let mut client = Client::new(world.service, "203.0.113.3".to_owned());
    while !world.is_over() {
        let life = world.life_when_up();
        let was_full = world.is_full.load(Ordering::SeqCst);
        match kept.negotiate(&mut client, &world.token) {
            Ok(answer) => {
                let is_full = was_full || world.is_full.load(Ordering::SeqCst);
                let mut tally = locked(tally);
                tally.answered("negotiation", answer.status);
                if answer.status != 200 && !(answer.status == 507 && is_full) {
                    tally.failed(format!("negotiation: {} {}", answer.status, answer.told()));
                }
            }
            Err(error) => world.unanswered(tally, "negotiation", life, &error),
        }
        std::thread::sleep(EVERY);
    }
}
