//! The client that all requests are made with: it follows redirects only where they may lead.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::guard::{Guard, refused};
use super::http::{Patience, cause};
use super::names::GuardedNames;

/// The most requests that one answer may take: the first, and redirects.
const MOST_HOPS: usize = 5;

/// A client that follows few redirects: none from https to http, none with credentials, none that the guard refuses.
/// Under a guard it connects only to addresses that were checked, and through no proxy.
///
/// # Errors
/// The message, where TLS cannot be set up.
pub fn build(patience: &Patience, guard: Option<Guard>) -> Result<Client, String> {
    build_within(patience, guard, Arc::new(|_| None))
}

/// Why a URL is not asked for.
pub type Why = Box<dyn Error + Send + Sync>;

/// Gives a reason against a URL, where there is one.
pub type Against = dyn Fn(&Url) -> Option<Why> + Send + Sync;

/// The same, which also follows no redirect that `may` gives a reason against.
///
/// # Errors
/// As [`build`].
pub fn build_within(patience: &Patience, guard: Option<Guard>, may: Arc<Against>) -> Result<Client, String> {
    let policy = Policy::custom(move |attempt| {
        if let Some(why) = may(attempt.url()) {
            return attempt.error(why);
        }
        match unfit(guard, attempt.previous(), attempt.url()) {
            Some(why) => attempt.error(why),
            None => attempt.follow(),
        }
    });
    let builder = Client::builder()
        .user_agent(concat!("accord/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_millis(patience.connect_ms))
        .timeout(Duration::from_millis(patience.read_ms))
        .referer(false)
        .redirect(policy);
    let builder = match guard {
        // A proxy would look names up itself, and connect to what nobody has checked.
        Some(guard) => builder.no_proxy().dns_resolver(Arc::new(GuardedNames(guard))),
        None => builder,
    };
    builder.build().map_err(|e| cause(&e))
}

/// Why a redirect is not followed.
fn unfit(guard: Option<Guard>, previous: &[Url], next: &Url) -> Option<String> {
    if previous.len() >= MOST_HOPS {
        return Some("too many redirects".to_owned());
    }
    let leaves_https = previous.iter().any(|url| url.scheme() == "https") && next.scheme() == "http";
    let why = match () {
        () if leaves_https => Some("it leaves https".to_owned()),
        () if !next.username().is_empty() || next.password().is_some() => {
            Some("its URL contains credentials".to_owned())
        }
        () => refused(guard, next),
    };
    let host = next.host_str().unwrap_or_default();
    why.map(|why| format!("a redirect to `{}://{host}` is not followed: {why}", next.scheme()))
}

#[cfg(test)]
mod tests {
    use super::super::guard::public_only;
    use super::*;

    #[test]
    fn redirects_keep_https_and_end() {
        let urls = |texts: &[&str]| texts.iter().map(|t| Url::parse(t).unwrap()).collect::<Vec<Url>>();
        let why = |previous: &[&str], next: &str| unfit(Some(public_only), &urls(previous), &urls(&[next])[0]);
        assert_eq!(why(&["http://a.test/"], "https://b.test/"), None);
        assert_eq!(why(&["http://a.test/"], "http://b.test/"), None);
        for previous in [&["https://a.test/"][..], &["http://a.test/", "https://a.test/"]] {
            assert!(why(previous, "http://b.test/").unwrap().contains("leaves https"));
        }
        assert!(why(&["http://a.test/"; 5], "http://a.test/").unwrap().contains("too many"));
        assert!(why(&["https://a.test/"], "https://169.254.169.254/x").unwrap().contains("link-local"));
        assert!(why(&["https://a.test/"], "https://u:s3cret@b.test/").is_some_and(|w| !w.contains("s3cret")));
        assert!(why(&["https://a.test/"], "file:///etc/passwd").is_some());
    }
}
