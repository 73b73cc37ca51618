//! The service under load: one worker, connections that ask again as soon as they are answered. Requests a second, the
//! server's own time for each, the latencies of valid instances alone and beside invalid and hostile ones, memory.
//!
//! `cargo bench --bench http -- [--requests N] [--program PATH]`: so many requests of each kind, of another program.
//! Where `taskset` is here and there are two cores, the server has one of them, and the load the other.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

/// Connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// Different instances.
const INSTANCES: usize = 2_000;
/// Of so many requests one is for an invalid instance.
const INVALID: usize = 20;
/// How long a hostile client rests between two requests: about one in a hundred is its own.
const HOSTILE_REST: Duration = Duration::from_millis(5);
/// Ticks of the clock by which the system counts the time of processes, a second.
const TICKS: f64 = 100.0;

/// A Patient of about 3 KB with a narrative. No two are alike.
fn patient(n: usize, gender: &str) -> String {
    let row = |i: usize| format!("<tr><td>Row {i} of {n}</td><td>Value {}</td></tr>", n * 31 + i);
    let rows: String = (0..12).map(row).collect();
    let code = |system: &str, code: &str| json!({"coding": [{"system": system, "code": code}]});
    let table = |name: &str| format!("http://terminology.hl7.org/CodeSystem/{name}");
    let address = |i: usize| {
        json!({"use": "home", "type": "both", "line": [format!("{} Elm Street", n + i), format!("Flat {i}")],
            "city": "Springfield", "state": "MA", "postalCode": format!("{:05}", (n * 7 + i) % 99_999),
            "country": "US", "period": {"start": format!("20{i:02}-01-0{}", i + 1)}})
    };
    let telecom =
        |i: usize| json!({"system": "phone", "value": format!("+1-555-{:07}", n + i), "use": "home", "rank": i + 1});
    let name = |i: usize| {
        json!({"use": "official", "family": format!("Family{n}"), "prefix": ["Dr."],
            "given": [format!("Given{i}"), format!("Middle{n}")]})
    };
    let div = format!(
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Patient {n}</p><table><tbody>{rows}</tbody></table></div>"
    );
    json!({
        "resourceType": "Patient",
        "id": format!("p{n}"),
        "meta": {"versionId": n.to_string(), "lastUpdated": format!("2026-01-02T03:04:05.{:03}Z", n % 1000)},
        "text": {"status": "generated", "div": div},
        "identifier": [{"use": "usual", "type": code(&table("v2-0203"), "MR"), "value": n.to_string(),
            "system": "http://hospital.example.org/mrn"}],
        "active": true,
        "name": (0..3).map(name).collect::<Vec<_>>(),
        "telecom": (0..4).map(telecom).collect::<Vec<_>>(),
        "gender": gender,
        "birthDate": format!("19{:02}-0{}-11", n % 100, n % 9 + 1),
        "deceasedBoolean": false,
        "address": (0..3).map(address).collect::<Vec<_>>(),
        "maritalStatus": code(&table("v3-MaritalStatus"), "M"),
        "contact": [{"relationship": [code(&table("v2-0131"), "N")], "name": {"family": format!("Contact{n}")},
            "telecom": [{"system": "email", "value": format!("c{n}@example.org")}]}],
        "communication": [{"language": code("urn:ietf:bcp:47", "en-US"), "preferred": true}],
        "managingOrganization": {"reference": format!("Organization/{n}")},
    })
    .to_string()
}

fn post(path: &str, body: &str) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/fhir+json");
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The server as a process.
struct Server {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(program: &Path, pinned: bool) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut command = match pinned {
            true => {
                let mut taskset = Command::new("taskset");
                taskset.args(["-c", "0"]).arg(program);
                taskset
            }
            false => Command::new(program),
        };
        command.args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--data"]).arg(folder.path().join("data"));
        let started = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        let server = Server { child, address, _folder: folder };
        println!("listens after {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
        let mut one = Client::of(&server);
        while one.ask(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\n\r\n").0 != 200 {
            std::thread::sleep(Duration::from_millis(2));
        }
        println!("ready after {:.0} ms, {}", started.elapsed().as_secs_f64() * 1e3, server.memory());
        server
    }

    /// Seconds of the processor that it has used.
    fn seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / TICKS
    }

    fn memory(&self) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
        };
        format!("{:.0} MB resident, {:.0} of it its own", of("VmRSS:"), of("RssAnon:"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn of(server: &Server) -> Client {
        let stream = TcpStream::connect(&server.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, buffer: vec![0; 1 << 16] }
    }

    fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).unwrap();
    }

    /// The status of the answer, and its length.
    fn receive(&mut self) -> (u16, usize) {
        let mut have = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[have..]).unwrap();
            assert!(read > 0, "the server closed the connection");
            have += read;
            let Some(head) = memchr::memmem::find(&self.buffer[..have], b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
            let length =
                text.lines().find_map(|l| l.strip_prefix("content-length: ")).map_or(0, |l| l.parse().unwrap());
            let status = text[9..12].parse().unwrap();
            let all = head + 4 + length;
            if all > self.buffer.len() {
                self.buffer.resize(all, 0);
            }
            self.stream.read_exact(&mut self.buffer[have..all.max(have)]).unwrap();
            return (status, length);
        }
    }

    fn ask(&mut self, request: &[u8]) -> (u16, usize) {
        self.send(request);
        self.receive()
    }
}

