//! `accord proxy` beside a bare reverse proxy on the same HTTP libraries, in one run: both in front of the same server,
//! asked in turns over one connection each. Prints the median and the 99th percentile of either, and what is added.
//! The gate of this bench lets everything through after a look at the scope: what is measured is the way through the
//! proxy and the verification of tokens, not the judging of bodies.
//!
//! `cargo bench --bench proxy -- [--requests N]`
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fhir_accord::capability::guard::{Access, Decision, Gate, TokenContext, Verdict};
use fhir_accord::profiles::interrupt::Interrupt;
use fhir_accord::proxy::{Lines, Settings, Shared, start};
use fhir_accord::remote::upstream::{Base, Outgoing, Upstream};
use fhir_accord::token::{Algorithm, Asked, Expected, Jwt, KeySource, Keys, Tokens};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

/// Requests of each kind to either proxy.
const REQUESTS: usize = 5_000;
/// Requests in a row to one of them, before the other has its turn.
const TURN: usize = 50;
/// Bytes of an answer, and of a body.
const BYTES: usize = 3_000;
/// The time that tokens are verified at, in seconds since 1970.
const NOW: u64 = 1_800_000_000;

struct Open;

impl Gate for Open {
    fn decide(&self, token: &TokenContext, _: &Access<'_>, _: &Interrupt) -> Decision {
        let verdict = if token.scope.contains("system/") { Verdict::Allowed } else { Verdict::Refused };
        Decision {
            verdict,
            interaction: Some("read"),
            resource_type: Some("Patient".to_owned()),
            scope: None,
            profile: None,
            why: Vec::new(),
            issues: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn judge_answer(&self, token: &TokenContext, access: &Access<'_>, _: &[u8], interrupt: &Interrupt) -> Decision {
        self.decide(token, access, interrupt)
    }
}

/// Serves on a thread of its own, with one worker.
fn serve<F, Fut>(work: F) -> SocketAddr
where
    F: FnOnce(mpsc::Sender<SocketAddr>) -> Fut + Send + 'static,
    Fut: Future<Output = ()>,
{
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || actix_web::rt::System::new().block_on(work(sender)));
    receiver.recv().unwrap()
}

/// The server behind both.
fn server() -> SocketAddr {
    serve(async |sender| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        sender.send(listener.local_addr().unwrap()).unwrap();
        let answer = async |_: Bytes| HttpResponse::Ok().content_type("application/fhir+json").body("x".repeat(BYTES));
        let app = move || App::new().default_service(actix_web::web::to(answer));
        HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run().await.unwrap();
    })
}

/// A reverse proxy that only forwards.
async fn forward(req: HttpRequest, body: Bytes, upstream: Data<Upstream>) -> HttpResponse {
    let uri = upstream.base().uri(req.uri().path_and_query().unwrap().as_str()).unwrap();
    let method = http::Method::from_bytes(req.method().as_str().as_bytes()).unwrap();
    let mut headers = http::HeaderMap::new();
    for (name, value) in req.headers() {
        if !matches!(name.as_str(), "host" | "content-length" | "connection") {
            let name = http::HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
            headers.append(name, http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
    }
    let body = if body.is_empty() { Outgoing::Empty } else { Outgoing::Whole(Some(body)) };
    let answer = upstream.send(method, uri, headers, body).await.unwrap();
    HttpResponse::Ok().body(actix_web::body::SizedStream::new(answer.length.unwrap(), answer.body))
}

fn bare(server: SocketAddr) -> SocketAddr {
    serve(async move |sender| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        sender.send(listener.local_addr().unwrap()).unwrap();
        let app = move || {
            let upstream = Upstream::new(Base::parse(&format!("http://{server}")).unwrap(), Duration::from_secs(30));
            App::new().app_data(Data::new(upstream)).default_service(actix_web::web::to(forward))
        };
        HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run().await.unwrap();
    })
}

struct Set(String);

impl KeySource for Set {
    fn keys(&self) -> Asked<'_> {
        Box::pin(async { Ok(self.0.clone().into_bytes()) })
    }
}

