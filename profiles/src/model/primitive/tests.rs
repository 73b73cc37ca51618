#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::PrimitiveFault as Fault;
use super::uri::uri_scheme;
use super::*;
use crate::definition::FhirVersion;

fn faults(primitive: Primitive, cases: &[(&str, Option<Fault>)]) {
    for (text, wanted) in cases {
        assert_eq!(primitive.check(text).err(), *wanted, "{} `{text}`", primitive.name());
    }
}

#[test]
fn names_and_numbers_agree() {
    for (i, (name, primitive)) in NAMES.iter().enumerate() {
        assert_eq!(*primitive as usize, i + 1);
        assert_eq!(Primitive::from_name(name), Some(*primitive));
        assert_eq!(Primitive::from_number(*primitive as u8), Some(*primitive));
        assert_eq!(primitive.name(), *name);
    }
    assert_eq!(Primitive::from_number(0), None);
    assert_eq!(Primitive::from_number(22), None);
    assert_eq!(Primitive::from_name("http://hl7.org/fhirpath/System.DateTime"), Some(Primitive::DateTime));
    assert_eq!(Primitive::from_name("Quantity"), None);
    assert_eq!(Fault::ALL.iter().map(|f| *f as usize).collect::<Vec<_>>(), (1..=17).collect::<Vec<_>>());
}

#[test]
fn nothing_is_empty_of_every_type() {
    for (_, primitive) in NAMES {
        assert_eq!(primitive.check(""), Err(Fault::Empty));
    }
}

#[test]
fn numbers() {
    let (format, range, precision) = (Some(Fault::Format), Some(Fault::Range), Some(Fault::Precision));
    faults(Primitive::Boolean, &[("true", None), ("false", None), ("TRUE", format), ("1", format), (" true", format)]);
    faults(Primitive::Integer, &[("0", None), ("-0", None), ("-1", None), ("2147483647", None), ("-2147483648", None)]);
    faults(Primitive::Integer, &[("2147483648", range), ("-2147483649", range), ("99999999999999999999999", range)]);
    faults(
        Primitive::Integer,
        &[("1.0", format), ("1e3", format), ("01", format), ("+1", format), ("-", format), ("seventeen", format)],
    );
    faults(
        Primitive::Integer64,
        &[("9223372036854775807", None), ("-9223372036854775808", None), ("9223372036854775808", range)],
    );
    faults(Primitive::PositiveInt, &[("1", None), ("0", range), ("-1", range), ("2147483648", range), ("01", format)]);
    faults(Primitive::UnsignedInt, &[("0", None), ("-0", format), ("-1", range), ("2147483648", range)]);
    faults(
        Primitive::Decimal,
        &[("0", None), ("-0.0", None), ("1.10", None), ("1E+3", None), ("1e-400", None), ("123456789012345678", None)],
    );
    faults(
        Primitive::Decimal,
        &[
            ("00.1", format),
            (".1", format),
            ("1.", format),
            ("1e", format),
            ("1e+", format),
            ("1,0", format),
            ("NaN", format),
        ],
    );
    faults(
        Primitive::Decimal,
        &[("1234567890123456789", precision), ("0.123456789012345678", precision), ("1e10000000000", precision)],
    );
    assert_eq!(Primitive::Decimal.check_in("1e3", FhirVersion::Stu3), Err(Fault::Format));
    assert_eq!(Primitive::Decimal.check_in("1e3", FhirVersion::R4), Ok(()));
    assert!(!Fault::Precision.is_error(FhirVersion::R4) && Fault::Precision.is_error(FhirVersion::R5));
}