/// Asks so many requests over all connections; prints what it took.
fn drive(name: &str, server: &Server, requests: &[Vec<u8>], number: usize) -> Vec<Duration> {
    let mut clients: Vec<Client> = (0..CONNECTIONS).map(|_| Client::of(server)).collect();
    let mut took = Vec::with_capacity(number);
    let mut sent = [Instant::now(); CONNECTIONS];
    let mut next = requests.iter().cycle();
    let (before, started) = (server.seconds(), Instant::now());
    for (client, sent) in clients.iter_mut().zip(&mut sent) {
        *sent = Instant::now();
        client.send(next.next().unwrap());
    }
    while took.len() < number {
        for (client, sent) in clients.iter_mut().zip(&mut sent) {
            let (status, _) = client.receive();
            assert_eq!(status, 200);
            took.push(sent.elapsed());
            *sent = Instant::now();
            client.send(next.next().unwrap());
        }
    }
    let (wall, used) = (started.elapsed().as_secs_f64(), server.seconds() - before);
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "{name:28} {:8.0} requests/s  {:7.1} µs of the server each  p50 {:6.0} µs  p99 {:6.0} µs ({:.1} x)  {}",
        took.len() as f64 / wall,
        used / took.len() as f64 * 1e6,
        at(0.5),
        at(0.99),
        at(0.99) / at(0.5),
        server.memory()
    );
    took
}

/// What a hostile client sends: much work in few bytes, nesting, faults.
fn hostile() -> Vec<Vec<u8>> {
    let deep = format!(r#"{{"resourceType":"Patient","contact":{}1{}}}"#, "[".repeat(400), "]".repeat(400));
    let members: Vec<String> = (0..8_000).map(|i| format!(r#""x{i}":[{{}}]"#)).collect();
    vec![
        post("/$validate", &format!("[{}]", vec!["{}"; 10_000].join(","))),
        post("/$validate", &deep),
        post("/$validate", &format!(r#"{{"resourceType":"Patient",{}}}"#, members.join(","))),
        post("/$validate", &"{".repeat(30_000)),
        post(
            "/$validate",
            &format!(r#"{{"resourceType":"Observation","valueQuantity":{{"value":1{}}}}}"#, "0".repeat(9_000)),
        ),
    ]
}

/// Beside a client that sends one hostile request after the other.
fn beside_hostile(server: &Server, requests: &[Vec<u8>], number: usize) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let requests = hostile();
            let mut client = Client::of(server);
            let mut next = requests.iter().cycle();
            let mut asked = 0;
            while !over.load(Ordering::Relaxed) {
                client.ask(next.next().unwrap());
                asked += 1;
                std::thread::sleep(HOSTILE_REST);
            }
            println!("{asked} hostile requests beside the next line");
        });
        drive("5 % invalid, hostile beside", server, requests, number);
        over.store(true, Ordering::Relaxed);
    });
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1));
    let number = given("--requests").map_or(100_000, |n| n.parse().unwrap());
    let program = given("--program").map_or(env!("CARGO_BIN_EXE_accord"), String::as_str);
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let pinned = cores > 1 && Command::new("taskset").args(["-p", "1"]).output().is_ok();
    if pinned {
        let own = std::process::id().to_string();
        let _ = Command::new("taskset").args(["-a", "-p", "-c", "1", &own]).output();
    }
    let server = Server::start(Path::new(program), pinned);
    let valid: Vec<String> = (0..INSTANCES).map(|n| patient(n, "female")).collect();
    println!("instances of {} bytes", valid[INSTANCES / 2].len());
    let requests: Vec<Vec<u8>> = valid.iter().map(|p| post("/$validate", p)).collect();
    let mixed: Vec<Vec<u8>> = (0..INSTANCES)
        .map(|n| match n % INVALID {
            0 => post("/$validate", &patient(n, "unheard of")),
            _ => requests[n].clone(),
        })
        .collect();
    let live = vec![b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec()];
    drive("warm-up", &server, &requests, number / 10);
    drive("GET /health/live", &server, &live, number);
    drive("valid", &server, &requests, number);
    drive("5 % invalid", &server, &mixed, number);
    beside_hostile(&server, &mixed, number);
    for _ in 0..given("--rounds").map_or(0, |n| n.parse().unwrap()) {
        drive("again", &server, &mixed, number);
    }
}
