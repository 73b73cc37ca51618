//! What was decided, counted and written down: rules, interactions and types, never a value of an instance, an id or
//! a token.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fhir_accord_capability::guard::Decision;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::release::resource_types;
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use rustc_hash::FxHashSet;
use serde_json::json;

use super::lines::Lines;
use super::refused::failure_name;
use crate::remote::upstream::Failure;

/// Upper bounds of the classes of latency, in seconds.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// What stands for a type that no FHIR version has: it could be anything.
const OTHER: &str = "other";

/// What is told of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    interaction: Option<&'static str>,
    resource_type: Option<String>,
}

impl Told {
    /// Takes what a decision says.
    pub fn take(&mut self, decision: &Decision) {
        self.interaction = decision.interaction.or(self.interaction);
        self.resource_type = decision.resource_type.clone().or(self.resource_type.take());
    }
}

type OfDecision = [(&'static str, String); 5];
type One = [(&'static str, &'static str); 1];

/// What is recorded.
#[derive(Debug)]
pub(super) struct Record {
    registry: Registry,
    decisions: Family<OfDecision, Counter>,
    failures: Family<One, Counter>,
    seconds: Histogram,
    dropped: Counter,
    lines: Lines,
    types: FxHashSet<&'static str>,
    mode: &'static str,
}

impl Record {
    /// Nothing yet.
    pub fn new(lines: Lines, is_shadow: bool) -> Record {
        let mut record = Record {
            registry: Registry::with_prefix("accord_proxy"),
            decisions: Family::default(),
            failures: Family::default(),
            seconds: Histogram::new(SECONDS),
            dropped: Counter::default(),
            lines,
            types: FhirVersion::ALL.into_iter().flat_map(resource_types).collect(),
            mode: if is_shadow { "shadow" } else { "enforce" },
        };
        let r = &mut record.registry;
        let help = "Requests by what was decided; in shadow mode by what would have been";
        r.register("decisions", help, record.decisions.clone());
        r.register("upstream_failures", "Answers that did not come, or not to their end", record.failures.clone());
        let help = "Time from the head of a request to what was decided";
        r.register_with_unit("decision_duration", help, Unit::Seconds, record.seconds.clone());
        r.register("lines_dropped", "Lines that could not be written", record.dropped.clone());
        record
    }

    /// A type as it may be told.
    fn known<'t>(&self, resource_type: Option<&'t str>) -> &'t str {
        match resource_type {
            None => "-",
            Some(known) if self.types.contains(known) => known,
            Some(_) => OTHER,
        }
    }

    /// A decision: the rule by which a request is refused, or none.
    pub fn decided(&self, told: &Told, refused: Option<(&'static str, u16)>, took: Duration) {
        let verdict = if refused.is_some() { "refused" } else { "allowed" };
        let (rule, status) = refused.unzip();
        let (interaction, kind) = (told.interaction.unwrap_or("-"), self.known(told.resource_type.as_deref()));
        let labels = [
            ("mode", self.mode.to_owned()),
            ("verdict", verdict.to_owned()),
            ("rule", rule.unwrap_or("-").to_owned()),
            ("interaction", interaction.to_owned()),
            ("type", kind.to_owned()),
        ];
        self.decisions.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
        if refused.is_none() && self.mode != "shadow" {
            return;
        }
        let line = json!({
            "time": now(),
            "mode": self.mode,
            "verdict": verdict,
            "rule": rule,
            "status": status,
            "interaction": told.interaction,
            "type": told.resource_type.as_ref().map(|_| kind),
            "microseconds": u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        });
        self.lines.write(line.to_string());
    }

    /// An answer that did not come, or not to its end.
    pub fn failed(&self, failure: Failure) {
        self.failures.get_or_create(&[("failure", failure_name(failure))]).inc();
        tracing::warn!(failure = failure_name(failure), "no answer, or not the whole of one");
    }

    /// All of it, in the text format of OpenMetrics.
    pub fn text(&self) -> String {
        self.dropped.inner().store(self.lines.dropped(), Ordering::Relaxed);
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

/// The time as an instant.
fn now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let nanoseconds = i32::try_from(now.subsec_millis()).unwrap_or(0).saturating_mul(1_000_000);
    Timestamp::new(seconds, nanoseconds).unwrap_or(Timestamp::MAX).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_makes_up_is_no_label() {
        let record = Record::new(Lines::to(Box::new(std::io::sink())).unwrap(), false);
        for n in 0..10_000 {
            let told = Told { interaction: Some("read"), resource_type: Some(format!("Secret{n}")) };
            record.decided(&told, Some(("type-unknown", 403)), Duration::ZERO);
        }
        let told = Told { interaction: Some("read"), resource_type: Some("Patient".to_owned()) };
        record.decided(&told, None, Duration::ZERO);
        let text = record.text();
        assert!(!text.contains("Secret") && text.contains(r#"type="other"} 10000"#), "{text}");
        assert!(text.contains(r#"interaction="read",type="Patient"} 1"#), "{text}");
        assert!(text.lines().count() < 60, "{text}");
    }
}
