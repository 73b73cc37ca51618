//! A guide's definitions as a package in a folder of its own, so that the engine loads them as any other.

use std::path::Path;

use tempfile::TempDir;

use super::guide::Guide;

/// A folder with the package; it is removed with this.
pub(super) struct Assembled {
    folder: TempDir,
}

impl Assembled {
    /// A package of these definitions, by file name, under the name and with the dependencies of the guide.
    ///
    /// # Errors
    /// A message where the folder cannot be written.
    pub fn new<'a>(guide: &Guide, texts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<Assembled, String> {
        let could_not = |e: std::io::Error| format!("could not write to the folder for temporary files: {e}");
        let folder = tempfile::Builder::new().prefix("accord-test-").tempdir().map_err(could_not)?;
        let package = folder.path().join("package");
        std::fs::create_dir(&package).map_err(could_not)?;
        let manifest = guide.manifest.text("4.0.1");
        std::fs::write(package.join("package.json"), manifest).map_err(could_not)?;
        for (at, (name, text)) in texts.enumerate() {
            let ending = if name.to_ascii_lowercase().ends_with(".xml") { "xml" } else { "json" };
            // Files of several folders may share a name, and a name may be as long as the system allows.
            std::fs::write(package.join(format!("{at:06}.{ending}")), text).map_err(could_not)?;
        }
        Ok(Assembled { folder })
    }

    /// The folder, as packages are named.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}
