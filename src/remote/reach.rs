//! Which servers may be asked for the documents of a party: by name, by port, and by address.

use std::sync::Arc;

use reqwest::Url;

use super::guard::{self, Guard};
use super::server_url::ServerUrl;

/// Which servers may be asked.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Empty: any, at the usual ports.
    hosts: Arc<[Host]>,
    private: bool,
}

/// A host that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    /// In lower case, without brackets.
    name: String,
    /// Whether all names below `name` are meant, in place of it.
    is_suffix: bool,
    port: Port,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    /// 80 of http, 443 of https.
    Usual,
    Any,
    One(u16),
}

/// Why a server is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

impl Reach {
    /// The servers of a list (`HOST`, `HOST:PORT`, `HOST:*`, `*.DOMAIN`), without any all of them; those with addresses
    /// that are not public where they are `private`.
    ///
    /// # Errors
    /// A message that names the first host that does not read.
    pub fn new(hosts: &[String], private: bool) -> Result<Reach, String> {
        let hosts: Result<Vec<Host>, String> = hosts.iter().map(|text| Host::parse(text)).collect();
        Ok(Reach { hosts: hosts?.into(), private })
    }

    /// The guard of the addresses that are connected to.
    pub(super) fn guard(&self) -> Guard {
        if self.private { guard::any } else { guard::public_only }
    }

    /// Why a server is not asked, judged by its URL.
    pub fn refused_server(&self, server: &ServerUrl) -> Option<Unreachable> {
        self.refused(server.statement())
    }

    /// Why a URL is not asked for, judged by its text; the addresses of a name are judged when it is looked up.
    pub fn refused(&self, url: &Url) -> Option<Unreachable> {
        let not = |why: &str| Some(Unreachable(why.to_owned()));
        if !matches!(url.scheme(), "http" | "https") {
            return not("only http and https are spoken");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return not("its URL contains credentials");
        }
        let Some(host) = url.host_str() else { return not("its URL names no host") };
        let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        let is_listed = |rule: &Host| rule.is(&host) && rule.port.is(url);
        if self.hosts.is_empty() && !Port::Usual.is(url) {
            return not("its port is not the usual one of its scheme; list the host with its port in partyHosts");
        }
        if !self.hosts.is_empty() && !self.hosts.iter().any(is_listed) {
            return not("its host, or its port, is not in partyHosts");
        }
        let address = host.parse().ok()?;
        let kind = self.guard()(address)?;
        Some(Unreachable(format!("its address is not a public one ({kind}); partyPrivateAddresses permits it")))
    }
}

impl Host {
    fn parse(text: &str) -> Result<Host, String> {
        let fault = || format!("`{text}` is not a host; write it as fhir.example.org, *.example.org or [::1]:8080");
        let (rest, is_suffix) = text.strip_prefix("*.").map_or((text, false), |rest| (rest, true));
        let (name, port) = match rest.strip_prefix('[') {
            Some(rest) => {
                let (name, port) = rest.split_once(']').ok_or_else(fault)?;
                (name, if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or_else(fault)?) })
            }
            None => rest.split_once(':').map_or((rest, None), |(name, port)| (name, Some(port))),
        };
        let port = match port {
            None => Port::Usual,
            Some("*") => Port::Any,
            Some(number) => Port::One(number.parse().map_err(|_| fault())?),
        };
        if name.is_empty() {
            return Err(fault());
        }
        Ok(Host { name: name.trim_end_matches('.').to_ascii_lowercase(), is_suffix, port })
    }

    fn is(&self, host: &str) -> bool {
        match host.strip_suffix(self.name.as_str()) {
            Some("") => !self.is_suffix,
            Some(rest) => self.is_suffix && rest.ends_with('.'),
            None => false,
        }
    }
}

impl Port {
    fn is(self, url: &Url) -> bool {
        match self {
            Port::Any => true,
            Port::Usual => url.port().is_none(),
            Port::One(port) => url.port_or_known_default() == Some(port),
        }
    }
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
