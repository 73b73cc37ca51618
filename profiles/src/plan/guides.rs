//! The guides of a package set.

use super::set::ImageSet;
use super::{Handle, Image};
use crate::model::{TypeId, is_absolute_uri};

impl ImageSet {
    /// The ImplementationGuides of the packages: the url of each, and the id of its package.
    pub(crate) fn guides(&self) -> impl Iterator<Item = (&str, &str)> {
        let found = self.guides.get_or_init(|| self.layers().iter().flat_map(|image| of(image)).collect());
        found.iter().map(|(url, package)| (&**url, &**package))
    }

    /// The types and roots of the profiles that guides lay on all resources of a type; a profile that is not known by
    /// its canonical.
    pub(crate) fn globals(&self) -> Vec<(TypeId, Result<Handle, String>)> {
        let mut out = Vec::new();
        for (layer, image) in self.layers().iter().enumerate() {
            let guides = image.canonicals().iter().filter(|row| image.str(row.resource_type) == "ImplementationGuide");
            for (type_name, profile) in
                guides.flat_map(|row| image.str(row.content).lines()).filter_map(|line| line.split_once(' '))
            {
                let Some(type_id) = self.model().find(type_name) else { continue };
                match self.find_structure(profile, Some(layer as u32)).and_then(|s| self.root(s)) {
                    Some(root) => out.push((type_id, Ok(root))),
                    // What is no canonical, older guides say of their examples.
                    None if is_absolute_uri(profile) => out.push((type_id, Err(profile.to_owned()))),
                    None => {}
                }
            }
        }
        out
    }
}

fn of(image: &Image) -> Vec<(String, String)> {
    let package = image.package();
    let id = package.split_once('#').map_or(&*package, |(id, _)| id);
    let guides = image.canonicals().iter().filter(|row| image.str(row.resource_type) == "ImplementationGuide");
    guides.map(|row| (image.str(row.url).to_owned(), id.to_owned())).collect()
}
