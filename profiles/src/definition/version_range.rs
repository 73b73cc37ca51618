//! Ranges of FHIR versions, for which a part of a definition counts
//! (<https://hl7.org/fhir/extensions/StructureDefinition-version-specific-use.html>).

use super::FhirVersion;

/// The first and the last FHIR version of a range, both included, by their major and minor numbers. The default range
/// includes every version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct VersionRange {
    start: u16,
    end: u16,
}

impl VersionRange {
    /// A range from its ends as they are written (`4.0`, `4.3.0`). An end that is absent, or is no version, is open.
    pub fn read(start: Option<&str>, end: Option<&str>) -> VersionRange {
        let number = |text: Option<&str>| text.and_then(number).unwrap_or(0);
        VersionRange { start: number(start), end: number(end) }
    }

    /// The range as one word, as [`VersionRange::from_word`] reads it; 0 for the range of all versions.
    pub fn word(self) -> u32 {
        u32::from(self.start) | u32::from(self.end) << 16
    }

    /// The range of a word.
    pub fn from_word(word: u32) -> VersionRange {
        VersionRange { start: word as u16, end: (word >> 16) as u16 }
    }

    /// Whether a version is within the range.
    pub fn includes(self, version: FhirVersion) -> bool {
        let own = number(version.number()).unwrap_or(0);
        self.start <= own && (self.end == 0 || own <= self.end)
    }
}

/// The major and minor number of a version, a byte each.
fn number(text: &str) -> Option<u16> {
    let mut parts = text.split(['.', '-']);
    let major: u8 = parts.next()?.parse().ok()?;
    let minor: u8 = parts.next()?.parse().ok()?;
    Some(u16::from(major) << 8 | u16::from(minor))
}

impl std::fmt::Display for VersionRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |n: u16| format!("{}.{}", n >> 8, n & 0xff);
        match (self.start, self.end) {
            (0, 0) => f.write_str("any version"),
            (start, 0) => write!(f, "FHIR {} and later", shown(start)),
            (0, end) => write!(f, "FHIR {} and earlier", shown(end)),
            (start, end) => write!(f, "FHIR {} to {}", shown(start), shown(end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_within_the_range() {
        let included = |start, end| {
            let range = VersionRange::from_word(VersionRange::read(start, end).word());
            FhirVersion::ALL.into_iter().filter(|v| range.includes(*v)).map(FhirVersion::name).collect::<Vec<_>>()
        };
        assert_eq!(included(Some("4.0"), Some("4.3")), ["R4", "R4B"]);
        assert_eq!(included(Some("4.0.1"), Some("4.3.0")), ["R4", "R4B"]);
        assert_eq!(included(None, Some("3.0")), ["DSTU2", "STU3"]);
        assert_eq!(included(Some("5.0.0-ballot"), None), ["R5"]);
        assert_eq!(included(Some("3.0"), Some("1.0")), [""; 0]);
        assert_eq!(included(Some("R4"), None).len(), 5);
    }
}
