//! Public and special addresses, however they are written.

use super::*;

#[test]
fn special_addresses_are_told_from_public_ones() {
    for (address, kind) in [
        ("8.8.8.8", None),
        ("172.32.0.1", None),
        ("100.128.0.1", None),
        ("2606:4700::1111", None),
        ("64:ff9b::808:808", None),
        ("127.0.0.1", Some("loopback")),
        ("127.255.0.3", Some("loopback")),
        ("::1", Some("loopback")),
        ("10.1.2.3", Some("private")),
        ("172.31.255.255", Some("private")),
        ("192.168.0.1", Some("private")),
        ("64:ff9b::a00:1", Some("private")),
        ("169.254.169.254", Some("link-local")),
        ("fe80::1", Some("link-local")),
        ("fd00::1", Some("unique-local")),
        ("224.0.0.1", Some("multicast")),
        ("ff02::1", Some("multicast")),
        ("::ffff:8.8.8.8", Some("IPv4-mapped")),
        ("::ffff:127.0.0.1", Some("IPv4-mapped")),
        ("100.64.0.1", Some("carrier's shared")),
        ("0.0.0.0", Some("reserved")),
        ("255.255.255.255", Some("reserved")),
        ("::", Some("reserved")),
        ("::7f00:1", Some("reserved")),
        ("2001::1", Some("reserved")),
        ("2001:db8::1", Some("reserved")),
        ("2002:7f00:1::", Some("reserved")),
    ] {
        assert_eq!(public_only(address.parse().unwrap()), kind, "{address}");
    }
}

#[test]
fn a_url_is_judged_however_its_address_is_written() {
    let why = |url: &str| refused(Some(public_only), &Url::parse(url).unwrap());
    for url in ["http://127.1/", "http://0x7f000001/", "http://2130706433/", "https://[::ffff:7f00:1]:8443/x"] {
        assert!(why(url).unwrap().contains("not a public address"), "{url}");
    }
    assert!(why("ftp://fhir.example.org/").is_some());
    assert_eq!(why("https://fhir.example.org/r4"), None);
    assert_eq!(refused(None, &Url::parse("http://127.0.0.1/").unwrap()), None);
}
