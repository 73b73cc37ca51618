//! The guides of a package set.

use super::Image;
use super::set::ImageSet;

impl ImageSet {
    /// The ImplementationGuides of the packages: the url of each, and the id of its package.
    pub(crate) fn guides(&self) -> impl Iterator<Item = (&str, &str)> {
        let found = self.guides.get_or_init(|| self.layers().iter().flat_map(|image| of(image)).collect());
        found.iter().map(|(url, package)| (&**url, &**package))
    }
}

fn of(image: &Image) -> Vec<(String, String)> {
    let package = image.package();
    let id = package.split_once('#').map_or(&*package, |(id, _)| id);
    let guides = image.canonicals().iter().filter(|row| image.str(row.resource_type) == "ImplementationGuide");
    guides.map(|row| (image.str(row.url).to_owned(), id.to_owned())).collect()
}
