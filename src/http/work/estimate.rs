//! How much work a body will be, by its parts: a body of few bytes may have many.

use memchr::memmem;

/// A body with more parts, by its commas and brackets, is never worked on by a worker itself.
const INLINE_PARTS: usize = 1_000;
/// A body with more parts is large: the work on it waits for its like alone.
const LARGE_PARTS: usize = 50_000;
/// A body of more bytes is large whatever is in it, and its parts are not counted.
const LARGE_BYTES: usize = 1 << 20;

/// How much work a body will be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Size {
    /// So little that a worker does it itself.
    Small,
    /// So much that a worker hands it on.
    Medium,
    /// So much that it must not keep others waiting.
    Large,
}

/// How many members, entries and elements a body has about: JSON has a comma or a bracket for each, XML an angle or an
/// equals sign.
pub fn parts(body: &[u8]) -> usize {
    // Without branches, and in counts of one byte: so the compiler looks at many bytes at once.
    let mark = |b: &u8| u8::from((*b == b',') | (*b == b'{') | (*b == b'[') | (*b == b'<') | (*b == b'='));
    body.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(chunk.iter().map(mark).sum::<u8>())).sum()
}

/// Whether a body may be a definition, which is compiled and compared with others: its size tells little of the work.
/// An escape may hide the name of its type.
fn defines(body: &[u8]) -> bool {
    const MARKS: [&str; 3] = ["\"StructureDefinition\"", "<StructureDefinition", "\\u"];
    MARKS.iter().any(|mark| memmem::find(body, mark.as_bytes()).is_some())
}

/// The size of a body, of which those with more than `inline_bytes` are not small.
pub fn size(body: &[u8], inline_bytes: usize) -> Size {
    if body.len() > LARGE_BYTES {
        return Size::Large;
    }
    match parts(body) {
        LARGE_PARTS.. => Size::Large,
        INLINE_PARTS.. => Size::Medium,
        _ if body.len() > inline_bytes || defines(body) => Size::Medium,
        _ => Size::Small,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_decide() {
        let objects = |n: usize| format!("[{}]", vec!["{}"; n].join(",")).into_bytes();
        let of = |body: &[u8]| size(body, 32 << 10);
        assert_eq!(of(br#"{"resourceType":"Patient"}"#), Size::Small);
        assert_eq!((of(&objects(400)), of(&objects(600))), (Size::Small, Size::Medium));
        assert!(objects(10_000).len() < 32 << 10);
        assert_eq!((of(&objects(10_000)), of(&objects(30_000))), (Size::Medium, Size::Large));
        assert_eq!((of(&[b' '; 40_000]), of(&vec![b' '; 2 << 20])), (Size::Medium, Size::Large));
        assert_eq!(of(br#"{"resourceType":"StructureDefinition"}"#), Size::Medium);
        assert_eq!(of(br#"{"resourceType":"\u0053tructureDefinition"}"#), Size::Medium);
        assert_eq!(of("<a b=\"\"/>".repeat(600).as_bytes()), Size::Medium);
    }
}
