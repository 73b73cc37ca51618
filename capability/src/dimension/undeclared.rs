//! Why no declared profile speaks for a required one: it may stand at another type, or under a misspelt url.

use fhir_accord_profiles::definition::Canonical;

use super::ground::TypeGround;
use crate::reason::Reason;

/// Bound on the declared profiles of a type whose urls are looked at for a misspelling.
const LOOKED_AT: usize = 200;

/// Names that are shorter are different names where they differ in a letter.
const TELLING: usize = 6;

/// The reasons for a profile that the server does not declare for the type.
pub fn elsewhere(ground: &TypeGround<'_>, required: &Canonical) -> Vec<Reason> {
    let mut why = vec![Reason::Undeclared];
    let types = ground.sides.declared.types(&required.url);
    if types.iter().any(|t| *t != ground.name()) {
        why.push(Reason::DeclaredElsewhere);
    }
    let own = ground.server.resource.into_iter().flat_map(|r| &r.profiles).take(LOOKED_AT);
    if own.map(|c| &c.value.canonical.url).any(|url| *url != required.url && is_near(url, &required.url)) {
        why.push(Reason::DeclaredMisspelt);
    }
    why
}

/// Whether two urls differ only in case, in a closing slash, in `http` and `https`, or in one letter of the last part.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (plain(a), plain(b));
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let (Some((lead, name)), Some((other, other_name))) = (a.rsplit_once('/'), b.rsplit_once('/')) else {
        return false;
    };
    let lower = |text: &str| text.to_ascii_lowercase().into_bytes();
    name.len() >= TELLING
        && name.len().abs_diff(other_name.len()) <= 1
        && lead.eq_ignore_ascii_case(other)
        && one_letter_apart(&lower(name), &lower(other_name))
}

/// A url without its scheme and a closing slash.
fn plain(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    let scheme = |name: &str| {
        url.get(..name.len()).filter(|lead| lead.eq_ignore_ascii_case(name)).and_then(|_| url.get(name.len()..))
    };
    scheme("https://").or_else(|| scheme("http://")).unwrap_or(url)
}

/// One letter added, left out, or written as another; or two neighbours in the wrong order.
fn one_letter_apart(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same_start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest = |text: &[u8], skip: usize| text.get(same_start + skip..).map(<[u8]>::to_vec);
    match long.len() - short.len() {
        0 => {
            let swapped = short.get(same_start) == long.get(same_start + 1)
                && short.get(same_start + 1) == long.get(same_start)
                && rest(short, 2) == rest(long, 2);
            same_start < short.len() && (rest(short, 1) == rest(long, 1) || swapped)
        }
        1 => rest(short, 0) == rest(long, 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_urls_are_told_from_others() {
        let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
        for near in ["us-core-pateint", "us-core-patient/", "US-Core-Patient", "us-core-patiet", "us-core-patientt"] {
            let near = url.replace("us-core-patient", near);
            assert!(is_near(&near, url), "{near}");
        }
        assert!(is_near(&url.replace("http:", "https:"), url));
        for other in ["us-core-practitioner", "us-core-patients2", "patient"] {
            assert!(!is_near(&url.replace("us-core-patient", other), url), "{other}");
        }
    }
}
