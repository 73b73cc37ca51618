//! The types of a core package, for definitions in XML.

use std::sync::OnceLock;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::model::{Model, build};

use super::embedded;
use super::error::PackageError;
use super::located::Located;
use super::reading::Limits;

/// The types that a core package defines, read when they are first asked for; by default those of R4.
#[derive(Debug, Default)]
pub struct Types {
    core: Option<Located>,
    model: OnceLock<Model>,
}

impl Types {
    /// The types of this core package.
    pub fn of(core: Located) -> Types {
        Types { core: Some(core), model: OnceLock::new() }
    }

    /// The model of the types.
    ///
    /// # Errors
    /// A core package that is not here or does not read.
    pub fn model(&self, limits: &Limits) -> Result<&Model, PackageError> {
        if let Some(model) = self.model.get() {
            return Ok(model);
        }
        let package = match &self.core {
            Some(core) => core.load(limits)?,
            None => {
                let (id, version) = (FhirVersion::R4.core_package(), FhirVersion::R4.number());
                let missing = || PackageError::NotFound {
                    name: format!("{id}#{version}"),
                    looked_in: vec!["the embedded packages".to_owned()],
                };
                Located::embedded(embedded::find(id, version).ok_or_else(missing)?).load(limits)?
            }
        };
        let structures = package.definitions.iter().filter(|d| d.resource_type == "StructureDefinition");
        let values: Vec<_> = structures.map(|d| d.value().clone()).collect();
        Ok(self.model.get_or_init(|| build(values.iter().map(|v| &**v))))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use fhir_accord_profiles::instance::{self, parse, parse_xml};
    use fhir_accord_profiles::model::{node_json, xml_to_json};

    use super::*;

    #[test]
    fn json_comes_back_as_it_was() {
        let types = Types::default();
        let model = types.model(&Default::default()).unwrap();
        let text = r#"{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.50,"unit":"mg"},"component":[{"code":{"text":"a \"b\""}}],"_issued":{"id":"x"},"note":[{"text":"n","_text":{"extension":[{"url":"u","valueBoolean":true}]}}]}"#;
        let tape = parse(text.as_bytes(), model.names(), &instance::Limits::default());
        let root = tape.root().unwrap();
        assert_eq!(node_json(root, model.resource_type(root), model), text);
    }

    #[test]
    fn xml_becomes_json() {
        let types = Types::default();
        let model = types.model(&Default::default()).unwrap();
        let text = r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><given value="A"/><given><extension url="u"><valueInteger value="3"/></extension></given></name><multipleBirthInteger value="2"/></Patient>"#;
        let tape = parse_xml(text.as_bytes(), model.names(), &instance::Limits::default());
        let root = tape.root().unwrap();
        let json = node_json(root, model.resource_type(root), model);
        assert_eq!(
            json,
            r#"{"resourceType":"Patient","active":true,"name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"u","valueInteger":3}]}]}],"multipleBirthInteger":2}"#
        );
    }

    #[test]
    fn nothing_of_a_definition_in_xml_is_lost() {
        let types = Types::default();
        let text = r#"<Patient xmlns="http://hl7.org/fhir"><contained><Organization><name value="a&#10;b"/></Organization></contained><gender value="male"/><gender value="female"/><multipleBirthInteger value="many"/><active/><unheard value="1"><extension url="u"><valueBoolean value="true"/></extension></unheard></Patient>"#;
        let json = xml_to_json(text.as_bytes(), types.model(&Limits::default()).unwrap(), &instance::Limits::default())
            .unwrap();
        let wanted = r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"a\nb"}],"gender":["male","female"],"multipleBirthInteger":"many","unheard":"1","_unheard":{"extension":[{"url":"u","valueBoolean":true}]}}"#;
        assert_eq!(json, wanted);
    }
}
