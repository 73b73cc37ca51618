//! What an operation is asked: the parameters of its address, and of a body that is Parameters
//! (<https://hl7.org/fhir/R4/operations.html#executing>).

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::Payload;
use serde_json::Value;

use crate::http::query::pairs;
use crate::http::service::Service;
use crate::http::{Fault, json_body};

/// The parameters of one call.
pub(super) const PARAMETERS_LIMIT: usize = 10_000;

/// One parameter.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: String,
    /// The text of `value[x]`, or of the address.
    pub(super) text: Option<String>,
    pub(super) resource: Option<Value>,
    /// The parameter as it was sent, where it came in a body and has parts.
    pub(super) whole: Option<Value>,
}

/// The parameters of a call, each taken out by what it is for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    given: Vec<Given>,
    /// `_pretty`
    pub(super) pretty: bool,
    /// True where the work on it runs apart from that on others.
    pub(super) is_large: bool,
}

impl Asked {
    /// Reads address and body; a body that is a statement is the parameter `resource`.
    ///
    /// # Errors
    /// 400 where either cannot be read, 406, 408, 413 or 415 where there is no such body.
    pub(super) async fn read(service: &Service, req: &HttpRequest, payload: Payload) -> Result<Asked, Fault> {
        let mut asked = Asked::default();
        for (name, value) in pairs(req.query_string())? {
            match name.as_str() {
                "_format" => {}
                "_pretty" => asked.pretty = value == "true",
                _ => asked.given.push(Given { name, text: Some(value), resource: None, whole: None }),
            }
        }
        if req.method() == Method::POST {
            let body = json_body::read_fhir(service, req, payload).await?;
            asked.is_large = body.is_large;
            asked.take_body(body.value)?;
        }
        if asked.given.len() > PARAMETERS_LIMIT {
            return Err(Fault::invalid("parameters", format!("more than {PARAMETERS_LIMIT} parameters; ask for less")));
        }
        Ok(asked)
    }

    fn take_body(&mut self, body: Value) -> Result<(), Fault> {
        match body.get("resourceType").and_then(Value::as_str) {
            None if body.is_null() => Ok(()),
            Some("CapabilityStatement" | "Conformance") => {
                self.given.push(Given { name: "resource".into(), text: None, resource: Some(body), whole: None });
                Ok(())
            }
            Some("Parameters") => {
                let Value::Object(mut members) = body else { return Ok(()) };
                match members.remove("parameter") {
                    None => Ok(()),
                    Some(Value::Array(all)) => all.into_iter().try_for_each(|p| self.take_parameter(p)),
                    Some(_) => Err(Fault::invalid("parameters", "`parameter` is a repeating element: send an array")),
                }
            }
            _ => Err(Fault::invalid("body", "the body is neither Parameters nor a CapabilityStatement")),
        }
    }

    fn take_parameter(&mut self, mut parameter: Value) -> Result<(), Fault> {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(Fault::invalid("parameters", "a parameter without a name"));
        }
        let resource = parameter.get_mut("resource").map(Value::take).filter(Value::is_object);
        let value = parameter.as_object().into_iter().flatten().find(|(n, _)| n.starts_with("value")).map(|(_, v)| v);
        let text = value.and_then(Value::as_str).map(str::to_owned);
        let whole = parameter.get("part").is_some().then_some(parameter);
        self.given.push(Given { name, text, resource, whole });
        Ok(())
    }

    /// Takes out all parameters of a name, in their order.
    pub(super) fn all(&mut self, name: &str) -> Vec<Given> {
        self.given.extract_if(.., |g| g.name == name).collect()
    }

    /// Takes out the parameter of a name.
    ///
    /// # Errors
    /// 400 where there are several.
    pub(super) fn one(&mut self, name: &str) -> Result<Option<Given>, Fault> {
        let mut all = self.all(name);
        match all.len() {
            0 | 1 => Ok(all.pop()),
            _ => Err(Fault::invalid("parameters", format!("duplicate parameter `{name}`"))),
        }
    }

    /// Refuses what was not taken out, so that a slip of the pen does not ask another question.
    ///
    /// # Errors
    /// 400 that names the parameter.
    pub(super) fn nothing_else(&self, known: &str) -> Result<(), Fault> {
        match self.given.first() {
            None => Ok(()),
            Some(other) => {
                let name: String = other.name.chars().take(100).collect();
                Err(Fault::invalid("parameters", format!("unknown parameter `{name}`; known are {known}")))
            }
        }
    }
}

impl Given {
    /// The text of the parameter.
    ///
    /// # Errors
    /// 400 where it has none.
    pub(super) fn text(self) -> Result<String, Fault> {
        let name = self.name;
        let text = self.text.filter(|t| !t.is_empty());
        text.ok_or_else(|| Fault::invalid("parameters", format!("parameter `{name}` has no value")))
    }
}
