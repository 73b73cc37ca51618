//! A collector of spans, as OTLP over HTTP wants them (<https://opentelemetry.io/docs/specs/otlp/#otlphttp-request>).

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::http::cause;
use crate::telemetry::Exporter;

/// A collector.
#[derive(Debug)]
pub struct Collector {
    endpoint: reqwest::Url,
    headers: HeaderMap,
    timeout: Duration,
    /// Made by the thread that uses it.
    client: OnceLock<Client>,
}

impl Collector {
    /// The collector at an address, which wants these headers and may take so long to answer.
    ///
    /// # Errors
    /// A sentence that says which of them cannot be used.
    pub fn new(endpoint: &str, headers: &[(String, String)], timeout: Duration) -> Result<Collector, String> {
        let endpoint = reqwest::Url::parse(endpoint).map_err(|e| format!("the address of the collector: {e}"))?;
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            let unfit = || format!("the header `{name}` for the collector cannot be sent");
            let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
            value.set_sensitive(true);
            all.append(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?, value);
        }
        all.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(Collector { endpoint, headers: all, timeout, client: OnceLock::new() })
    }

    fn client(&self) -> Result<&Client, String> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let builder = Client::builder()
            .user_agent(concat!("accord/", env!("CARGO_PKG_VERSION")))
            .timeout(self.timeout)
            .redirect(reqwest::redirect::Policy::none());
        let made = builder.build().map_err(|e| cause(&e))?;
        Ok(self.client.get_or_init(|| made))
    }
}

impl Exporter for Collector {
    fn export(&self, body: Vec<u8>) -> Result<(), String> {
        let request = self.client()?.post(self.endpoint.clone()).headers(self.headers.clone()).body(body);
        let answer = request.send().map_err(|e| cause(&e))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("the collector answers {status}")) }
    }
}
