//! Where the command line connects to nothing.

use super::{HERE, fhir_server, negotiate};
use crate::support::accord;

#[test]
fn nothing_goes_online_by_itself() {
    let server = fhir_server(&[]);
    let url = format!("{}/fhir", server.base);
    for run in [negotiate(&url, &[]), accord(&["negotiate", "--client", &url, "--server", "examples/server.json"])] {
        let run = run.ended(3);
        assert!(run.err.contains(&url) && run.err.contains("--fetch"), "{}", run.err);
    }
    negotiate("examples/server.json", &["--allow-private-addresses"]).ended(3);
    assert_eq!(server.paths(), [""; 0]);
}

#[test]
fn addresses_of_this_machine_are_refused_unless_they_are_allowed() {
    let server = fhir_server(&[]);
    let named = server.base.replace("127.0.0.1", "localhost");
    let mapped = server.base.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    for base in [&server.base, &named, &mapped] {
        let run = negotiate(&format!("{base}/fhir"), &["--fetch"]).ended(3);
        assert!(run.err.contains("is not a public address"), "{}", run.err);
        assert!(run.err.contains("--allow-private-addresses"), "{}", run.err);
    }
    assert_eq!(server.paths(), [""; 0]);
    negotiate(&format!("{named}/fhir"), &HERE).ended(0);
}

#[test]
fn credentials_are_neither_sent_nor_shown() {
    let server = fhir_server(&[]);
    let url = server.base.replace("http://", "http://ada:s3cret@");
    for more in [&[][..], &["--fetch"], &HERE] {
        let run = negotiate(&url, more).ended(3);
        assert!(run.err.contains("user:password@"), "{}", run.err);
        assert!(!run.err.contains("s3cret") && run.out.is_empty(), "{run:?}");
    }
    let keyed = negotiate(&format!("{}/none/metadata?key=s3cret", server.base), &HERE).ended(3);
    assert!(!keyed.err.contains("s3cret"), "{}", keyed.err);
    assert_eq!(server.paths(), ["/none/metadata?key=s3cret"]);
    assert!(negotiate("ftp://fhir.test/r4", &HERE).ended(3).err.contains("only http and https"));
}
