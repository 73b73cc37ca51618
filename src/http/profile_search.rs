//! `GET /profile-search`: the profiles of resources in the loaded packages, by words of their canonicals.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::definition::FhirVersion;
use serde_json::{Value, json};

use super::client::Client;
use super::query::{fhir_version, pairs};
use super::service::Service;
use super::{Fault, content_type, media};
use crate::app::Engine;

/// How many profiles are listed where the request does not say.
const PAGE: usize = 50;
/// How many profiles are listed at most.
const PAGE_LIMIT: usize = 500;
/// The words of a search that are looked at.
const MOST_WORDS: usize = 20;

/// What a query string asks for.
#[derive(Debug, Default, PartialEq)]
struct Asked {
    /// In lower case; each must be in the canonical, the type or the package.
    words: Vec<String>,
    /// `ID#VERSION`; none means all.
    packages: Vec<String>,
    resource_type: Option<String>,
    /// Its packages are searched, those that are in the program too; without it, the packages that are loaded.
    fhir_version: Option<FhirVersion>,
    count: usize,
    offset: usize,
}

impl Asked {
    fn parse(text: &str) -> Result<Asked, Fault> {
        let mut asked = Asked { count: PAGE, ..Asked::default() };
        let number = |name: &str, value: &str| {
            value.parse::<usize>().map_err(|_| Fault::invalid("query", format!("parameter `{name}` is not a number")))
        };
        for (name, value) in pairs(text)? {
            match name.as_str() {
                "text" => asked.words = value.split_whitespace().take(MOST_WORDS).map(str::to_lowercase).collect(),
                "package" => asked.packages.extend(Some(value).filter(|v| !v.is_empty())),
                "type" => asked.resource_type = Some(value).filter(|v| !v.is_empty()),
                "fhirVersion" => asked.fhir_version = Some(fhir_version(&value)?),
                "count" => asked.count = number("count", &value)?.min(PAGE_LIMIT),
                "offset" => asked.offset = number("offset", &value)?,
                _ => {
                    let text = "unknown parameter; this list takes `text`, `package`, `type`, `fhirVersion`, `count` \
                                and `offset`";
                    return Err(Fault::invalid("query", text));
                }
            }
        }
        Ok(asked)
    }

    fn takes(&self, canonical: &str, resource_type: &str, package: &str) -> bool {
        let of = format!("{canonical} {resource_type} {package}").to_lowercase();
        (self.packages.is_empty() || self.packages.iter().any(|p| p == package))
            && self.resource_type.as_deref().is_none_or(|t| t == resource_type)
            && self.words.iter().all(|word| of.contains(word))
    }

    /// How many there are, and those that are asked for: in the order of the packages, in each by url and version.
    fn found(&self, engine: &dyn Engine) -> Result<Value, Fault> {
        let (mut total, mut listed) = (0, Vec::new());
        let resolution = match self.fhir_version {
            Some(version) => engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?.resolution(),
            None => engine.packages(),
        };
        for package in &resolution.packages {
            let name = package.manifest.name();
            let app = package.manifest.fhir_version.and_then(|version| engine.of_version(version));
            let set = app.unwrap_or(engine.loaded()).set();
            let Some(layer) = set.layers().iter().position(|image| image.package() == name) else { continue };
            for root in set.resource_profiles(layer) {
                let (canonical, resource_type) = (set.canonical_of(root), set.type_name_of(root).unwrap_or_default());
                if !self.takes(&canonical, resource_type, &name) {
                    continue;
                }
                if total >= self.offset && listed.len() < self.count {
                    listed.push(json!({"canonical": canonical, "type": resource_type, "package": name,
                        "fhirVersion": package.manifest.fhir_version.map(|v| v.number())}));
                }
                total += 1;
            }
        }
        Ok(json!({"total": total, "profiles": listed}))
    }
}

/// `GET /profile-search`
pub(super) async fn list(service: Data<Service>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let asked = Asked::parse(req.query_string())?;
    media::json(&req)?;
    let state = Arc::clone(&service);
    let client = Client::asking(&req);
    let told = service.pool.run(client, move |_| asked.found(&*state.engine())).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(told.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_read() {
        let asked = Asked::parse("text=US%20Core+lab&package=a%231&count=9999&offset=3").unwrap();
        assert_eq!((asked.words.len(), asked.count, asked.offset), (3, PAGE_LIMIT, 3));
        assert!(asked.takes("http://x/us-core-lab|1", "Observation", "a#1"));
        assert!(!asked.takes("http://x/us-core-lab|1", "Observation", "a#2"));
        assert!(Asked::parse("package=a%231&package=a%232").unwrap().takes("u", "Patient", "a#2"));
        assert!(!asked.takes("http://x/us-core|1", "Observation", "a#1"));
        assert!(Asked::parse("type=&package=").unwrap().takes("u", "Patient", "p"));
        assert!(Asked::parse("count=many").is_err() && Asked::parse("name=x").is_err());
    }
}
