use super::*;

#[test]
fn cases_are_grouped_by_folder() {
    assert_eq!(folder_and_name("a/b/c.json", "a/b/c.json"), ("a/b", "c.json"));
    assert_eq!(folder_and_name("a/c.ndjson:12", "a/c.ndjson"), ("a", "c.ndjson:12"));
    assert_eq!(folder_and_name("c.json", "c.json"), (SUITE, "c.json"));
    assert_eq!(folder_and_name("/c.json", "/c.json"), (SUITE, "/c.json"));
    assert_eq!(folder_and_name("-", ""), (SUITE, "-"));
    assert_eq!(folder_and_name("ü/é#x/y", "ü/é"), ("ü", "é#x/y"));
}

#[test]
fn what_xml_cannot_have_is_taken_out() {
    let of = [("name", "a\u{1}\"<&\n\u{fffe}b")];
    let out = case(&of, |writer| element(writer, "error", &[], "\u{0}]]>\u{1b}<\u{ffff}é")).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, "    <testcase name=\"a&quot;&lt;&amp; b\"><error>]]&gt;&lt;é</error></testcase>\n");
}