#[test]
fn texts() {
    let (space, only, edge, control) = (
        Some(Fault::Whitespace),
        Some(Fault::OnlyWhitespace),
        Some(Fault::EdgeWhitespace),
        Some(Fault::ControlCharacter),
    );
    faults(
        Primitive::String,
        &[("a b", None), ("é", None), ("a\nb", None), ("\u{200b}", None), ("\u{7f}", None), ("😀", None)],
    );
    faults(Primitive::String, &[(" a", edge), ("a ", edge), ("\u{a0}x", edge), ("a\u{85}", edge), ("a\n", edge)]);
    faults(
        Primitive::String,
        &[(" ", only), ("\t", only), ("\u{3000}", only), ("a\u{1}b", control), ("a\0b", control)],
    );
    faults(Primitive::Markdown, &[(" a", None), ("a\n\n", None), (" \n", only)]);
    faults(Primitive::Code, &[("a", None), ("a b", None), ("é", None), ("a\u{7}", control)]);
    faults(
        Primitive::Code,
        &[
            ("a  b", space),
            (" a", space),
            ("a ", space),
            ("a\tb", space),
            ("a\u{a0}b", space),
            ("\u{3000}b", space),
            (" ", space),
        ],
    );
    faults(
        Primitive::Id,
        &[("a", None), ("A-b.c", None), (&"a".repeat(64), None), (&"a".repeat(65), Some(Fault::TooLong))],
    );
    faults(
        Primitive::Id,
        &[("a_b", Some(Fault::Characters)), ("é", Some(Fault::Characters)), ("a b", Some(Fault::Characters))],
    );
    faults(
        Primitive::String,
        &[
            (&"a".repeat(1 << 20), None),
            (&"é".repeat(1 << 20), None),
            (&"a".repeat((1 << 20) + 1), Some(Fault::TooLong)),
        ],
    );
}

#[test]
fn uris() {
    let space = Some(Fault::Whitespace);
    faults(
        Primitive::Uri,
        &[
            ("http://a", None),
            ("a", None),
            ("#x", None),
            ("http://é/{b}", None),
            ("urn:oid:1.2.3", None),
            ("a\u{a0}b", None),
        ],
    );
    faults(Primitive::Uri, &[("http://a b", space), (" http://a", space), ("http://a\n", space), (" ", space)]);
    faults(
        Primitive::Uri,
        &[
            ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", None),
            ("urn:uuid:C757873D-EC9A-4326-A141-556F43239520", Some(Fault::Uuid)),
        ],
    );
    faults(
        Primitive::Uri,
        &[
            ("urn:oid:1.2.03", Some(Fault::Oid)),
            ("urn:oid:a", Some(Fault::Oid)),
            ("oid:1.2", Some(Fault::Prefix)),
            ("uuid:a", Some(Fault::Prefix)),
        ],
    );
    faults(
        Primitive::Oid,
        &[
            ("urn:oid:2.999.1", None),
            ("1.2.3", Some(Fault::Prefix)),
            ("urn:oid:3.1", Some(Fault::Oid)),
            ("urn:oid:1", Some(Fault::Oid)),
            ("urn:oid:1.2.", Some(Fault::Oid)),
        ],
    );
    faults(
        Primitive::Uuid,
        &[
            ("c757873d-ec9a-4326-a141-556f43239520", Some(Fault::Prefix)),
            ("urn:uuid:c757873dec9a4326a141556f43239520", Some(Fault::Uuid)),
        ],
    );
    assert_eq!((uri_scheme("mailto:x"), uri_scheme("http:")), (Some("mailto"), Some("http")));
    for text in ["http://x", "urn:oid:1.2", "a+b-c.1:x", "A:x", "http:/", "x:|1", "file:é"] {
        assert!(is_absolute_uri(text), "{text}");
    }
    // No scheme begins with a digit, is empty, or holds anything but letters, digits, `+`, `-` and `.`.
    for text in [
        "",
        "x",
        "http",
        "http:",
        ":x",
        "1.2.3:4",
        "a/b:c",
        "Patient/1",
        "é:x",
        "a b:c",
        "a_b:c",
        "#a:b",
        "?a:b",
        "//a:1",
    ] {
        assert!(!is_absolute_uri(text), "{text}");
    }
}

#[test]
fn dates() {
    let (format, calendar, year) = (Some(Fault::Format), Some(Fault::Calendar), Some(Fault::ImplausibleYear));
    faults(
        Primitive::Date,
        &[
            ("2020", None),
            ("2020-01", None),
            ("2020-02-29", None),
            ("2000-02-29", None),
            ("1800", None),
            ("2100", None),
        ],
    );
    faults(
        Primitive::Date,
        &[
            ("2019-02-29", calendar),
            ("1900-02-29", calendar),
            ("2020-04-31", calendar),
            ("1799-12", year),
            ("0001", year),
            ("9999-12-31", year),
        ],
    );
    for text in [
        "202",
        "20201",
        "0000",
        "2020-1-1",
        "2020-00",
        "2020-13",
        "2020-01-00",
        "2020-01-32",
        "2020-01-01Z",
        " 2020",
        "+2020",
        "2020-01-01T00:00:00Z",
        "-0001",
        "2020/01",
        "x",
    ] {
        faults(Primitive::Date, &[(text, format)]);
    }
}