/// The proxy under test, and a token for it.
fn guarded(server: SocketAddr) -> (SocketAddr, String) {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pair.as_ref(), &random).unwrap();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let point = pair.public_key().as_ref();
    let set = json!({"keys": [{"kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..])}]});
    let claims = json!({"iss": "i", "aud": "a", "exp": NOW + 100, "scope": "system/*.cruds"}).to_string();
    let signed = format!("{}.{}", encode(br#"{"alg":"ES256"}"#), encode(claims.as_bytes()));
    let token = format!("{signed}.{}", encode(pair.sign(&random, signed.as_bytes()).unwrap().as_ref()));
    let address = serve(async move |sender| {
        let now: fhir_accord::token::Now = Arc::new(|| NOW);
        let keys = Keys::open(Arc::new(Set(set.to_string())), Arc::clone(&now)).await.unwrap();
        let expected = Expected { issuer: Some("i".to_owned()), audience: vec!["a".to_owned()], leeway_seconds: 0 };
        let jwt = Jwt::new(keys, vec![Algorithm::Es256], expected).unwrap();
        let tokens = Tokens::new(Some(jwt), None, now).unwrap();
        let mut settings = Settings::new(Base::parse(&format!("http://{server}")).unwrap());
        (settings.listen, settings.health_listen) = ("127.0.0.1:0".to_owned(), "127.0.0.1:0".to_owned());
        settings.workers = 1;
        let lines = Lines::to(Box::new(std::io::sink())).unwrap();
        let running = start(Shared::new(settings, Arc::new(Open), tokens, lines)).unwrap();
        sender.send(running.address).unwrap();
        running.serve().await.unwrap();
    });
    (address, token)
}

/// A connection that is kept.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection(BufReader::new(stream))
    }

    /// How long an answer takes.
    fn ask(&mut self, request: &[u8]) -> Duration {
        let began = Instant::now();
        self.0.get_mut().write_all(request).unwrap();
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            assert!(!line.starts_with("HTTP/") || line.contains(" 200 "), "{line}");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        assert_eq!(length, BYTES);
        self.0.read_exact(&mut vec![0; length]).unwrap();
        began.elapsed()
    }
}

/// The milliseconds below which this share of them is.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3
}

fn compare(name: &str, requests: usize, request: &[u8], (bare, guarded): (SocketAddr, SocketAddr)) {
    let mut sides = [(Connection::to(bare), Vec::new()), (Connection::to(guarded), Vec::new())];
    for turn in 0..=(2 * requests / TURN) {
        let (connection, times) = &mut sides[turn % 2];
        let took: Vec<Duration> = (0..TURN).map(|_| connection.ask(request)).collect();
        // The first turn of either warms it up.
        if turn > 1 {
            times.extend(took);
        }
    }
    let [(_, mut bare), (_, mut guarded)] = sides;
    bare.sort();
    guarded.sort();
    let (b50, g50) = (percentile(&bare, 0.5), percentile(&guarded, 0.5));
    let (b99, g99) = (percentile(&bare, 0.99), percentile(&guarded, 0.99));
    println!("| {name} | {b50:.3} | {g50:.3} | {:+.3} | {b99:.3} | {g99:.3} |", g50 - b50);
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let requests =
        arguments.iter().position(|a| a == "--requests").map_or(REQUESTS, |at| arguments[at + 1].parse().unwrap());
    let server = server();
    let (guard, token) = guarded(server);
    let proxies = (bare(server), guard);
    let head = |line: &str| format!("{line} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\n");
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(BYTES));
    println!("| milliseconds | bare p50 | guarded p50 | more | bare p99 | guarded p99 |\n|---|---|---|---|---|---|");
    compare("read, streamed", requests, (head("GET /Patient/1") + "\r\n").as_bytes(), proxies);
    let kind = "content-type: application/fhir+json\r\n";
    let create = format!("{}{kind}content-length: {}\r\n\r\n{body}", head("POST /Patient"), body.len());
    compare("create, 3 KB judged", requests, create.as_bytes(), proxies);
    std::process::exit(0);
}
