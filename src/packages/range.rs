//! Version ranges: which version of a package is asked for (<https://hl7.org/fhir/R5/packages.html>, npm's ranges
//! beside).

use std::cmp::Ordering;
use std::fmt;

use fhir_accord_profiles::definition::compare_versions;

/// A version range as a package, a lock or a user writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// This version and no other.
    Exact(String),
    /// `6.1.x`, `6.x`: numeric parts that a release starts with.
    Prefix(Vec<u64>),
    /// `latest`, `*`, or nothing: the newest release, a pre-release where there is no release.
    Newest,
    /// `current`: the build of that name where it is here, else the newest of all, pre-releases too.
    Current,
    /// `dev`: the build of that name where it is here, else as `current`.
    Dev,
    /// npm's `^1.2.0`, `~1.2`, `>=1 <3`.
    Requirement(semver::VersionReq, String),
}

impl Range {
    /// Reads a range; what is no other form is an exact version.
    pub fn parse(text: &str) -> Range {
        let text = text.trim();
        match text {
            "" | "latest" | "*" | "x" | "X" => return Range::Newest,
            "current" => return Range::Current,
            "dev" => return Range::Dev,
            _ => {}
        }
        let parts: Vec<&str> = text.split('.').collect();
        let wild = |part: &&str| matches!(*part, "x" | "X" | "*");
        let numbers: Vec<Option<u64>> = parts.iter().take_while(|p| !wild(p)).map(|p| p.parse().ok()).collect();
        if let Some(numbers) = numbers.iter().copied().collect::<Option<Vec<u64>>>() {
            let rest_is_wild = parts.iter().skip(numbers.len()).all(wild);
            if rest_is_wild && !numbers.is_empty() && (numbers.len() < parts.len() || numbers.len() < 3) {
                return Range::Prefix(numbers);
            }
        }
        requirement(text).map_or_else(|| Range::Exact(text.to_owned()), |r| Range::Requirement(r, text.to_owned()))
    }

    /// The version that the range means, of those that there are; the highest where several match.
    pub fn pick<'v>(&self, versions: impl Iterator<Item = &'v str>) -> Option<&'v str> {
        let mut best: Option<(u8, &str)> = None;
        for version in versions {
            let Some(rank) = self.rank(version) else { continue };
            let better =
                best.is_none_or(|(r, v)| rank.cmp(&r).then_with(|| compare_versions(version, v)) == Ordering::Greater);
            if better {
                best = Some((rank, version));
            }
        }
        best.map(|(_, version)| version)
    }

    /// Whether the version is one that the range may mean.
    pub fn matches(&self, version: &str) -> bool {
        self.rank(version).is_some()
    }

    /// How well the version matches; `None`: not at all.
    fn rank(&self, version: &str) -> Option<u8> {
        let build = matches!(version, "current" | "dev") || version.starts_with("current$");
        let pre_release = version.contains('-');
        match self {
            Range::Exact(exact) => (exact == version).then_some(0),
            Range::Prefix(numbers) => {
                // A short version that is one itself, as `4.0`, means itself first.
                let mut parts = version.split('.');
                let fits = !build
                    && !pre_release
                    && numbers.iter().all(|n| parts.next().and_then(|p| p.parse().ok()) == Some(*n));
                fits.then_some(u8::from(parts.next().is_none()))
            }
            Range::Newest if build => None,
            Range::Newest => Some(u8::from(!pre_release)),
            Range::Current => Some(u8::from(version == "current")),
            Range::Dev => Some(match version {
                "dev" => 2,
                "current" => 1,
                _ => 0,
            }),
            Range::Requirement(requirement, _) => {
                semver::Version::parse(version).ok().filter(|v| requirement.matches(v)).map(|_| 0)
            }
        }
    }
}

/// npm's comparators, which are parted by white space where Cargo's are by commas.
fn requirement(text: &str) -> Option<semver::VersionReq> {
    if !text.starts_with(['^', '~', '>', '<', '=']) {
        return None;
    }
    let mut parted = String::with_capacity(text.len());
    for word in text.split([' ', ',']).filter(|w| !w.is_empty()) {
        if parted.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            parted.push(',');
        }
        parted.push_str(word);
    }
    semver::VersionReq::parse(&parted).ok()
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Exact(text) | Range::Requirement(_, text) => f.write_str(text),
            Range::Prefix(numbers) => {
                numbers.iter().try_for_each(|n| write!(f, "{n}."))?;
                f.write_str("x")
            }
            Range::Newest => f.write_str("latest"),
            Range::Current => f.write_str("current"),
            Range::Dev => f.write_str("dev"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [&str; 8] =
        ["3.1.1", "6.1.0", "6.1.2", "6.10.0", "7.0.0", "8.0.0-ballot", "5.1.0-cibuild", "6.1.3-snapshot1"];

    #[test]
    fn picks() {
        for (range, picked) in [
            ("6.1.0", Some("6.1.0")),
            ("6.1.x", Some("6.1.2")),
            ("6.x", Some("6.10.0")),
            ("6.x.x", Some("6.10.0")),
            ("6", Some("6.10.0")),
            ("6.1", Some("6.1.2")),
            ("latest", Some("7.0.0")),
            ("", Some("7.0.0")),
            ("*", Some("7.0.0")),
            ("current", Some("8.0.0-ballot")),
            ("dev", Some("8.0.0-ballot")),
            ("5.1.0-cibuild", Some("5.1.0-cibuild")),
            ("^6.1.0", Some("6.10.0")),
            ("~6.1.0", Some("6.1.2")),
            (">=3.0.0 <7.0.0", Some("6.10.0")),
            (">= 3.0.0, < 6.0.0", Some("3.1.1")),
            ("9.x", None),
            ("9.0.0", None),
            ("x.1", None),
        ] {
            assert_eq!(Range::parse(range).pick(VERSIONS.into_iter()), picked, "{range}");
        }
    }

    #[test]
    fn builds_by_name() {
        let versions = ["current", "2.0.0", "dev"];
        for (range, picked) in [("current", "current"), ("dev", "dev"), ("latest", "2.0.0")] {
            assert_eq!(Range::parse(range).pick(versions.into_iter()), Some(picked));
        }
        assert_eq!(Range::parse("latest").pick(["1.0.0-a", "1.0.0-b"].into_iter()), Some("1.0.0-b"));
        assert_eq!(Range::parse("4.0").pick(["4.0", "4.0.9"].into_iter()), Some("4.0"));
    }
}