#[test]
fn moments() {
    let (format, zone) = (Some(Fault::Format), Some(Fault::NoTimezone));
    for text in [
        "2020",
        "2020-01",
        "2020-01-01",
        "2020-01-01T10:00:00Z",
        "2020-01-01T23:59:60Z",
        "2020-01-01T10:00:00.1234567890123Z",
        "2020-01-01T10:00:00+14:00",
        "2020-01-01T10:00:00-12:30",
        "2020-01-01T10:00:00-00:00",
    ] {
        faults(Primitive::DateTime, &[(text, None)]);
    }
    faults(
        Primitive::DateTime,
        &[
            ("2020-01-01T10:00:00", zone),
            ("2020-01-01T10:00:00.5", zone),
            ("2019-02-29T10:00:00Z", Some(Fault::Calendar)),
        ],
    );
    faults(
        Primitive::DateTime,
        &[
            ("1799-01-01T10:00:00Z", Some(Fault::ImplausibleYear)),
            ("2150-01-01T10:00:00Z", Some(Fault::ImplausibleYear)),
        ],
    );
    for text in [
        "T",
        "T10",
        "T10:00",
        "T10:00Z",
        "T10:00:00z",
        "T24:00:00Z",
        "T23:60:00Z",
        "T23:59:61Z",
        "T10:00:00.Z",
        "T10:00:00+14:01",
        "T10:00:00+15:00",
        "T10:00:00+1:00",
        "T10:00:00+0100",
        "T10:00:00+13:60",
        "T10:00:00 Z",
        "T10:00:00Z ",
        "T10:00:00,1Z",
        "t10:00:00Z",
        " 10:00:00Z",
        "T10:00:00é",
    ] {
        faults(Primitive::DateTime, &[(&format!("2020-01-01{text}"), format)]);
    }
    faults(
        Primitive::DateTime,
        &[("2020-01T10:00:00Z", format), ("2020T10:00:00Z", format), ("2020-01-0éT10:00:00Z", format)],
    );
    faults(
        Primitive::Instant,
        &[
            ("2020-01-01T10:00:00Z", None),
            ("2020-01-01", format),
            ("2020", format),
            ("2020-01-01T10:00Z", format),
            ("2020-01-01T10:00:00", zone),
        ],
    );
    faults(
        Primitive::Time,
        &[
            ("10:00:00", None),
            ("23:59:59.123", None),
            ("10:00:60", None),
            ("10:00", format),
            ("24:00:00", format),
            ("10:00:00Z", format),
            ("1:00:00", format),
            ("23:59:59.", format),
        ],
    );
    assert_eq!(Primitive::Time.check_in("10:00:00.1234567890", FhirVersion::R5), Err(Fault::Format));
    assert_eq!(Primitive::Time.check_in("10:00:00.1234567890", FhirVersion::R4), Ok(()));
}

#[test]
fn base64() {
    let (format, space) = (Some(Fault::Format), Some(Fault::Base64Whitespace));
    faults(
        Primitive::Base64Binary,
        &[("YQ==", None), ("YR==", None), ("YWJj", None), ("AAA=", None), ("Y Q = =", space), ("YQ==\n", space)],
    );
    for text in ["YQ", "YQ=", "Y", "YQ===", "Y-_=", "=YWJ", "YW=j", "====", "é===", " "] {
        faults(Primitive::Base64Binary, &[(text, format)]);
    }
    for text in ["aGVs bG8=", "aGVsbG8=", "aGVsbG9=", "\naGVs\tbG8= "] {
        assert_eq!((decoded_length(text), decode_base64(text).as_deref()), (5, Some(&b"hello"[..])), "{text}");
    }
    for text in ["", " ", "aGVsbG8", "aGVs-G8="] {
        assert_eq!(decode_base64(text), None, "{text}");
    }
}

#[test]
fn no_text_makes_a_scanner_panic() {
    let pieces = [
        "", "2", "20", "2020", "-", "01", "T", ":", "00", ".", "Z", "+", "e", "=", "é", "\u{3000}", "urn:", "oid:",
        "uuid:", "\0", " ",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                let text = [a, b, c].concat();
                for (_, primitive) in NAMES {
                    let _ = primitive.check(&text);
                    let _ = primitive.check_in(&text, FhirVersion::R5);
                }
            }
        }
    }
}
