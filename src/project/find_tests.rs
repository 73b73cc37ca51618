use super::*;

#[test]
fn the_nearest_one_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(folder.path().join(PROJECT_FILE), "").unwrap();
    assert_eq!(find(&deep).unwrap(), Some(folder.path().join(PROJECT_FILE)));
    std::fs::write(folder.path().join("a/b").join(PROJECT_FILE), "").unwrap();
    assert_eq!(find(&deep).unwrap(), Some(folder.path().join("a/b").join(PROJECT_FILE)));
    assert_eq!(find(&folder.path().join("a")).unwrap(), Some(folder.path().join(PROJECT_FILE)));
}

#[test]
fn a_folder_of_that_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join(PROJECT_FILE)).unwrap();
    let why = find(folder.path()).unwrap_err().to_string();
    assert!(why.contains("it is a folder") && why.contains("--no-config"), "{why}");
}
