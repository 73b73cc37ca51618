//! A FHIR server behind a proxy: requests go out, and answers come in, as streams, with not a byte of their target,
//! headers or bodies changed.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::{HOST, HeaderMap, HeaderValue};
use http::{Method, Request, StatusCode, Uri};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::Url;
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::trust::Trust;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Why an upstream server gave no answer, or not the whole of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Failure {
    /// It could not be connected to.
    #[error("the server cannot be reached")]
    Down,
    /// Nothing came for as long as it may take.
    #[error("the server does not answer in time")]
    Slow,
    /// The connection broke, or what came is no HTTP.
    #[error("the server broke off its answer")]
    Cut,
    /// The client's body broke off.
    #[error("the body of the client broke off")]
    Client,
}

/// The base URL of a FHIR server.
#[derive(Clone, Debug)]
pub struct Base {
    /// Scheme and authority.
    origin: String,
    path: String,
    host: HeaderValue,
}

impl Base {
    /// Reads a base URL.
    ///
    /// # Errors
    /// A sentence that says why it is none; it does not contain the URL.
    pub fn parse(text: &str) -> Result<Base, String> {
        let url = Url::parse(text).map_err(|e| format!("the upstream is not a URL: {e}"))?;
        let why = match () {
            () if !matches!(url.scheme(), "http" | "https") => "must be http or https",
            () if !url.username().is_empty() || url.password().is_some() => "must not contain credentials",
            () if url.query().is_some() || url.fragment().is_some() => "must not have a query or a fragment",
            () if url.host_str().is_none() => "must name a host",
            () => "",
        };
        if !why.is_empty() {
            return Err(format!("the URL of the upstream {why}"));
        }
        let origin = url.origin().ascii_serialization();
        let host = origin.split("://").nth(1).and_then(|host| HeaderValue::from_str(host).ok());
        let host = host.ok_or("the URL of the upstream must name a host")?;
        Ok(Base { origin, path: url.path().trim_end_matches('/').to_owned(), host })
    }

    /// The path that all addresses of the server begin with, as `/fhir`; empty where that is its root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The address of a path and query, which begin with [`Base::path`]; `None` where it would not be that, byte for
    /// byte.
    pub fn uri(&self, path_and_query: &str) -> Option<Uri> {
        let uri: Uri = format!("{}{path_and_query}", self.origin).parse().ok()?;
        (uri.path_and_query()?.as_str() == path_and_query).then_some(uri)
    }
}

/// What is known of a body on its way to the server.
#[derive(Debug)]
pub struct Progress {
    began: Instant,
    /// When a part of it was last handed over, in milliseconds after `began`.
    last_ms: AtomicU64,
    broke: AtomicBool,
}

impl Progress {
    /// Nothing has been handed over yet.
    pub fn new() -> Arc<Progress> {
        Arc::new(Progress { began: Instant::now(), last_ms: AtomicU64::new(0), broke: AtomicBool::new(false) })
    }

