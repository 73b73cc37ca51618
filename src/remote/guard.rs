//! Which addresses may be connected to: only public ones, where a server names the next URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Tells of an address what kind it is of, where it may not be connected to; `None` where it may.
pub type Guard = fn(IpAddr) -> Option<&'static str>;

/// The guard that lets only addresses of the public internet pass, by the registries of special-purpose addresses
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>).
pub fn public_only(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

/// The guard that lets every address pass.
pub fn any(_: IpAddr) -> Option<&'static str> {
    None
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [127, ..] => Some("loopback"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private"),
        [169, 254, ..] => Some("link-local"),
        [100, 64..=127, ..] => Some("carrier's shared"),
        [224..=239, ..] => Some("multicast"),
        [0 | 240..=255, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => Some("reserved"),
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Some("reserved"),
        _ => None,
    }
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        [0, 0, 0, 0, 0, 0xffff, ..] => Some("IPv4-mapped"),
        // NAT64 (RFC 6052): the IPv4 address that is meant is at its end.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            special_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        [0xfc00..=0xfdff, ..] => Some("unique-local"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        // Teredo and other protocols, documentation, 6to4.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Some("reserved"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

/// What to say of an address that is not connected to.
pub(super) fn refusal(address: IpAddr, kind: &str) -> String {
    format!("{address} is not a public address ({kind}); --allow-private-addresses permits it")
}

/// Why a URL is not asked for, judged by its text; the addresses of a name are judged when it is looked up.
pub(super) fn refused(guard: Option<Guard>, url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some("only http and https are spoken".to_owned());
    }
    let address = url.host_str()?.trim_matches(['[', ']']).parse().ok()?;
    Some(refusal(address, guard?(address)?))
}

#[cfg(test)]
mod tests;
