//! What rules are broken in: examples, and instances that are generated where no example has what a rule is about.

use std::borrow::Cow;
use std::sync::OnceLock;

use fhir_accord_profiles::instance::is_xml;
use fhir_accord_profiles::model::Model;
use serde_json::Value;

use super::guide::Instance;
use super::judging::Tested;
use super::seen::Seen;
use crate::packages::reading::to_json;

/// An instance that is not invalid.
pub(super) struct Subject<'a> {
    pub name: String,
    /// The profiles that it is validated against, beside those that it claims.
    pub profiles: Cow<'a, [String]>,
    /// What is said of it as it is.
    pub seen: Cow<'a, [Seen]>,
    text: Cow<'a, [u8]>,
    value: OnceLock<Option<Value>>,
}

impl<'a> Subject<'a> {
    /// An instance that was tested.
    pub fn of(instance: &'a Instance, tested: &'a Tested) -> Subject<'a> {
        Subject {
            name: instance.name.clone(),
            profiles: Cow::Borrowed(&tested.profiles),
            seen: Cow::Borrowed(&tested.seen),
            text: Cow::Borrowed(&instance.text),
            value: OnceLock::new(),
        }
    }

    /// One that was generated for a profile.
    pub fn generated(url: &str, text: Vec<u8>, seen: Vec<Seen>) -> Subject<'static> {
        let name = "an instance that was generated".to_owned();
        let (profiles, seen, text) = (Cow::Owned(vec![url.to_owned()]), Cow::Owned(seen), Cow::Owned(text));
        Subject { name, profiles, seen, text, value: OnceLock::new() }
    }

    /// The instance as JSON, which is kept; `None` where it cannot be read.
    pub fn value(&self, model: &Model) -> Option<&Value> {
        self.value.get_or_init(|| self.read(model)).as_ref()
    }

    /// The instance as JSON.
    pub fn read(&self, model: &Model) -> Option<Value> {
        match is_xml(&self.text) {
            true => serde_json::from_str(&to_json(&self.text, &self.name, model).ok()?).ok(),
            false => serde_json::from_slice(self.text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.text)).ok(),
        }
    }
}
