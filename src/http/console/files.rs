//! The files of the page, which are in the program.

use sha2::{Digest as _, Sha256};

/// How many bytes of a file's SHA-256 tell its versions apart.
const TAG_BYTES: usize = 12;

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file as it is given to browsers.
#[derive(Debug)]
pub(super) struct File {
    name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) text: &'static str,
}

impl File {
    const fn new(name: &'static str, media_type: &'static str, text: &'static str) -> File {
        File { name, media_type, text }
    }

    /// What tells this version of the file from any other.
    pub(super) fn tag(&self) -> String {
        Sha256::digest(self.text).iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

macro_rules! script {
    ($name:literal) => {
        File::new($name, SCRIPT, include_str!(concat!("../../../templates/console/", $name)))
    };
}

/// The page itself.
pub(super) static INDEX: File =
    File::new("", "text/html; charset=utf-8", include_str!("../../../templates/console/index.html"));

/// What the page refers to.
static FILES: [File; 19] = [
    File::new("icon.svg", "image/svg+xml", include_str!("../../../templates/console/icon.svg")),
    File::new("page.css", "text/css; charset=utf-8", include_str!("../../../templates/console/page.css")),
    script!("agreement.js"),
    script!("chosen.js"),
    script!("compare.js"),
    script!("dom.js"),
    script!("editor.js"),
    script!("fhirpath.js"),
    script!("issues.js"),
    script!("lines.js"),
    script!("main.js"),
    script!("matrix.js"),
    script!("negotiate.js"),
    script!("picker.js"),
    script!("samples.js"),
    script!("service.js"),
    script!("text.js"),
    script!("validate.js"),
    script!("words.js"),
];

/// The file with this name below `/console/`.
pub(super) fn by_name(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}
