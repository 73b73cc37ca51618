//! Who vouches for tokens: a JWK set in a file or at a URL, and a server that introspects.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};

use super::http::cause;
use crate::token::{Asked, Introspector, KeySource, Unanswered};

/// The largest JWK set, and the largest answer on a token, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// How long an issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A URL that tokens or keys are sent over: https, or http to this machine only.
///
/// # Errors
/// A sentence that says why it is none; it does not contain the URL.
fn secure(url: &str, what: &str) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|e| format!("the URL of the {what} is not one: {e}"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("the URL of the {what} must not contain credentials"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        _ => Err(format!("the URL of the {what} must be https; http is accepted for this machine only")),
    }
}

/// What a URL is asked with. One without TLS is on this machine, and stays there whatever proxy the environment names.
fn client(url: &Url) -> Result<Client, String> {
    let builder = Client::builder()
        .user_agent(concat!("accord/", env!("CARGO_PKG_VERSION")))
        .timeout(PATIENCE)
        .referer(false)
        .redirect(Policy::none());
    let builder = if url.scheme() == "http" { builder.no_proxy() } else { builder };
    builder.build().map_err(|e| cause(&e))
}

/// Where a JWK set is.
#[derive(Debug)]
pub enum KeySet {
    /// In a file, which is read again when the keys are.
    File(PathBuf),
    /// At a URL.
    Url(Client, Url),
}

impl KeySet {
    /// The set at a URL, or in a file.
    ///
    /// # Errors
    /// A sentence that says why it is neither.
    pub fn parse(text: &str) -> Result<KeySet, String> {
        match text.contains("://") {
            true => {
                let url = secure(text, "JWK set")?;
                Ok(KeySet::Url(client(&url)?, url))
            }
            false => Ok(KeySet::File(PathBuf::from(text))),
        }
    }
}

impl KeySource for KeySet {
    fn keys(&self) -> Asked<'_> {
        Box::pin(async move {
            match self {
                KeySet::File(path) => read(path).await,
                KeySet::Url(client, url) => answer(client.get(url.clone()).header(ACCEPT, "application/json")).await,
            }
        })
    }
}

async fn read(path: &std::path::Path) -> Result<Vec<u8>, Unanswered> {
    let path = path.to_owned();
    let read = move || -> Result<Vec<u8>, String> {
        let size = std::fs::metadata(&path).map_err(|e| e.to_string())?.len();
        if size > MOST_BYTES as u64 {
            return Err(format!("the file is larger than {MOST_BYTES} bytes"));
        }
        std::fs::read(&path).map_err(|e| e.to_string())
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(|e| Unanswered::Down(e.to_string()))?;
    read.map_err(Unanswered::Down)
}

/// A server that introspects tokens, and what it knows this program by.
pub struct IntrospectionServer {
    client: Client,
    url: Url,
    credentials: HeaderValue,
}

impl IntrospectionServer {
    /// The server at a URL, which is given an id and a secret as HTTP Basic
    /// (<https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>).
    ///
    /// # Errors
    /// A sentence that says what cannot be used; it contains neither.
    pub fn new(url: &str, client_id: &str, secret: &str) -> Result<IntrospectionServer, String> {
        use base64::Engine as _;
        let basic = format!("{}:{}", form(client_id), form(secret));
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(basic));
        let mut credentials = HeaderValue::from_str(&basic).map_err(|_| "the id or the secret cannot be sent")?;
        credentials.set_sensitive(true);
        let url = secure(url, "introspection server")?;
        Ok(IntrospectionServer { client: client(&url)?, url, credentials })
    }
}

impl Introspector for IntrospectionServer {
    fn introspect<'a>(&'a self, token: &'a str) -> Asked<'a> {
        let request = self
            .client
            .post(self.url.clone())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.credentials.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("token={}&token_type_hint=access_token", form(token)));
        Box::pin(answer(request))
    }
}

/// Text as a form writes it.
fn form(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The body of an answer of success.
async fn answer(request: RequestBuilder) -> Result<Vec<u8>, Unanswered> {
    let fault = |e: reqwest::Error| if e.is_timeout() { Unanswered::Slow } else { Unanswered::Down(cause(&e)) };
    let response: Response = request.send().await.map_err(fault)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(Unanswered::Failed(format!("the answer is {}", response.status())));
    }
    let mut response = response;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        if body.len().saturating_add(chunk.len()) > MOST_BYTES {
            return Err(Unanswered::Failed(format!("the answer is larger than {MOST_BYTES} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_https_or_stay_here() {
        for url in ["https://idp.example/introspect", "http://127.0.0.1:8080/i", "http://[::1]/i", "http://localhost/i"]
        {
            assert!(secure(url, "x").is_ok(), "{url}");
        }
        for url in
            ["http://idp.example/i", "https://u:p@idp.example/", "ftp://127.0.0.1/", "http://localhost.evil/", "x"]
        {
            assert!(secure(url, "x").is_err(), "{url}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let server = IntrospectionServer::new("http://127.0.0.1/", "me", "s3cret").unwrap();
        assert!(!format!("{:?}", server.credentials).contains("Basic"));
    }
}
