use super::*;

#[test]
fn columns_are_those_of_the_encoding() {
    let text = "a\u{e4}\u{1f600}b\r\nc";
    let lines = Lines::new(text);
    for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
        let place = Place { line: 0, column };
        assert_eq!((lines.place(text, 7, encoding), lines.offset(text, place, encoding)), (place, 7));
    }
    // In the middle of a character, and past the end of a line and of the text.
    let offset = |line, column| lines.offset(text, Place { line, column }, Encoding::Utf16);
    assert_eq!((offset(0, 3), offset(0, 99), offset(1, 0), offset(9, 9)), (3, 8, 10, 11));
    assert_eq!(lines.place(text, 99, Encoding::Utf16), Place { line: 1, column: 1 });
}

#[test]
fn lines_follow_every_edit() {
    let pieces = ["", "\n", "\r", "\r\n", "x", "\n\ny\r", "\u{1f600}"];
    let whole = "a\r\nb\n\rc\r\r\nd";
    for start in 0..=whole.len() {
        for end in start..=whole.len() {
            for piece in pieces {
                let mut text = whole.to_owned();
                let mut lines = Lines::new(&text);
                text.replace_range(start..end, piece);
                lines.follow(&text, (start, end), piece.len());
                assert_eq!(lines, Lines::new(&text), "{start}..{end} {piece:?}");
            }
        }
    }
}
