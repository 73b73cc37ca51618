//! What the Parameters of a call say.

use std::borrow::Cow;
use std::ops::Range;

use fhir_accord_profiles::fhirpath::{Item, Typing};
use fhir_accord_profiles::instance::{NameId, Node, Tape, resource_span};

use crate::app::Complaint;
use crate::fhirpath::parameter_type;
use crate::http::Fault;
use crate::http::parameters::complain;

const JSON_VALUE: &str = "http://fhir.forms-lab.com/StructureDefinition/json-value";
const XML_VALUE: &str = "http://fhir.forms-lab.com/StructureDefinition/xml-value";

/// An expression with its place in the body.
#[derive(Debug, Default)]
pub struct Given {
    pub text: String,
    /// As a JSON pointer; `None` in XML.
    pub pointer: Option<String>,
    /// As a FHIRPath; empty where nothing was given.
    pub element: String,
}

impl Given {
    /// A complaint about it.
    pub fn complaint(&self, text: String) -> Complaint {
        Complaint { pointer: self.pointer.clone(), element: Some(self.element.clone()), ..Complaint::new(text) }
    }
}

/// The resource: where it is in the body, or the text that contains it.
#[derive(Debug)]
pub enum Resource<'t> {
    Inline(Range<usize>),
    Text(Cow<'t, str>),
}

impl Resource<'_> {
    /// The resource's own text.
    pub fn text<'b>(&'b self, body: &'b [u8]) -> &'b [u8] {
        match self {
            Resource::Inline(range) => body.get(range.clone()).unwrap_or_default(),
            Resource::Text(text) => text.as_bytes(),
        }
    }
}

/// A call, read. Parameters of other names are left aside, as the interface of the Lab wants.
#[derive(Debug)]
pub struct Call<'t> {
    pub expression: Given,
    pub context: Option<Given>,
    pub resource: Option<Resource<'t>>,
    pub validate: bool,
    /// Whether the steps of the evaluation are asked for.
    pub debug_trace: bool,
    /// The parameters `variables`, `resource` and `terminologyserver`, as they came.
    pub variables: Vec<Node<'t>>,
    pub given_resource: Option<Node<'t>>,
    pub terminology_server: Option<String>,
}

fn fault(text: String) -> Fault {
    Fault::invalid("parameters", text)
}

/// The text of a child by its name.
pub fn text_of<'t>(node: Node<'t>, name: &str) -> Option<Cow<'t, str>> {
    node.children().find(|c| c.name_text() == name && c.has_value()).map(Node::text)
}

/// `value[x]` of a parameter.
fn value_of(node: Node<'_>) -> Option<Node<'_>> {
    node.children()
        .find(|c| c.name_text().strip_prefix("value").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase())))
}

/// The text in an extension of this url.
fn extension<'t>(node: Node<'t>, url: &str) -> Option<Cow<'t, str>> {
    let found = node.children_named(NameId::EXTENSION).find(|e| e.child_text(NameId::URL).as_deref() == Some(url))?;
    value_of(found).filter(|v| v.has_value()).map(Node::text)
}

