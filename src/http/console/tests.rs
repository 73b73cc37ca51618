use actix_web::test::TestRequest;

use super::*;

fn reads(accept: &[&str]) -> bool {
    let request = accept.iter().fold(TestRequest::default(), |r, text| r.append_header(("accept", *text)));
    reads_pages(request.to_http_request().headers())
}

#[test]
fn pages_are_for_those_who_read_them() {
    assert!(reads(&["*/*"]) && !reads(&[]));
    assert!(reads(&["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"]));
    assert!(reads(&["Text/HTML"]) && reads(&["application/json", "text/html;q=0.1"]));
    for accept in ["application/fhir+json", "application/fhir+xml, */*", "application/json", "text/xml", "image/png"] {
        assert!(!reads(&[accept]), "{accept}");
    }
}
