//! The proxies in front of the service: only they are believed about who the client is.

use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses and networks of proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads addresses and networks (`10.0.0.0/8`).
    ///
    /// # Errors
    /// A sentence that names what is neither.
    pub fn parse(texts: &[String]) -> Result<Proxies, String> {
        let one = |text: &String| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            net.map_err(|_| format!("`{text}` in trustedProxies is neither an address nor a network as 10.0.0.0/8"))
        };
        texts.iter().map(one).collect::<Result<_, _>>().map(Proxies)
    }

    /// Whether an address is that of a proxy.
    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The client that proxies name in `X-Forwarded-For`: of the addresses from the last on the first that is no
    /// proxy's; what stands before it may be invented. `peer` where there is none.
    pub fn client(&self, peer: IpAddr, forwarded_for: &str) -> IpAddr {
        let mut client = peer;
        for text in forwarded_for.rsplit(',') {
            let text = text.trim();
            let address = text.parse::<IpAddr>().or_else(|_| text.parse::<std::net::SocketAddr>().map(|a| a.ip()));
            let Ok(address) = address else { break };
            client = address;
            if !self.has(address) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_that_is_no_proxy_is_the_client() {
        let proxies = Proxies::parse(&["10.0.0.0/8".to_owned(), "::1".to_owned()]).unwrap();
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        let client = |text: &str| proxies.client(peer, text).to_string();
        assert!(proxies.has(peer) && proxies.has("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!proxies.has("11.0.0.1".parse().unwrap()));
        assert_eq!(client("6.6.6.6, 192.0.2.7, 10.0.0.9"), "192.0.2.7");
        assert_eq!(client("192.0.2.7:4711"), "192.0.2.7");
        assert_eq!((client(""), client("nonsense, 10.0.0.9")), ("10.0.0.1".to_owned(), "10.0.0.9".to_owned()));
        assert!(Proxies::parse(&["proxy".to_owned()]).unwrap_err().contains("`proxy`"));
    }
}
