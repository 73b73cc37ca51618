//! Who sends a request: what is done for one client must not keep others waiting.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::config::Proxies;

/// The bits of an IPv6 address that one client has to itself: it may choose the others as it likes.
const OWN_BITS: u32 = 64;

/// A client, by its address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Client(IpAddr);

impl Client {
    /// The client with this address.
    pub fn of(address: IpAddr) -> Client {
        Client(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << OWN_BITS))),
            v4 => v4,
        })
    }

    /// The client of a request: its peer, or, where that is a proxy of the settings, whom the proxies name.
    pub fn asking(req: &HttpRequest) -> Client {
        let peer = req.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |a| a.ip());
        let proxies = req.app_data::<Data<Proxies>>();
        match proxies.filter(|p| p.has(peer)) {
            Some(proxies) => {
                let named = req.headers().get_all("x-forwarded-for").filter_map(|v| v.to_str().ok());
                Client::of(proxies.client(peer, &named.collect::<Vec<&str>>().join(",")))
            }
            None => Client::of(peer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_told_apart_by_what_is_theirs() {
        let of = |text: &str| Client::of(text.parse().unwrap());
        assert_ne!(of("127.0.0.1"), of("127.0.0.2"));
        assert_eq!(of("127.0.0.1"), of("::ffff:127.0.0.1"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
