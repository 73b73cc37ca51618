use super::*;

const BARE: &str = "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\
        connection: close\r\ndate: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n";

#[test]
fn what_the_library_wrote_is_told_from_what_the_service_did() {
    let found = Bare::at_end(BARE.as_bytes()).unwrap();
    assert_eq!((found.start, found.status), (0, 431));
    let after = format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-request-id: a\r\n\r\n{{}}{BARE}");
    assert_eq!(Bare::at_end(after.as_bytes()).unwrap().start, after.len() - BARE.len());
    for other in [
        BARE.replace("431", "204"),
        BARE.replace("length: 0", "length: 10"),
        BARE.replace("content-length: 0\r\n", ""),
        BARE.replace("connection: close", "x-request-id: a"),
        BARE.replace("HTTP/1.1", &"x".repeat(300)),
        format!("{BARE}{{}}"),
        "\r\n\r\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(Bare::at_end(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn what_is_told_in_its_place() {
    let bare = Bare::at_end(BARE.as_bytes()).unwrap();
    let told = |is_head| String::from_utf8(bare.told(&bare.fault(), "id-1", is_head)).unwrap();
    let (head, body) = told(false).split_once("\r\n\r\n").map(|(h, b)| (h.to_owned(), b.to_owned())).unwrap();
    assert!(head.starts_with("HTTP/1.1 431 ") && head.ends_with("date: Mon, 30 Nov 2026 12:00:00 GMT"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    assert!(head.contains("x-request-id: id-1\r\n") && head.contains("connection: close\r\n"), "{head}");
    assert!(body.starts_with(r#"{"resourceType":"OperationOutcome""#), "{body}");
    assert_eq!(told(true), format!("{head}\r\n\r\n"));
}
