//! Requests that are made to hurt, and what may be answered to them.

use std::io::{self, Read, Write};
use std::time::Duration;

use crate::chance::Chance;
use crate::client::{Answer, Client, answer};
use crate::corpus::{Corpus, Instance, bundle};

const JSON: &str = "content-type: application/fhir+json\r\n";

/// The bodies that are validated, by [`VALIDATED`].
pub fn bodies(patient: &[u8]) -> Vec<Vec<u8>> {
    let of_objects = format!("[{}]", vec!["{}"; 10_900].join(","));
    let deep = format!(r#"{{"resourceType":"Patient","extension":{}"#, r#"[{"extension":"#.repeat(100_000));
    let bundle = bundle(std::iter::repeat_n(patient, (12 << 20) / (patient.len() + 80)));
    let mut latin = patient.to_vec();
    let at = memchr::memmem::find(&latin, b"Fall").unwrap_or(0);
    latin[at] = 0xE9;
    let value = format!("1{}", "0".repeat(100_000));
    let number = format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"valueQuantity":{{"value":{value}}}}}"#
    );
    let keys: Vec<String> = (0..5_000).map(|i| format!(r#""unknown{i}":{i}"#)).collect();
    let unknown = format!(r#"{{"resourceType":"Patient",{}}}"#, keys.join(","));
    vec![deep.into(), bundle, of_objects.into(), latin, number.into(), unknown.into()]
}

/// What these bodies are.
const VALIDATED: [&str; 6] = [
    "100,000 levels",
    "a Bundle of 12 MB on one line",
    "32 KB of `[{},{},…]`",
    "a byte that is not UTF-8",
    "a number of 100,001 digits",
    "5,000 unknown members",
];

/// The Bundle among them.
const BUNDLE: usize = 1;

/// Kinds of hostile requests.
pub const KINDS: usize = VALIDATED.len() + 7;

/// What became of a hostile request.
pub enum End {
    /// There was an answer; whether it is one of those that are right.
    Answered(Answer, Result<(), String>),
    /// The connection was closed without an answer, or by us.
    Closed,
}

/// The name of a kind.
pub fn name(kind: usize) -> &'static str {
    VALIDATED.get(kind).copied().unwrap_or_else(|| match kind - VALIDATED.len() {
        0 => "`$fhirpath` that makes 2,500 patterns",
        1 => "an id that nobody has",
        2 => "no HTTP at all",
        3 => "a head without an end",
        4 => "a body that comes slowly",
        5 => "a client that leaves",
        _ => "32 KB of `[{},{},…]` to compare",
    })
}

/// Sends one of this kind.
pub fn send(client: &mut Client, kind: usize, corpus: &Corpus, chance: &mut Chance) -> io::Result<End> {
    if let Some(instance) = corpus.hostile.get(kind) {
        let answer = client.ask("POST", "/$validate", JSON, &instance.body)?;
        let right = judged(&answer, instance);
        return Ok(End::Answered(answer, right));
    }
    let path = format!("/negotiate/{:064x}", chance.next());
    match kind - VALIDATED.len() {
        0 => among(client.ask("POST", "/$fhirpath", JSON, patterns(chance).as_bytes())?, &[200, 422, 503]),
        1 => among(client.ask("GET", &path, "", b"")?, &[404]),
        2 => garbage(client, chance),
        3 => endless_head(client),
        4 => slowly(client, chance.of(&corpus.small)),
        5 => leaving(client, &corpus.hostile[BUNDLE]),
        _ => {
            let objects = String::from_utf8_lossy(&corpus.hostile[2].body).into_owned();
            let body = format!(r#"{{"packages":{objects},"left":"a","right":"b"}}"#);
            among(client.ask("POST", "/satisfies", JSON, body.as_bytes())?, &[422, 503])
        }
    }
}

/// Whether the answer has the verdict, or says that it was broken off.
fn judged(answer: &Answer, instance: &Instance) -> Result<(), String> {
    let verdict = answer.verdict().unwrap_or("none");
    match answer.status {
        200 | 413 if verdict == instance.verdict => Ok(()),
        200 if verdict == "undetermined" && memchr::memmem::find(&answer.body, b"\"limit-time\"").is_some() => Ok(()),
        503 if answer.header("retry-after").is_some() => Ok(()),
        status => Err(format!("{status} {verdict} ({}) instead of {}", answer.told(), instance.verdict)),
    }
}

fn among(answer: Answer, statuses: &[u16]) -> io::Result<End> {
    let right =
        if statuses.contains(&answer.status) { Ok(()) } else { Err(format!("{} {}", answer.status, answer.told())) };
    Ok(End::Answered(answer, right))
}

/// An expression whose patterns are new each time.
fn patterns(chance: &mut Chance) -> String {
    let some = |from: usize| (from..from + 50).map(|i| i.to_string()).collect::<Vec<_>>().join("|");
    let from = chance.below(1_000_000);
    let patterns = format!("({}).select('(\\\\w{{12}}|x' & $this.toString() & '){{2}}')", some(from));
    let ends = format!("({}).select($this.toString())", some(from));
    let expression = format!("{patterns}.select({ends}.select('abc'.matches(%context.id & $this))).count()");
    serde_json::json!({"resourceType": "Parameters", "parameter": [
        {"name": "resource", "resource": {"resourceType": "Patient", "id": "a"}},
        {"name": "expression", "valueString": expression},
    ]})
    .to_string()
}

/// Reads what comes; a closed connection is an end as well.
fn rest(mut stream: std::net::TcpStream, statuses: &[u16]) -> io::Result<End> {
    match answer(&mut stream, &mut Vec::new()) {
        Ok(answer) => among(answer, statuses),
        Err(_) => Ok(End::Closed),
    }
}

fn garbage(client: &Client, chance: &mut Chance) -> io::Result<End> {
    let mut stream = client.connect()?;
    let noise: Vec<u8> = (0..200).map(|_| chance.below(256) as u8).collect();
    stream.write_all(&noise)?;
    stream.write_all(b"\r\n\r\n").or(Ok::<(), io::Error>(()))?;
    rest(stream, &[400])
}

fn endless_head(client: &Client) -> io::Result<End> {
    let mut stream = client.connect()?;
    let head = format!("GET /metadata HTTP/1.1\r\nhost: soak.test\r\nx-more: {}", "x".repeat(300_000));
    // It may be cut off before all is written.
    let _ = stream.write_all(head.as_bytes());
    rest(stream, &[400, 431])
}

fn slowly(client: &Client, instance: &Instance) -> io::Result<End> {
    let mut stream = client.connect()?;
    stream.write_all(client.head("POST", "/$validate", JSON, instance.body.len()).as_bytes())?;
    for part in instance.body.chunks(instance.body.len().div_ceil(8)) {
        std::thread::sleep(Duration::from_millis(200));
        stream.write_all(part)?;
    }
    let answer = answer(&mut stream, &mut Vec::new())?;
    let right = judged(&answer, instance);
    Ok(End::Answered(answer, right))
}

fn leaving(client: &Client, instance: &Instance) -> io::Result<End> {
    let mut stream = client.connect()?;
    stream.write_all(client.head("POST", "/$validate", JSON, instance.body.len()).as_bytes())?;
    stream.write_all(&instance.body)?;
    stream.set_read_timeout(Some(Duration::from_millis(20)))?;
    let _ = stream.read(&mut [0; 16]);
    Ok(End::Closed)
}
