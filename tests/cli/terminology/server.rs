//! A terminology server on a port of this machine. It knows one code system, `http://tx.test/known`, whose codes start
//! with `good` and are called `Right`, and one value set, `http://tx.test/ValueSet/known`, of those of its codes that
//! start with `good-in`. What it does with a request may be changed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What the server sends.
#[derive(Clone, Default)]
pub struct Reply {
    pub status: u16,
    /// Whole lines.
    pub headers: String,
    pub body: Vec<u8>,
    /// How much of the body is sent; `None`: all of it.
    pub cut: Option<usize>,
    pub delay_ms: u64,
}

impl Reply {
    pub fn of(status: u16, body: &Value) -> Reply {
        Reply { status, body: body.to_string().into_bytes(), ..Reply::default() }
    }
}

/// What the server does in place of its own answer: given the path, the request and how many there were before.
pub type Change = Box<dyn Fn(&str, &Value, usize) -> Option<Reply> + Send + Sync>;

pub struct Server {
    pub base: String,
    requests: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Server {
    pub fn start(change: impl Fn(&str, &Value, usize) -> Option<Reply> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/r4", listener.local_addr().unwrap());
        let server = Server { base, requests: Arc::default() };
        let requests = server.requests.clone();
        let change: Arc<Change> = Arc::new(Box::new(change));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (requests, change) = (requests.clone(), change.clone());
                std::thread::spawn(move || serve(stream, &requests, &change));
            }
        });
        server
    }

    /// One that does as it should.
    pub fn sound() -> Server {
        Server::start(|_, _, _| None)
    }

    /// The requests since the last call: path and body.
    pub fn requests(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// How many requests and how many questions there were since the last call.
    pub fn counts(&self) -> (usize, usize) {
        let requests = self.requests();
        let questions = requests.iter().map(|(_, body)| body["entry"].as_array().map_or(1, Vec::len)).sum();
        (requests.len(), questions)
    }
}

fn serve(mut stream: TcpStream, requests: &Mutex<Vec<(String, Value)>>, change: &Change) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    for line in reader.by_ref().lines().map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let Some(path) = head.first().and_then(|l| l.split(' ').nth(1)).map(str::to_owned) else { return };
    let length = head.iter().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let before = {
        let mut all = requests.lock().unwrap();
        all.push((path.clone(), body.clone()));
        all.len() - 1
    };
    let reply = change(&path, &body, before).unwrap_or_else(|| Reply::of(200, &answer(&path, &body)));
    std::thread::sleep(std::time::Duration::from_millis(reply.delay_ms));
    let (status, headers, length) = (reply.status, &reply.headers, reply.body.len());
    let _ = write!(stream, "HTTP/1.1 {status} x\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(&reply.body[..reply.cut.unwrap_or(length).min(length)]);
}

/// What a sound server answers.
pub fn answer(path: &str, body: &Value) -> Value {
    if path.ends_with("/r4") {
        let entries = body["entry"].as_array().cloned().unwrap_or_default();
        let one = |e: &Value| {
            let resource = answer(e["request"]["url"].as_str().unwrap(), &e["resource"]);
            json!({"response": {"status": "200 OK"}, "resource": resource})
        };
        return json!({"resourceType": "Bundle", "type": "batch-response",
            "entry": entries.iter().map(one).collect::<Vec<_>>()});
    }
    if let Some(url) = path.split_once("/CodeSystem?url=").map(|(_, rest)| rest) {
        let total = u8::from(url.starts_with("http%3A%2F%2Ftx.test%2Fknown&"));
        return json!({"resourceType": "Bundle", "type": "searchset", "total": total});
    }
    if let Some(codings) = parameter(body, "codeableConcept")["valueCodeableConcept"]["coding"].as_array() {
        return whole(path, body, codings);
    }
    let coding = &parameter(body, "coding")["valueCoding"];
    let (code, display) = (coding["code"].as_str().unwrap_or_default(), coding["display"].as_str());
    let in_value_set = path.contains("ValueSet/");
    if coding["system"] != "http://tx.test/known" {
        let cause = json!({"name": "x-caused-by-unknown-system", "valueCanonical": coding["system"]});
        return parameters(false, &["not-found"], vec![cause]);
    }
    let url = parameter(body, "url")["valueUri"].as_str().unwrap_or_default().to_owned();
    let inline = parameter(body, "valueSet")["resource"]["url"].as_str().unwrap_or_default().to_owned();
    if in_value_set && inline.is_empty() && url != "http://tx.test/ValueSet/known" {
        return parameters(false, &["not-found"], vec![]);
    }
    let mut faults = Vec::new();
    if !code.starts_with("good") {
        faults.push("invalid-code");
    }
    if in_value_set && !code.starts_with("good-in") {
        faults.push("not-in-vs");
    }
    if faults.is_empty() && display.is_some_and(|d| d != "Right") {
        faults.push("invalid-display");
    }
    let inactive = json!({"name": "inactive", "valueBoolean": code.contains("inactive")});
    parameters(faults.is_empty(), &faults, vec![json!({"name": "display", "valueString": "Right"}), inactive])
}

/// What it answers about several codes of a concept: what it would say of each.
fn whole(path: &str, body: &Value, codings: &[Value]) -> Value {
    let url = parameter(body, "url").clone();
    let mut all = Vec::new();
    let mut issues = Vec::new();
    for (i, coding) in codings.iter().enumerate() {
        let one = json!({"parameter": [url, {"name": "coding", "valueCoding": coding}]});
        let said = answer(path, &one);
        let kinds = parameter(&said, "issues")["resource"]["issue"].as_array().cloned().unwrap_or_default();
        if !kinds.iter().any(|k| k["details"]["coding"][0]["code"] != "invalid-display") && all.is_empty() {
            all.push(json!({"name": "system", "valueUri": coding["system"]}));
            all.push(json!({"name": "code", "valueCode": coding["code"]}));
        }
        for mut issue in kinds {
            issue["expression"] = json!([format!("CodeableConcept.coding[{i}].code")]);
            if issue["details"]["coding"][0]["code"] == "not-in-vs" {
                issue["severity"] = "information".into();
                issue["details"]["coding"][0]["code"] = "this-code-not-in-vs".into();
            }
            issues.push(issue);
        }
    }
    let result = !all.is_empty() && issues.iter().all(|i| i["severity"] != "error");
    all.push(json!({"name": "result", "valueBoolean": result}));
    all.push(json!({"name": "issues", "resource": {"resourceType": "OperationOutcome", "issue": issues}}));
    json!({"resourceType": "Parameters", "parameter": all})
}

fn parameters(result: bool, faults: &[&str], more: Vec<Value>) -> Value {
    let issue = |code: &&str| {
        json!({"severity": "error", "code": "processing", "details": {"coding": [
            {"system": "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type", "code": code}]}})
    };
    let mut all = vec![json!({"name": "result", "valueBoolean": result})];
    if !faults.is_empty() {
        let issues: Vec<Value> = faults.iter().map(issue).collect();
        all.push(json!({"name": "issues", "resource": {"resourceType": "OperationOutcome", "issue": issues}}));
    }
    all.extend(more);
    json!({"resourceType": "Parameters", "parameter": all})
}

/// A parameter of a request; null where it has none.
pub fn parameter<'v>(body: &'v Value, name: &str) -> &'v Value {
    let all = body["parameter"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter().find(|p| p["name"] == name).unwrap_or(&Value::Null)
}
