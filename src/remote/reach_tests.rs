//! Servers that are asked, and those that are not, however they are written.

use super::*;

fn refused(reach: &Reach, url: &str) -> bool {
    reach.refused(&Url::parse(url).unwrap()).is_some()
}

#[test]
fn without_a_list_public_hosts_are_asked_at_usual_ports() {
    let reach = Reach::default();
    for url in ["https://fhir.example.org/r4", "http://fhir.example.org", "https://8.8.8.8/", "http://x.org:80/"] {
        assert!(!refused(&reach, url), "{url}");
    }
    for url in [
        "https://fhir.example.org:8443/",
        "http://fhir.example.org:443/",
        "http://fhir.example.org:22/",
        "ftp://fhir.example.org/",
        "file:///etc/passwd",
        "https://user:password@fhir.example.org/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0/",
        "http://10.0.0.1/",
        "http://100.64.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[ff02::1]/",
    ] {
        assert!(refused(&reach, url), "{url}");
    }
}

#[test]
fn a_list_names_hosts_and_ports() {
    let list = ["fhir.example.org", "*.example.com", "a.test:8443", "b.test:*", "[::1]:8080", "127.0.0.1:9"];
    let list = list.map(str::to_owned);
    let reach = Reach::new(&list, true).unwrap();
    for url in [
        "https://fhir.example.org/",
        "https://FHIR.example.org./",
        "http://x.y.example.com/",
        "https://a.test:8443/",
        "http://b.test:1/",
        "http://[::1]:8080/",
        "http://127.0.0.1:9/",
    ] {
        assert!(!refused(&reach, url), "{url}");
    }
    for url in [
        "https://fhir.example.org:8443/",
        "https://x.fhir.example.org/",
        "https://example.com/",
        "https://badexample.com/",
        "https://example.com.evil.test/",
        "https://a.test/",
        "http://[::1]:8081/",
        "http://127.0.0.1:90/",
        "http://localhost:9/",
        "https://other.test/",
    ] {
        assert!(refused(&reach, url), "{url}");
    }
    // A host of the list at a private address is refused all the same, where these are not allowed.
    let reach = Reach::new(&list, false).unwrap();
    assert!(refused(&reach, "http://127.0.0.1:9/") && refused(&reach, "http://[::1]:8080/"));
}

#[test]
fn what_is_no_host() {
    for text in ["", "*.", ":80", "a:b", "a:70000", "[::1", "[::1]8080"] {
        assert!(Reach::new(&[text.to_owned()], false).is_err(), "{text}");
    }
}
