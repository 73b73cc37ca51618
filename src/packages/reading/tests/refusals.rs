//! Archives that are refused.

use super::*;

#[test]
fn refuses_what_leaves_the_folder() {
    for path in ["package/../../etc/passwd", "/etc/passwd", "../x", "package\\..\\x.json", "C:/x.json"] {
        let error =
            read_archive(&tgz(&[("package/package.json", MANIFEST), (path, "{}")]), String::new(), &Limits::default())
                .unwrap_err();
        assert!(matches!(&error, ReadError::Path { entry } if entry == path), "{error}");
        assert!(error.to_string().contains(path));
    }
}

#[test]
fn refuses_links() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    tar.append_link(&mut header, "package/link.json", "/etc/passwd").unwrap();
    let error = read_archive(&gzip(&tar.into_inner().unwrap()), String::new(), &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/link.json` is a link; a package contains only files and folders");
}

#[test]
fn refuses_what_is_too_much() {
    let bomb = gzip(&vec![0; 40 << 20]);
    let error = read_archive(&bomb, String::new(), &Limits::default()).unwrap_err();
    assert!(matches!(error, ReadError::Limit { what: "unpacked bytes for each packed one", .. }), "{error}");
    let files = tgz(&[("package/package.json", MANIFEST), ("package/a.json", "{}"), ("package/b.json", "{}")]);
    let error = read_archive(&files, String::new(), &Limits { entries: 2, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/b.json` exceeds the limit of 2 entries");
    let error = read_archive(&files, String::new(), &Limits { entry_bytes: 10, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/package.json` exceeds the limit of 10 bytes");
    let error = read_archive(&files, String::new(), &Limits { archive_bytes: 10, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "the package exceeds the limit of 10 packed bytes");
}
