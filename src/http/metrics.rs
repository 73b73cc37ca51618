//! What the service does, counted (<https://prometheus.io/docs/specs/om/open_metrics_spec/>). No label has a value of
//! an instance or of a request: only routes, codes and rules, of which there is a bounded number.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use fhir_accord_profiles::issue::{Report, RuleId};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the classes of latency, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 30.0];
/// The methods that are told apart; any other is `other`.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH];

type One = [(&'static str, &'static str); 1];
type OfRoute = [(&'static str, String); 1];
type OfRequest = [(&'static str, String); 3];

/// What is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    verdicts: Family<One, Counter>,
    issues: Family<One, Counter>,
    broken_off: Counter,
    left: Counter,
    running: Family<One, Gauge>,
    waiting: Family<One, Gauge>,
    bodies: Gauge,
    resident: Gauge,
    ready: Gauge,
    exported: Counter,
    dropped: Counter,
    plans: Gauge,
    plan_bytes: Gauge,
    negotiations: Gauge,
    negotiation_bytes: Gauge,
    parties: Gauge,
    party_fetches: Family<One, Counter>,
    party_renewals: Family<One, Counter>,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("accord"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            verdicts: Family::default(),
            issues: Family::default(),
            broken_off: Counter::default(),
            left: Counter::default(),
            running: Family::default(),
            waiting: Family::default(),
            bodies: Gauge::default(),
            resident: Gauge::default(),
            ready: Gauge::default(),
            exported: Counter::default(),
            dropped: Counter::default(),
            plans: Gauge::default(),
            plan_bytes: Gauge::default(),
            negotiations: Gauge::default(),
            negotiation_bytes: Gauge::default(),
            parties: Gauge::default(),
            party_fetches: Family::default(),
            party_renewals: Family::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let r = &mut self.registry;
        r.register("build", "The version of the program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        r.register("http_requests", "Requests that were answered", self.requests.clone());
        let help = "Time from the head of a request to the head of its answer";
        r.register_with_unit("http_request_duration", help, Unit::Seconds, self.seconds.clone());
        r.register("validations", "Instances that were validated, by verdict", self.verdicts.clone());
        r.register("issues", "Issues that were listed, by rule", self.issues.clone());
        r.register("work_broken_off", "Pieces of work that were broken off", self.broken_off.clone());
        r.register("http_requests_left", "Requests whose clients left before the answer", self.left.clone());
        r.register("work_running", "Pieces of work that run, by lane", self.running.clone());
        r.register("work_waiting", "Pieces of work that wait, by lane", self.waiting.clone());
        r.register_with_unit("bodies", "Bodies of requests in memory", Unit::Bytes, self.bodies.clone());
        r.register_with_unit("resident_memory", "Memory of the process", Unit::Bytes, self.resident.clone());
        r.register("ready", "1 while the service takes requests", self.ready.clone());
        r.register("spans_exported", "Spans that a collector took", self.exported.clone());
        r.register("spans_dropped", "Spans that no collector took", self.dropped.clone());
        r.register("cached_plans", "Plans of elements that are kept in memory", self.plans.clone());
        r.register_with_unit(
            "cached_plan",
            "What these plans weigh together, about",
            Unit::Bytes,
            self.plan_bytes.clone(),
        );
        let help = "Negotiations that are held in memory until they expire";
        r.register("cached_negotiations", help, self.negotiations.clone());
        let help = "What these negotiations take";
        r.register_with_unit("cached_negotiation", help, Unit::Bytes, self.negotiation_bytes.clone());
        r.register("parties", "Parties that are kept", self.parties.clone());
        r.register("party_fetches", "Fetches of parties, by what came of them", self.party_fetches.clone());
        let help = "Negotiations between parties that were made again, by what came of it";
        r.register("party_renewals", help, self.party_renewals.clone());
    }

    /// Counts a request that was answered; `route` is the pattern of its address.
    pub fn request(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let method = if METHODS.contains(method) { method.as_str() } else { "other" };
        let labels =
            [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.as_str().to_owned())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&[("route", route.to_owned())]).observe(took.as_secs_f64());
    }

    /// Counts what could not be read as a request, and was answered with this status.
    pub fn unread(&self, status: u16) {
        let labels = [("method", "other".to_owned()), ("route", "-".to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
    }

    /// Counts a request whose client left before the answer.
    pub fn left(&self) {
        self.left.inc();
    }

    /// Counts what was said of an instance.
    pub fn report(&self, report: &Report) {
        self.verdicts.get_or_create(&[("verdict", report.verdict.code())]).inc();
        for issue in &report.issues {
            self.issues.get_or_create(&[("rule", issue.rule.as_str())]).inc();
        }
        if report.issues.iter().any(|i| i.rule == RuleId::LIMIT_TIME) {
            self.broken_off.inc();
        }
    }

    /// Notes how a lane is used: pieces of work that run, and that wait.
    pub fn lane(&self, lane: &'static str, running: usize, waiting: usize) {
        self.running.get_or_create(&[("lane", lane)]).set(running as i64);
        self.waiting.get_or_create(&[("lane", lane)]).set(waiting as i64);
    }

    /// Notes the bytes of bodies, the plans that are kept with their bytes, and whether requests are taken.
    pub fn state(&self, bodies: usize, (plans, plan_bytes): (usize, usize), ready: bool) {
        self.bodies.set(bodies as i64);
        self.plans.set(plans as i64);
        self.plan_bytes.set(plan_bytes as i64);
        self.ready.set(i64::from(ready));
        if let Some(bytes) = resident_bytes() {
            self.resident.set(bytes);
        }
    }

    /// Notes how many spans were handed over, and how many dropped, since the start.
    pub fn spans(&self, (exported, dropped): (u64, u64)) {
        self.exported.inner().store(exported, Ordering::Relaxed);
        self.dropped.inner().store(dropped, Ordering::Relaxed);
    }

    /// Notes the negotiations that are held in memory, and what they take.
    pub fn held(&self, (count, bytes): (usize, usize)) {
        self.negotiations.set(count as i64);
        self.negotiation_bytes.set(bytes as i64);
    }

    /// Notes how many parties there are.
    pub fn parties(&self, count: usize) {
        self.parties.set(count as i64);
    }

    /// Counts a fetch of a party, by its result.
    pub fn party_fetch(&self, result: &'static str) {
        self.party_fetches.get_or_create(&[("result", result)]).inc();
    }

    /// Counts a negotiation between parties that was made again, or could not be.
    pub fn party_renewal(&self, result: &'static str) {
        self.party_renewals.get_or_create(&[("result", result)]).inc();
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

/// The resident memory of this process, where the system tells it as Linux does.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_latency_are_told() {
        let metrics = Metrics::new();
        metrics.request(&Method::GET, "/rules", StatusCode::OK, Duration::from_millis(3));
        metrics.request(&Method::from_bytes(b"X-SECRET").unwrap(), "-", StatusCode::NOT_FOUND, Duration::ZERO);
        let text = metrics.text();
        for line in [
            r#"accord_http_requests_total{method="GET",route="/rules",status="200"} 1"#,
            r#"accord_http_requests_total{method="other",route="-",status="404"} 1"#,
            r#"accord_http_request_duration_seconds_bucket{le="0.002",route="/rules"} 0"#,
            r#"accord_http_request_duration_seconds_bucket{le="0.005",route="/rules"} 1"#,
            "# EOF",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
