//! The profiles that a client works with: those asked for, and those of a guide.

use fhir_accord_profiles::definition::Canonical;

use super::error::ClientError;
use super::item::Item;
use super::notice::Kind;
use super::place::{Part, Place};
use super::recorder::Recorder;
use super::types::{is_r4, known};
use crate::definitions::Definitions;

impl Recorder {
    /// Adds a profile, as `url` or `url|version`, to its type.
    ///
    /// # Errors
    /// [`ClientError::UnknownProfile`] where the definitions do not have it, [`ClientError::NotAResource`] where it is
    /// not one on a resource type of R4.
    pub fn profile(&mut self, text: &str, definitions: &dyn Definitions) -> Result<(), ClientError> {
        let canonical = Canonical::parse(text.trim());
        let versions = definitions.profiles(&canonical.url);
        let fits = |version: &Option<String>| canonical.version.is_none() || *version == canonical.version;
        let Some(info) = versions.iter().find(|i| fits(&i.version)) else {
            let nearest = versions.first().map(|i| i.canonical().to_string());
            let nearest = nearest.or_else(|| definitions.nearest(&canonical.url));
            return Err(ClientError::UnknownProfile { canonical: canonical.to_string(), nearest });
        };
        let Some(name) = known(&info.resource_type).filter(|name| is_r4(name)) else {
            return Err(ClientError::NotAResource { canonical: canonical.to_string() });
        };
        let place = Place::new(self.source("profile asked for"), Part::Whole);
        self.need(Some(name), Item::Profile(canonical.to_string()), place);
        Ok(())
    }

    /// Adds the resource profiles of a guide, named as `ID#VERSION` or `ID`, each with its version, by type and url.
    ///
    /// # Errors
    /// [`ClientError::UnknownGuide`] where the definitions do not have it, [`ClientError::EmptyGuide`] where it has no
    /// profile on a resource type of R4.
    pub fn guide(&mut self, name: &str, definitions: &dyn Definitions) -> Result<(), ClientError> {
        let (id, version) =
            name.split_once('#').map_or((name, None), |(id, v)| (id, Some(v).filter(|v| !v.is_empty())));
        let guide = definitions.guide(id, version);
        let guide = guide.ok_or_else(|| ClientError::UnknownGuide { name: name.to_owned() })?;
        let source = self.source(&format!("guide {}#{}", guide.id, guide.version));
        let place = Place::new(source, Part::Whole);
        if guide.fhir_version.as_deref().is_some_and(|v| !v.starts_with("4.0")) {
            self.note(Kind::GuideVersion, place);
        }
        let mut profiles: Vec<(&str, String)> =
            guide.profiles.iter().map(|p| (p.resource_type.as_str(), p.canonical().to_string())).collect();
        profiles.sort_unstable();
        let mut found = false;
        for (on, canonical) in profiles {
            match known(on).filter(|on| is_r4(on)) {
                Some(on) => {
                    found = true;
                    self.need(Some(on), Item::Profile(canonical), place);
                }
                None => self.note(Kind::ProfileType, place),
            }
        }
        if found { Ok(()) } else { Err(ClientError::EmptyGuide { name: name.to_owned() }) }
    }
}
