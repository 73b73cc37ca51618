use super::*;

#[test]
fn names_that_nobody_knows_are_refused() {
    let more = [name("X-FHIR-Tenant-Id").unwrap()];
    let refused = |name: &str| one(name, &more).err().map(|r| r.rule);
    for name in ["accept", "x-request-id", "x-b3-traceid", "x-forwarded-for", "x-fhir-tenant-id", "traceparent"] {
        assert_eq!(refused(name), None, "{name}");
    }
    for name in ["x-original-url", "x-rewrite-url", "x-cascade", "x-fhir-dsid", "x-provenance", "x-"] {
        assert_eq!(refused(name), Some("header-unknown"), "{name}");
    }
    assert_eq!(refused("x_http_method_override"), Some("method-override"));
    assert_eq!(refused("content_type"), Some("header-name"));
    for never in ["X-HTTP-Method-Override", "x_http_method", "x_tenant", "a b", "x-é", ""] {
        assert!(name(never).is_err(), "{never}");
    }
}

#[test]
fn what_stands_is_read_with_the_headers_of_the_write() {
    let mut headers = HeaderMap::new();
    for name in ["x-tenant", "authorization", "cookie", "content-type", "if-match", "if-none-exist", "prefer"] {
        headers.append(HeaderName::from_static(name), http::HeaderValue::from_static("1"));
    }
    headers.append("x-tenant", http::HeaderValue::from_static("2"));
    let read = for_reading(&headers);
    assert_eq!((read.len(), read.get_all("x-tenant").iter().count()), (4, 2));
    assert!(read.contains_key("authorization") && read.contains_key("cookie"));
}
