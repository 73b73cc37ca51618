//! What a user asks for: `ID#VERSION`, `ID`, or a path.

use std::fmt;
use std::path::PathBuf;

use super::error::PackageError;
use super::range::Range;
use super::reading::is_name;

/// A package that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// `ID#RANGE`, or `ID` for the newest.
    Package {
        /// The package id.
        id: String,
        /// The versions that are meant.
        range: Range,
    },
    /// An archive, a folder of a package, a definition's file, or a folder of such.
    Path(PathBuf),
}

impl Spec {
    /// Reads `ID#VERSION`, `ID@VERSION`, `ID`, or a path: what holds a separator, starts with a dot, or ends in `.tgz`,
    /// `.tar.gz`, `.json` or `.xml`.
    ///
    /// # Errors
    /// [`PackageError::Spec`]: neither.
    pub fn parse(text: &str) -> Result<Spec, PackageError> {
        let lower = text.to_ascii_lowercase();
        if text.contains(['/', '\\'])
            || text.starts_with('.')
            || [".tgz", ".tar.gz", ".json", ".xml"].iter().any(|end| lower.ends_with(end))
        {
            return Ok(Spec::Path(PathBuf::from(text)));
        }
        let (id, version) = text.split_once(['#', '@']).unwrap_or((text, ""));
        let version_like = version.bytes().all(|b| b.is_ascii_alphanumeric() || b"$.-_+*^~<>= ".contains(&b));
        match is_name(id) && version_like {
            true => Ok(Spec::Package { id: id.to_owned(), range: Range::parse(version) }),
            false => Err(PackageError::Spec { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spec::Package { id, range } => write!(f, "{id}#{range}"),
            Spec::Path(path) => write!(f, "{}", path.display()),
        }
    }
}

impl std::str::FromStr for Spec {
    type Err = PackageError;

    fn from_str(text: &str) -> Result<Spec, PackageError> {
        Spec::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_paths() {
        let package = |id: &str, range: Range| Spec::Package { id: id.to_owned(), range };
        assert_eq!(
            Spec::parse("hl7.fhir.us.core#6.1.0").unwrap(),
            package("hl7.fhir.us.core", Range::Exact("6.1.0".to_owned()))
        );
        assert_eq!(
            Spec::parse("hl7.fhir.us.core@6.1.x").unwrap(),
            package("hl7.fhir.us.core", Range::Prefix(vec![6, 1]))
        );
        assert_eq!(Spec::parse("hl7.fhir.us.core").unwrap(), package("hl7.fhir.us.core", Range::Newest));
        for path in ["./guide", "a/b#1", "guide.tgz", "hl7.fhir.us.core-6.1.0.TGZ", "p.json", "p.xml", ".."] {
            assert_eq!(Spec::parse(path).unwrap(), Spec::Path(PathBuf::from(path)));
        }
        for bad in ["", "#1", "a b", "a#b\u{e9}"] {
            assert!(Spec::parse(bad).is_err(), "{bad}");
        }
    }
}