    fn moved(&self) {
        self.last_ms.store(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn last(&self) -> Instant {
        self.began + Duration::from_millis(self.last_ms.load(Ordering::Relaxed))
    }
}

/// The client's body broke off.
#[derive(Debug, thiserror::Error)]
#[error("the body of the client broke off")]
pub struct Broken;

/// A body for the server.
pub enum Outgoing {
    /// None.
    Empty,
    /// All of it.
    Whole(Option<Bytes>),
    /// As it comes.
    Stream {
        /// What has come already.
        first: Option<Bytes>,
        /// What comes.
        rest: mpsc::Receiver<Result<Bytes, Broken>>,
        /// How many bytes are still to come, where that is known.
        left: Option<u64>,
        /// Where it is noted how it goes.
        progress: Arc<Progress>,
    },
}

impl Outgoing {
    fn progress(&self) -> Option<Arc<Progress>> {
        match self {
            Outgoing::Stream { progress, .. } => Some(Arc::clone(progress)),
            Outgoing::Empty | Outgoing::Whole(_) => None,
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let (first, rest, left, progress) = match self.get_mut() {
            Outgoing::Empty => return Poll::Ready(None),
            Outgoing::Whole(all) => return Poll::Ready(all.take().map(|all| Ok(Frame::data(all)))),
            Outgoing::Stream { first, rest, left, progress } => (first, rest, left, progress),
        };
        let next = match first.take() {
            Some(first) => Some(Ok(first)),
            None => ready!(rest.poll_recv(cx)),
        };
        progress.moved();
        Poll::Ready(next.map(|chunk| match chunk {
            Ok(chunk) => {
                *left = left.map(|l| l.saturating_sub(chunk.len() as u64));
                Ok(Frame::data(chunk))
            }
            Err(broken) => {
                progress.broke.store(true, Ordering::Relaxed);
                Err(broken)
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Outgoing::Empty | Outgoing::Whole(None) | Outgoing::Stream { left: Some(0), .. })
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outgoing::Empty => SizeHint::with_exact(0),
            Outgoing::Whole(all) => SizeHint::with_exact(all.as_ref().map_or(0, |b| b.len() as u64)),
            Outgoing::Stream { left, .. } => left.map_or_else(SizeHint::default, SizeHint::with_exact),
        }
    }
}

/// An answer, whose body has still to come.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its length, where the server says it.
    pub length: Option<u64>,
    /// Its body.
    pub body: Chunks,
}

/// A server. Each thread that asks has its own.
pub struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Outgoing>,
    base: Base,
    timeout: Duration,
}

impl Upstream {
    /// The server at a base; `timeout` is how long nothing may come from it.
    pub fn new(base: Base, timeout: Duration) -> Upstream {
        Upstream::trusting(base, timeout, None)
    }

    /// The same, whose certificate is verified in this way; `None`: by the authorities of the web.
    pub fn trusting(base: Base, timeout: Duration, trust: Option<Trust>) -> Upstream {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT.min(timeout)));
        let builder = match trust {
            Some(trust) => HttpsConnectorBuilder::new().with_tls_config((*trust.0).clone()),
            None => HttpsConnectorBuilder::new().with_webpki_roots(),
        };
        let connector = builder.https_or_http().enable_http1().wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .set_host(false)
            .build(connector);
        Upstream { client, base, timeout }
    }

    /// Its base.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Sends a request, and waits for the head of its answer. Dropped before that, the request is broken off.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn send(&self, method: Method, uri: Uri, headers: HeaderMap, body: Outgoing) -> Result<Answer, Failure> {
        let progress = body.progress();
        let mut request = Request::new(body);
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, uri, headers);
        request.headers_mut().insert(HOST, self.base.host.clone());
        let began = Instant::now();
        let mut answer = std::pin::pin!(self.client.request(request));
        let response = loop {
            let last = progress.as_ref().map_or(began, |p| p.last().max(began));
            let Some(end) = last.checked_add(self.timeout) else { break answer.await };
            match tokio::time::timeout_at(end, &mut answer).await {
                Ok(response) => break response,
                // The body may have moved on meanwhile.
                Err(_) if progress.as_ref().is_some_and(|p| p.last() > last) => {}
                Err(_) => return Err(Failure::Slow),
            }
        };
        let response = response.map_err(|error| match () {
            () if error.is_connect() => Failure::Down,
            () if progress.as_ref().is_some_and(|p| p.broke.load(Ordering::Relaxed)) => Failure::Client,
            () => Failure::Cut,
        })?;
        let (head, body) = response.into_parts();
        let length = body.size_hint().exact();
        let body = Chunks { body, timeout: self.timeout, sleep: None };
        Ok(Answer { status: head.status, headers: head.headers, length, body })
    }
}

/// The parts of an answer's body, as they come. Dropped before its end, the connection is closed.
pub struct Chunks {
    body: Incoming,
    timeout: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Stream for Chunks {
    type Item = Result<Bytes, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let this = self.get_mut();
        loop {
            match Pin::new(&mut this.body).poll_frame(cx) {
                Poll::Ready(frame) => {
                    this.sleep = None;
                    match frame {
                        None => return Poll::Ready(None),
                        Some(Err(_)) => return Poll::Ready(Some(Err(Failure::Cut))),
                        Some(Ok(frame)) => match frame.into_data() {
                            Ok(data) => return Poll::Ready(Some(Ok(data))),
                            // Trailers are not handed on.
                            Err(_) => continue,
                        },
                    }
                }
                Poll::Pending => {
                    let timeout = this.timeout;
                    let sleep = this.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
                    ready!(sleep.as_mut().poll(cx));
                    return Poll::Ready(Some(Err(Failure::Slow)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_has_no_more_than_an_origin_and_a_path() {
        let base = Base::parse("http://h.test:8080/fhir/").unwrap();
        assert_eq!((base.path(), base.origin.as_str()), ("/fhir", "http://h.test:8080"));
        assert_eq!(Base::parse("https://h.test").unwrap().path(), "");
        for bad in ["ftp://h/", "http://u:p@h/", "http://h/?x", "http://h/#x", "h:80", ""] {
            assert!(Base::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn not_a_byte_of_a_target_changes() {
        let base = Base::parse("http://h.test/fhir").unwrap();
        for target in ["/fhir/Patient?name=O'Brien&x=%27", "/fhir/Patient?a=|", "/fhir?", "/fhir/Patient/1"] {
            assert_eq!(base.uri(target).map(|u| u.path_and_query().unwrap().to_string()).as_deref(), Some(target));
        }
        for target in ["/fhir/a b", "/fhir/a\r\nx: y", "/fhir/a#b"] {
            assert_eq!(base.uri(target), None, "{target}");
        }
    }
}
