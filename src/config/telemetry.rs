//! Where spans go, by the usual variables
//! (<https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>).

use std::fmt;
use std::time::Duration;

use super::source::ConfigError;
use crate::telemetry::Sampler;

/// How long a collector may take to answer where nothing is said.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time that can be set, in milliseconds: an hour.
const MOST_MS: u64 = 3_600_000;
/// How long spans wait for others where nothing is said.
const DELAY: Duration = Duration::from_secs(5);

/// Where spans go.
#[derive(Clone, PartialEq)]
pub struct Telemetry {
    /// The address of the collector that takes traces.
    pub endpoint: String,
    /// Headers that it wants; their values are secrets.
    pub headers: Vec<(String, String)>,
    /// How long it may take.
    pub timeout: Duration,
    /// How long spans wait for others.
    pub delay: Duration,
    /// What the service says of itself.
    pub resource: Vec<(String, String)>,
    /// Which traces are recorded.
    pub sampler: Sampler,
}

/// Without what is secret: values of headers, and whatever is in the address before its host.
impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let endpoint = match self.endpoint.split_once("://") {
            Some((scheme, rest)) => {
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default())
            }
            None => String::new(),
        };
        f.debug_struct("Telemetry")
            .field("endpoint", &endpoint)
            .field("headers", &headers)
            .field("timeout", &self.timeout)
            .field("resource", &self.resource)
            .field("sampler", &self.sampler)
            .finish_non_exhaustive()
    }
}

/// Pairs as in a W3C baggage: separated by commas, each a name and a percent-encoded value.
fn pairs(name: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let one = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().ok()?;
        Some((key.trim().to_owned(), value.into_owned())).filter(|(key, _)| !key.is_empty())
    };
    let wanted = || ConfigError(format!("{name} cannot be read; expected name=value, separated by commas"));
    text.split(',').filter(|p| !p.trim().is_empty()).map(|p| one(p).ok_or_else(wanted)).collect()
}

/// What the service says of itself: its attributes, and its name, which is stronger than one among them.
fn resource(attributes: Option<String>, name: Option<String>) -> Result<Vec<(String, String)>, ConfigError> {
    let mut all = attributes.map_or(Ok(Vec::new()), |text| pairs("OTEL_RESOURCE_ATTRIBUTES", &text))?;
    if name.is_some() {
        all.retain(|(known, _)| known != "service.name");
    }
    if !all.iter().any(|(known, _)| known == "service.name") {
        all.insert(0, ("service.name".to_owned(), name.unwrap_or_else(|| "accord".to_owned())));
    }
    if !all.iter().any(|(known, _)| known == "service.version") {
        all.push(("service.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    }
    Ok(all)
}

impl Telemetry {
    /// What the variables say; `None` where they name no collector, or switch it off.
    ///
    /// # Errors
    /// [`ConfigError`] that names the variable.
    pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Telemetry>, ConfigError> {
        let given = |name: &str| variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        // What is said of traces alone is stronger.
        let of_traces = |rest: &str| {
            let [own, all] = [format!("OTEL_EXPORTER_OTLP_TRACES_{rest}"), format!("OTEL_EXPORTER_OTLP_{rest}")];
            given(&own).map(|v| (own, v)).or_else(|| given(&all).map(|v| (all, v)))
        };
        let is = |name: &str, wanted: &str| given(name).is_some_and(|v| v.eq_ignore_ascii_case(wanted));
        if is("OTEL_SDK_DISABLED", "true") || is("OTEL_TRACES_EXPORTER", "none") {
            return Ok(None);
        }
        let endpoint = match (given("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), given("OTEL_EXPORTER_OTLP_ENDPOINT")) {
            (Some(own), _) => own,
            (None, Some(all)) => format!("{}/v1/traces", all.trim_end_matches('/')),
            (None, None) => return Ok(None),
        };
        if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
            let text = "OTEL_EXPORTER_OTLP_ENDPOINT is not an address as http://localhost:4318";
            return Err(ConfigError(text.to_owned()));
        }
        if let Some((name, protocol)) = of_traces("PROTOCOL").filter(|(_, p)| p != "http/json") {
            return Err(ConfigError(format!(
                "{name} cannot be `{protocol}`: spans are sent as http/json, which collectors take where they take \
                 http/protobuf; set it to http/json, or leave it out"
            )));
        }
        let milliseconds = |found: Option<(String, String)>, otherwise: Duration| match found {
            None => Ok(otherwise),
            Some((name, text)) => {
                let number = text.parse().ok().filter(|ms| (1..=MOST_MS).contains(ms)).map(Duration::from_millis);
                let wanted = format!("{name} cannot be `{text}`: expected milliseconds, 1 to {MOST_MS}");
                number.ok_or(ConfigError(wanted))
            }
        };
        let named = |name: &str| given(name).map(|v| (name.to_owned(), v));
        let headers = of_traces("HEADERS").map_or(Ok(Vec::new()), |(name, text)| pairs(&name, &text))?;
        let resource = resource(given("OTEL_RESOURCE_ATTRIBUTES"), given("OTEL_SERVICE_NAME"))?;
        let sampler = match given("OTEL_TRACES_SAMPLER") {
            Some(name) => Sampler::parse(&name, given("OTEL_TRACES_SAMPLER_ARG").as_deref()).map_err(ConfigError)?,
            None => Sampler::default(),
        };
        Ok(Some(Telemetry {
            endpoint,
            headers,
            timeout: milliseconds(of_traces("TIMEOUT"), TIMEOUT)?,
            delay: milliseconds(named("OTEL_BSP_SCHEDULE_DELAY"), DELAY)?,
            resource,
            sampler,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<Telemetry>, String> {
        let look = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Telemetry::read(&look).map_err(|e| e.0)
    }

    #[test]
    fn nothing_is_exported_unless_a_collector_is_named() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[("OTEL_SERVICE_NAME", "a")]), Ok(None));
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318/");
        assert_eq!(read(&[endpoint, ("OTEL_SDK_DISABLED", "true")]), Ok(None));
        assert_eq!(read(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]), Ok(None));
        let found = read(&[endpoint]).unwrap().unwrap();
        assert_eq!((&*found.endpoint, found.timeout), ("http://localhost:4318/v1/traces", TIMEOUT));
        assert_eq!(found.resource[0], ("service.name".to_owned(), "accord".to_owned()));
    }

    #[test]
    fn what_is_said_of_traces_is_stronger() {
        let found = read(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://user:secret@b/x?key=secret"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "100"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "200"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20secret, x-a=1"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=no,deployment.environment=test"),
            ("OTEL_SERVICE_NAME", "yes"),
            ("OTEL_TRACES_SAMPLER", "always_off"),
        ]);
        let found = found.unwrap().unwrap();
        assert_eq!((&*found.endpoint, found.timeout.as_millis()), ("https://user:secret@b/x?key=secret", 200));
        assert_eq!(found.headers[0], ("authorization".to_owned(), "Bearer secret".to_owned()));
        let names: Vec<&str> = found.resource.iter().map(|(_, v)| v.as_str()).take(2).collect();
        assert_eq!((names, found.sampler.ratio), (vec!["yes", "test"], 0.0));
        let shown = format!("{found:?}");
        assert!(!shown.contains("secret") && shown.contains("https://b"), "{shown}");
    }

    #[test]
    fn faults_name_the_variable() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
        for (name, value) in [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "no pair"),
            ("OTEL_TRACES_SAMPLER", "some"),
        ] {
            assert!(read(&[endpoint, (name, value)]).unwrap_err().contains(name), "{name}");
        }
        assert!(read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")]).is_err());
    }
}
