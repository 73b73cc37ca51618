//! What was acknowledged of parties, and of negotiations between them, outlives the process that is killed (kill -9). A
//! few rounds with each engine; `just killed-parties` runs two hundred.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::statement;
use crate::program::Process;

/// How many rounds there are.
const ROUNDS: &str = "ACCORD_KILL_PARTIES_ROUNDS";
/// How many parties are put again and again.
const PARTIES: u64 = 7;

struct Chance(u64);

impl Chance {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }
}

/// The status of an answer; `None` where the process was killed before all of it came.
fn asked(address: SocketAddr, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer secret\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length =
        head.lines().filter_map(|l| l.split_once(": ")).find(|(n, _)| n.eq_ignore_ascii_case("content-length"));
    let is_whole = length.is_none_or(|(_, n)| n.parse() == Ok(body.len()));
    let status = head.split(' ').nth(1)?.parse().ok()?;
    is_whole.then(|| (status, body.to_owned()))
}

/// The `n`th change: of which party, and to which version; `None`: it is deleted.
fn change(n: u64) -> (String, Option<u64>) {
    (format!("p{}", n % PARTIES), (n % 5 != 3).then_some(n))
}

fn body(version: u64) -> Value {
    let filling = "x".repeat((version * 37 % 3000) as usize);
    json!({"title": format!("v{version}"), "statement": statement("client", &["read"]), "scope": format!("x{filling}")})
}

/// Makes changes from `first` on until the process is killed, and says which were acknowledged; every tenth is a
/// negotiation. Returns the one that was not.
fn change_all(address: SocketAddr, first: u64, acknowledged: &Sender<(u64, Option<String>)>) -> u64 {
    for n in first.. {
        let done = if n.is_multiple_of(10) {
            let need = format!("Patient.{}", if n.is_multiple_of(20) { "read" } else { "vread" });
            let request = json!({
                "client": {"party": "app"}, "server": {"party": "ehr"}, "need": [need],
                "scope": format!("patient/*.r s{n}"),
            });
            asked(address, "POST", "/negotiate", &request.to_string()).map(|(status, body)| {
                assert_eq!(status, 200, "{body}");
                Some(serde_json::from_str::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned())
            })
        } else {
            let (id, version) = change(n);
            let path = format!("/parties/{id}");
            match version {
                Some(version) => asked(address, "PUT", &path, &body(version).to_string()),
                None => asked(address, "DELETE", &path, ""),
            }
            .map(|(status, body)| {
                assert!(matches!(status, 200 | 201 | 204 | 404), "{status}: {body}");
                None
            })
        };
        match done {
            Some(negotiation) => acknowledged.send((n, negotiation)).unwrap(),
            None => return n,
        }
    }
    unreachable!("it goes on until the process is killed")
}

/// The version of a party that the service has.
fn version(process: &Process, id: &str) -> Option<u64> {
    let answer = process.get(&format!("/parties/{id}"));
    if answer.status == 404 {
        return None;
    }
    let party = answer.json();
    let version = party["title"].as_str().unwrap()[1..].parse().unwrap();
    assert_eq!(party["documents"]["scope"], body(version)["scope"], "{id} is whole");
    Some(version)
}

/// Kills and checks; returns how many changes were acknowledged.
fn rounds(engine: &str, count: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(count);
    let (mut next, mut all) = (1, 0);
    let mut there: BTreeMap<String, Option<u64>> = (0..PARTIES).map(|i| (format!("p{i}"), None)).collect();
    let mut negotiations = BTreeSet::new();
    for round in 0..=count {
        let mut process = Process::with(folder.path(), &["--store", engine]);
        if round == 0 {
            for (id, mode) in [("app", "client"), ("ehr", "server")] {
                let body = json!({"statement": statement(mode, &["read"])}).to_string();
                assert_eq!(process.as_admin("PUT", &format!("/parties/{id}"), body).status, 201);
            }
        }
        for (id, expected) in &mut there {
            let found = version(&process, id);
            // What was being written when the process was killed may be there or not.
            let (in_flight, to) = change(next.max(1) - 1);
            let is_in_flight = *id == in_flight && !(next - 1_u64).is_multiple_of(10) && found == to;
            assert!(found == *expected || is_in_flight, "{engine}, round {round}: {id} is {found:?}, not {expected:?}");
            *expected = found;
        }
        for id in &negotiations {
            let found = process.get(&format!("/negotiate/{id}"));
            assert_eq!(found.status, 200, "{engine}, round {round}: negotiation {id} is lost");
        }
        if round == count {
            process.kill();
            break;
        }
        let (sender, receiver) = channel();
        let (address, first) = (process.address, next);
        let writer = std::thread::spawn(move || change_all(address, first, &sender));
        let mut told: Vec<(u64, Option<String>)> = Vec::new();
        for _ in 0..3 + chance.below(25) {
            told.push(receiver.recv().unwrap());
        }
        std::thread::sleep(Duration::from_micros(chance.below(8_000)));
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        let in_flight = writer.join().unwrap();
        told.extend(receiver);
        all += told.len() as u64;
        for (n, negotiation) in told {
            match negotiation {
                Some(id) => {
                    negotiations.insert(id);
                }
                None => {
                    let (id, version) = change(n);
                    there.insert(id, version);
                }
            }
        }
        next = in_flight + 1;
    }
    all
}

#[test]
fn acknowledged_parties_are_kept() {
    let count = std::env::var(ROUNDS).map_or(3, |n| n.parse().unwrap());
    for engine in ["sled", "redb"] {
        let started = std::time::Instant::now();
        let all = rounds(engine, count);
        let seconds = started.elapsed().as_secs();
        println!("{engine}: {count} rounds of kill -9 on parties: {all} changes acknowledged, none lost; {seconds} s");
    }
}
