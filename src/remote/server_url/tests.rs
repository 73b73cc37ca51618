//! What is read as the address of a server, and what is shown of it.

use super::*;

#[test]
fn base_and_metadata_give_the_same_places() {
    for text in ["https://h/r4", "https://h/r4/", "https://h/r4/metadata", "HTTPS://H/r4#x"] {
        let url = ServerUrl::parse(text).unwrap();
        assert_eq!(url.to_string(), "https://h/r4/metadata", "{text}");
        assert_eq!(url.smart_configuration().as_str(), "https://h/r4/.well-known/smart-configuration");
    }
    let keyed = ServerUrl::parse("http://h:8080/metadata?_format=json&key=s3cret").unwrap();
    assert_eq!(keyed.statement().as_str(), "http://h:8080/metadata?_format=json&key=s3cret");
    assert_eq!(keyed.to_string(), "http://h:8080/metadata");
}

#[test]
fn what_is_no_address_of_a_server_is_refused_and_shows_no_password() {
    for text in [
        "https://user:s3cret@h/r4",
        "https:user:s3cret@h",
        "http://user:s3c?ret@h/",
        "ftp://h/r4?s3cret",
        "https://?s3cret",
        "http://h:port/#s3cret",
    ] {
        assert!(ServerUrl::is_meant(text), "{text}");
        let message = ServerUrl::parse(text).unwrap_err();
        assert!(!message.contains("s3c"), "{message}");
    }
    for text in ["server.json", "ig:hl7.fhir.us.core#6.1.0", "http", "C:\\server.json", "./https/x"] {
        assert!(!ServerUrl::is_meant(text), "{text}");
    }
}
