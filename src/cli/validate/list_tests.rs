use super::*;

fn named(list: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut each = |name: &Path| {
        names.push(name.display().to_string());
        ControlFlow::Continue(())
    };
    let _ = of(&mut &*list, &mut each).unwrap();
    names
}

#[test]
fn names_are_lines_or_between_nul_bytes() {
    assert_eq!(named(b"a b\r\n\nc"), ["a b", "c"]);
    assert_eq!(named(b"a\nb\0c\0"), ["a\nb", "c"]);
    assert_eq!(named(b""), Vec::<String>::new());
    // What is read in pieces is separated by the same.
    for pieces in [1, 2, 3] {
        let mut names = Vec::new();
        let mut list = BufReader::with_capacity(pieces, &b"abc\0d\0"[..]);
        let _ = of(&mut list, &mut |name| {
            names.push(name.display().to_string());
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(names, ["abc", "d"]);
    }
    let mut late = BufReader::with_capacity(4, &b"abc\nd\0"[..]);
    assert!(of(&mut late, &mut |_| ControlFlow::Continue(())).is_err());
    assert!(of(&mut &*vec![b'x'; NAME_BYTES + 1], &mut |_| ControlFlow::Continue(())).is_err());
}
