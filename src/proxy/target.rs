//! What a request asks for: judged and forwarded is the same, so what two servers could read differently is refused.

use actix_web::http::{StatusCode, Uri};
use http::Uri as Upstream;

use super::refused::Refused;
use crate::remote::upstream::Base;

/// The target of a request.
#[derive(Debug)]
pub(super) struct Target {
    /// Where it is sent to.
    pub uri: Upstream,
    /// Path and query below the base, without the first slash.
    pub below: String,
    /// Why it is refused where requests are: it could be read as something else than what was judged.
    pub fault: Option<Refused>,
}

impl Target {
    /// Reads the target of a request to a proxy in front of a base.
    ///
    /// # Errors
    /// Where it can be sent nowhere.
    pub fn read(uri: &Uri, base: &Base) -> Result<Target, Refused> {
        let target = uri.path_and_query().map(|p| p.as_str()).unwrap_or_default();
        if uri.scheme().is_some() || uri.authority().is_some() || !target.starts_with('/') {
            return Err(Refused::malformed("target-form", "only the path and query of an address are accepted"));
        }
        let (path, _) = target.split_once('?').unwrap_or((target, ""));
        let below_base = path.strip_prefix(base.path()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let Some(below_path) = below_base else {
            let text = format!("nothing is served outside of `{}`", base.path());
            return Err(Refused::new(StatusCode::NOT_FOUND, "outside-base", text));
        };
        if below_path.split('/').any(is_dots) || path.contains('\\') {
            return Err(Refused::malformed("target-path", "`.` and `..` are not accepted in a path"));
        }
        let unchanged = || Refused::malformed("target-form", "the address contains characters that an address cannot");
        let upstream = base.uri(target).ok_or_else(unchanged)?;
        let below = target.get(base.path().len()..).unwrap_or_default();
        let below = below.strip_prefix('/').unwrap_or(below).to_owned();
        Ok(Target { uri: upstream, below, fault: fault(below_path, target) })
    }

    /// Whether it is what clients read before they have a token: the statement of the server, and its SMART
    /// configuration (<https://hl7.org/fhir/smart-app-launch/conformance.html#using-well-known>).
    pub fn is_open(&self) -> bool {
        let path = self.below.split('?').next().unwrap_or_default();
        matches!(path, "metadata" | ".well-known/smart-configuration")
    }
}

/// Whether a segment of a path leads up, or nowhere, however it is encoded.
fn is_dots(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    let plain = plain.split([';', '%']).next().unwrap_or_default();
    matches!(plain, "." | "..")
}

/// Why a target could be read in two ways.
fn fault(path: &str, target: &str) -> Option<Refused> {
    let is_fit = |b: u8| b.is_ascii_alphanumeric() || b"-._~$/@:+,".contains(&b);
    let plain = path.replace("%24", "$");
    if !plain.bytes().all(is_fit) {
        let text = "the path contains characters that no address of a FHIR server has";
        return Some(Refused::malformed("target-path", text));
    }
    if path.contains("//") {
        return Some(Refused::malformed("target-path", "the path has an empty part"));
    }
    let query = target.split_once('?').map_or("", |(_, query)| query);
    has_token(query.as_bytes()).then(second_token)
}

/// Whether parameters, as a query or a form writes them, have a token: the server could take it instead of what was
/// verified (<https://www.rfc-editor.org/rfc/rfc6750#section-2.2>).
pub(super) fn has_token(parameters: &[u8]) -> bool {
    let mut parts = parameters.split(|b| matches!(b, b'&' | b';'));
    parts.any(|part| {
        let name = part.split(|b| *b == b'=').next().unwrap_or_default();
        percent_encoding::percent_decode(name).decode_utf8_lossy().trim().eq_ignore_ascii_case("access_token")
    })
}

/// 400: a token where none is accepted.
pub(super) fn second_token() -> Refused {
    Refused::malformed("target-token", "a token is accepted in the header `Authorization` only")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Result<Target, &'static str> {
        let base = Base::parse("http://upstream.test/fhir").unwrap();
        let target: Uri = target.parse().map_err(|_| "uri")?;
        Target::read(&target, &base).map_err(|r| r.rule)
    }

    #[test]
    fn targets_are_below_the_base() {
        let below = |t: &str| read(t).map(|t| t.below);
        assert_eq!(below("/fhir/Patient/1?x=%27&y=O'B").as_deref(), Ok("Patient/1?x=%27&y=O'B"));
        assert_eq!((below("/fhir").as_deref(), below("/fhir/?a=b").as_deref()), (Ok(""), Ok("?a=b")));
        for (target, rule) in [
            ("http://other.test/fhir/Patient", "target-form"),
            ("*", "target-form"),
            ("/fhirx/Patient", "outside-base"),
            ("/Patient", "outside-base"),
            ("/fhir/../admin", "target-path"),
            ("/fhir/Patient/%2e%2E/x", "target-path"),
            ("/fhir/..;x=1/admin", "target-path"),
            ("/fhir/.%2e%2fadmin", "target-path"),
            ("/fhir/a\\b", "target-path"),
        ] {
            assert_eq!(below(target), Err(rule), "{target}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let fault = |t: &str| read(t).ok().and_then(|t| t.fault).map(|f| f.rule);
        assert_eq!(fault("/fhir/Patient/1/$everything"), None);
        assert_eq!(fault("/fhir/Patient/1/%24everything"), None);
        for target in ["/fhir//Patient", "/fhir/Patient;x=1", "/fhir/Pat%69ent", "/fhir/Patient%2f1", "/fhir/P%00"] {
            assert_eq!(fault(target), Some("target-path"), "{target}");
        }
        for target in
            ["/fhir/Patient?access_token=x", "/fhir/Patient?a=b&Access%5Ftoken=x", "/fhir/P?a=b;access_token=x"]
        {
            assert_eq!(fault(target), Some("target-token"), "{target}");
        }
    }
}