impl<'t> Call<'t> {
    /// Reads the body's tape.
    ///
    /// # Errors
    /// 400 where it is no Parameters, lacks the expression, or holds what cannot be read.
    pub fn read(tape: &'t Tape<'t>, body: &[u8]) -> Result<Call<'t>, Fault> {
        let root = tape.root().filter(|r| r.child_text(NameId::RESOURCE_TYPE).as_deref() == Some("Parameters"));
        let parameters = root.into_iter().flat_map(|r| r.children().filter(|c| c.name_text() == "parameter"));
        let mut call = Call {
            expression: Given::default(),
            context: None,
            resource: None,
            validate: false,
            debug_trace: false,
            variables: Vec::new(),
            given_resource: None,
            terminology_server: None,
        };
        for (i, p) in parameters.enumerate() {
            call.take(i, p)?;
        }
        let inside = match &call.resource {
            Some(Resource::Inline(range)) => Some(range),
            _ => None,
        };
        complain(tape, body, inside)?;
        if root.is_none() {
            return Err(fault("the body is not a Parameters resource".to_owned()));
        }
        if call.expression.element.is_empty() {
            return Err(fault("parameter `expression` is missing".to_owned()));
        }
        Ok(call)
    }

    fn take(&mut self, index: usize, p: Node<'t>) -> Result<(), Fault> {
        let name = text_of(p, "name").unwrap_or_default();
        let value = || value_of(p).filter(|v| v.has_value()).map(|v| v.text().into_owned());
        let given = || -> Result<Given, Fault> {
            let held = value_of(p)
                .filter(|v| v.has_value())
                .ok_or_else(|| fault(format!("parameter `{name}` has no value")))?;
            let pointer = (!p.tape().is_xml()).then(|| format!("/parameter/{index}/{}", held.name_text()));
            Ok(Given {
                text: held.text().into_owned(),
                pointer,
                element: format!("Parameters.parameter[{index}].value"),
            })
        };
        let again = |is: bool| if is { Err(fault(format!("duplicate parameter `{name}`"))) } else { Ok(()) };
        match &*name {
            "expression" => {
                again(!self.expression.element.is_empty())?;
                self.expression = given()?;
            }
            "context" => {
                again(self.context.is_some())?;
                self.context = Some(given()?).filter(|c| !c.text.trim().is_empty());
            }
            "resource" => {
                again(self.given_resource.is_some())?;
                self.resource = Some(resource(p)?);
                self.given_resource = Some(p);
            }
            "variables" => self.variables.push(p),
            "debug_trace" => self.debug_trace = value().as_deref() == Some("true"),
            "validate" => self.validate = value().as_deref() == Some("true"),
            "terminologyserver" => self.terminology_server = value(),
            _ => {}
        }
        Ok(())
    }

    /// The variables by name: a value of any type, a resource, or JSON in an extension.
    ///
    /// # Errors
    /// 400 for a variable without a name, and for JSON that holds no simple value.
    pub fn variables(&self, typing: &Typing<'t>) -> Result<Vec<(&'t str, Vec<Item<'t>>)>, Fault> {
        let model = typing.model();
        let parameter = parameter_type(model);
        let mut out: Vec<(&str, Vec<Item<'t>>)> = Vec::new();
        for part in self.variables.iter().flat_map(|v| v.children().filter(|c| c.name_text() == "part")) {
            let name =
                part.children().find(|c| c.name_text() == "name" && c.has_value() && !c.is_escaped()).map(Node::raw);
            let name = name.ok_or_else(|| fault("a variable has no name".to_owned()))?;
            let held = value_of(part).or_else(|| part.child(NameId::RESOURCE));
            let item = match held {
                Some(node) => Some(Item::node(node, model.type_of_child(parameter, node))),
                None => extension(part, JSON_VALUE).map(|json| simple(name, &json)).transpose()?.flatten(),
            };
            match out.iter_mut().find(|(n, _)| *n == name) {
                Some((_, items)) => items.extend(item),
                None => out.push((name, item.into_iter().collect())),
            }
        }
        Ok(out)
    }
}

/// A simple value from its JSON.
fn simple<'t>(name: &str, json: &str) -> Result<Option<Item<'t>>, Fault> {
    use serde_json::Value;
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Null) => Ok(None),
        Ok(Value::Bool(b)) => Ok(Some(Item::Bool(b))),
        Ok(Value::String(s)) => Ok(Some(Item::text(&s))),
        Ok(Value::Number(n)) if n.is_i64() => Ok(n.as_i64().map(Item::Integer)),
        Ok(Value::Number(_)) => Ok(json.trim().parse().ok().map(Item::Decimal)),
        _ => Err(fault(format!(
            "variable `{name}` is JSON, but not a primitive value; send it as `value[x]` or as a resource"
        ))),
    }
}

/// The resource that a parameter holds: inline, or as text in an extension or a string.
fn resource<'t>(p: Node<'t>) -> Result<Resource<'t>, Fault> {
    if let Some(span) = p.child(NameId::RESOURCE).and_then(resource_span) {
        return Ok(Resource::Inline(span.start as usize..span.end as usize));
    }
    let text = extension(p, JSON_VALUE)
        .or_else(|| extension(p, XML_VALUE))
        .or_else(|| value_of(p).filter(|v| v.has_value()).map(Node::text));
    match text {
        Some(text) if text.trim_start().starts_with(['{', '<', '\u{feff}']) => Ok(Resource::Text(text)),
        Some(_) => Err(fault(
            "parameter `resource` names a resource, which is not fetched; give the resource itself".to_owned(),
        )),
        None => Err(fault("parameter `resource` contains no resource".to_owned())),
    }
}
