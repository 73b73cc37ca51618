//! Where an instance came from, for forms that name files and places in them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in a URI's path as it is: the unreserved characters, and the slash (RFC 3986, sections 2.3 and 3.3).
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Where an instance came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// As it is told: the file, with the line or the part of it that the instance is, where it is not the whole.
    pub source: &'a str,
    /// The path of the file; `None`: standard input.
    pub file: Option<&'a str>,
    /// The line of the file (from 1) on which the instance begins; `None`: its text does not stand there as it is.
    pub first_line: Option<u32>,
}

impl<'a> Origin<'a> {
    /// A file that is one instance; `-` is standard input.
    pub fn whole(source: &'a str) -> Origin<'a> {
        Origin { source, file: Some(source).filter(|s| *s != "-"), first_line: Some(1) }
    }

    /// The line of the file that is this line (from 1) of the instance; `None` where its text does not stand there.
    pub fn line(&self, line: u32) -> Option<u32> {
        self.first_line.map(|first| first.saturating_add(line).saturating_sub(1))
    }

    /// The path of the file without `./` at its start; `None`: standard input.
    pub fn path(&self) -> Option<&'a str> {
        self.file.map(bare)
    }

    /// The file as a URI reference: relative for a relative path, else of the scheme `file`; `None`: standard input.
    pub fn uri(&self) -> Option<String> {
        self.file.map(uri)
    }
}

/// A path without the folder it is in said at its start.
fn bare(path: &str) -> &str {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest
}

fn uri(path: &str) -> String {
    let slashed = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let rest = bare(&slashed);
    let encoded = utf8_percent_encode(rest, KEPT);
    match rest {
        _ if rest.starts_with('/') => format!("file://{encoded}"),
        // A drive: `C:/x`.
        _ if cfg!(windows) && rest.get(1..3) == Some(":/") => format!("file:///{encoded}"),
        _ => encoded.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        for (path, expected) in [
            ("a/b c.json", "a/b%20c.json"),
            ("./a/ü#1?.json", "a/%C3%BC%231%3F.json"),
            ("a:b.json", "a%3Ab.json"),
            ("/tmp/100%.json", "file:///tmp/100%25.json"),
            (".//x", "x"),
            ("../x", "../x"),
        ] {
            assert_eq!(Origin::whole(path).uri().as_deref(), Some(expected), "{path}");
        }
        assert_eq!(Origin::whole("-").uri(), None);
    }

    #[test]
    fn lines_count_from_where_the_instance_begins() {
        let of_line = Origin { first_line: Some(7), ..Origin::whole("x.ndjson") };
        assert_eq!((of_line.line(1), Origin::whole("x").line(3)), (Some(7), Some(3)));
        assert_eq!(Origin { first_line: None, ..Origin::whole("x") }.line(3), None);
    }
}
