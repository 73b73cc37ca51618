//! Addresses of requests: host, path, query; and the base address below which a server's resources are.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::types::starts_path;

/// An address in parts.
#[derive(Clone, Debug)]
pub(super) struct Address<'a> {
    /// Host and port, without the scheme's own port, in lower case.
    pub host: Option<String>,
    /// True for an address that starts neither with a host nor at the root of one.
    pub relative: bool,
    /// The segments of the path, decoded, without empty ones.
    pub segments: Vec<Cow<'a, str>>,
    /// What follows the `?`, not decoded.
    pub query: &'a str,
}

impl<'a> Address<'a> {
    /// `None` for a scheme other than `http` and `https`, and for a text without a host after its scheme.
    pub fn parse(text: &'a str) -> Option<Address<'a>> {
        let text = text.split('#').next().unwrap_or_default();
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let (host, path) = match path.split_once(':') {
            Some((scheme, rest)) if !scheme.contains('/') => {
                let (authority, path) = split_authority(rest.strip_prefix("//")?);
                (Some(host(scheme, authority)?), path)
            }
            _ => (None, path),
        };
        let segments =
            path.split('/').filter(|s| !s.is_empty()).map(|s| percent_decode_str(s).decode_utf8_lossy()).collect();
        Some(Address { relative: host.is_none() && !path.starts_with('/'), host, segments, query })
    }

    /// Where the path below the base address starts, by the first segment that only FHIR has.
    pub fn start(&self) -> Option<usize> {
        self.segments.iter().position(|s| starts_path(s))
    }

    /// The base address, where the path below it starts here.
    pub fn base(&self, start: usize) -> Base {
        let segments = self.segments.iter().take(start).map(|s| s.clone().into_owned()).collect();
        Base { host: self.host.clone(), segments }
    }
}

fn split_authority(text: &str) -> (&str, &str) {
    match text.find('/') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    }
}

/// Host and port without a user and without the scheme's own port.
fn host(scheme: &str, authority: &str) -> Option<String> {
    let own_port = match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => ":443",
        _ if scheme.eq_ignore_ascii_case("http") => ":80",
        _ => return None,
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_ascii_lowercase();
    let host = host.strip_suffix(own_port).map(str::to_owned).unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// The address of a server: `https://ehr.example/fhir`, or its path only: `/fhir`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    host: Option<String>,
    segments: Vec<String>,
}

impl Base {
    /// Reads a base address; `None` where the text is not an address, or has a query.
    ///
    /// ```
    /// use fhir_accord_capability::client::Base;
    ///
    /// assert_eq!(Base::parse("https://ehr.example:443/fhir/"), Base::parse("https://EHR.example/fhir"));
    /// assert!(Base::parse("/fhir").is_some() && Base::parse("ftp://ehr.example").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Base> {
        let text = text.trim();
        let address = Address::parse(text).filter(|a| a.query.is_empty() && !text.contains([' ', '?', '#']))?;
        (address.host.is_some() || !address.segments.is_empty()).then(|| address.base(address.segments.len()))
    }

    /// Where the path below this base address starts in an address; `None` for an address elsewhere.
    pub(super) fn start_in(&self, address: &Address<'_>) -> Option<usize> {
        let host = self.host.is_none() || address.host.is_none() || self.host == address.host;
        let path = address.segments.len() >= self.segments.len()
            && self.segments.iter().zip(&address.segments).all(|(own, other)| own == other);
        (host && path).then_some(self.segments.len())
    }

    /// True for the same base address; a host that is not known may be any.
    pub(super) fn is(&self, other: &Base) -> bool {
        let host = self.host.is_none() || other.host.is_none() || self.host == other.host;
        host && self.segments == other.segments
    }
}
