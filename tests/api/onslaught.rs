//! The service as a process under several attacks at once: health is answered, memory has a bound, work that nobody
//! waits for ends.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::operating::free_port;
use crate::program::Process;
use crate::support::{PATIENT, ask, parameters};

/// How long health may take here, where a whole test suite runs beside it; `just soak` asks for 50 ms.
const HEALTH: Duration = Duration::from_millis(500);

/// A service with these limits, and the address where health is answered by threads of its own.
fn serving(folder: &Path, limits: Value) -> (Process, SocketAddr) {
    let file = folder.join("settings.json");
    // Nobody reads its log: a full pipe would stop it.
    let settings = json!({"limits": limits, "log": {"filter": "off"}});
    std::fs::write(&file, settings.to_string()).unwrap();
    let health = format!("127.0.0.1:{}", free_port());
    let options = ["--health-listen", &health, "--config", file.to_str().unwrap()];
    let process = Process::with(&folder.join("data"), &options);
    let started = Instant::now();
    while process.get("/health/ready").status != 200 {
        assert!(started.elapsed() < Duration::from_secs(120), "never ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    (process, health.parse().unwrap())
}

fn memory_megabytes(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.child.id())).unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() >> 10
}

/// A Bundle of about 12 MB on one line.
fn bundle() -> String {
    let entry = format!(r#"{{"resource":{}}}"#, PATIENT.replace(r#""id":"p1","#, ""));
    let entries = vec![entry.as_str(); (12 << 20) / entry.len()].join(",");
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#)
}

/// An expression over 2,500 patterns, which are others for each number.
fn patterns(number: usize) -> String {
    let some: Vec<String> = (number * 50..number * 50 + 50).map(|i| i.to_string()).collect();
    let some = some.join("|");
    let patterns = format!("({some}).select('(\\\\w{{12}}|x' & $this.toString() & '){{2}}')");
    let ends = format!("({some}).select($this.toString())");
    let expression = format!("{patterns}.select({ends}.select('abc'.matches(%context.id & $this))).count()");
    let asked = json!({"name": "expression", "valueString": expression});
    parameters(Some(PATIENT), &asked.to_string())
}

#[test]
fn health_is_answered_while_everything_is_attacked() {
    let folder = tempfile::tempdir().unwrap();
    let (process, health) = serving(folder.path(), json!({}));
    let is_over = AtomicBool::new(false);
    let bundle = bundle();
    let objects = format!(r#"{{"packages":[{}],"left":"a","right":"b"}}"#, vec!["{}"; 10_000].join(","));
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let attack = |send: &dyn Fn(usize) -> u16, statuses: &[u16]| {
            let mut number = 0;
            while !is_over.load(Ordering::Relaxed) {
                let status = send(number);
                assert!(statuses.contains(&status), "{status}");
                number += 1;
            }
        };
        let (process, bundle, objects) = (&process, &bundle, &objects);
        for _ in 0..3 {
            scope.spawn(move || attack(&|_| process.post("/$validate", bundle).status, &[200, 415, 503]));
        }
        for _ in 0..8 {
            scope.spawn(move || attack(&|_| process.post("/satisfies", objects).status, &[422, 503]));
        }
        for number in 0..2 {
            let ask = move |i| process.post("/$fhirpath", &patterns(number * 10_000 + i)).status;
            scope.spawn(move || attack(&ask, &[200, 422, 503]));
        }
        let asked = Instant::now();
        let mut times = Vec::new();
        while asked.elapsed() < Duration::from_secs(5) {
            let sent = Instant::now();
            assert_eq!(ask(health, "GET", "/health/live", &[], b"").status, 200);
            times.push(sent.elapsed());
            std::thread::sleep(Duration::from_millis(10));
        }
        is_over.store(true, Ordering::Relaxed);
        times
    });
    times.sort();
    let p99 = times[times.len() * 99 / 100];
    assert!(p99 < HEALTH, "{p99:?} of {}", times.len());
    assert_eq!(process.post("/$validate", PATIENT).verdict(), "valid");
}

#[test]
fn patterns_of_many_expressions_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (process, _) = serving(folder.path(), json!({}));
    process.post("/$fhirpath", &patterns(0));
    let before = memory_megabytes(&process);
    for number in 1..40 {
        let status = process.post("/$fhirpath", &patterns(number)).status;
        assert!(matches!(status, 200 | 422 | 503), "{status}");
    }
    let grown = memory_megabytes(&process).saturating_sub(before);
    assert!(grown < 200, "{grown} MB more for 100,000 patterns");
}

/// A request whose work takes long, unless it is broken off.
fn long() -> String {
    let some: Vec<String> = (0..100).map(|i| i.to_string()).collect();
    let some = some.join("|");
    let expression = format!("({some}).select(({some}).select(({some}).count()).count()).count()");
    let asked = json!({"name": "expression", "valueString": expression});
    parameters(Some(PATIENT), &asked.to_string())
}

/// Waits until so much work is running.
fn until_running(health: SocketAddr, wanted: usize) {
    let started = Instant::now();
    let line = |text: &str| text.lines().filter(|l| l.starts_with("accord_work_running")).collect::<String>();
    loop {
        let text = String::from_utf8(ask(health, "GET", "/metrics", &[], b"").body).unwrap();
        let counts = text.lines().filter(|l| l.starts_with("accord_work_running{"));
        if counts.filter_map(|l| l.rsplit_once(' ')?.1.parse::<usize>().ok()).sum::<usize>() == wanted {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{}", line(&text));
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn work_that_nobody_waits_for_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let limits = json!({"workTimeoutMs": 600_000, "fhirpathSteps": 100_000_000_000_u64});
    let (process, health) = serving(folder.path(), limits);
    let body = long();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(process.address).unwrap();
        let head = format!("POST /$fhirpath HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n", body.len());
        stream.write_all(format!("{head}content-type: application/fhir+json\r\n\r\n{body}").as_bytes()).unwrap();
        until_running(health, 1);
        let left = Instant::now();
        drop(stream);
        until_running(health, 0);
        assert!(left.elapsed() < Duration::from_secs(1), "{:?}", left.elapsed());
    }
}

#[test]
fn a_negotiation_whose_time_is_up_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let (process, _) = serving(folder.path(), json!({"workTimeoutMs": 1}));
    let answer = process.post("/negotiate", &crate::full_disk::large(1));
    assert_eq!((answer.status, answer.codes()), (503, vec!["timeout".to_owned()]));
    assert!(answer.header("retry-after").is_some());
}
