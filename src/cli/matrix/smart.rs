//! Which SMART configuration of a folder is which server's.

use std::path::Path;

use serde_json::Value;

use super::super::side::read_json;
use super::members::{Members, ReadMember, json_files, tell};
use crate::capability::Side;

/// A configuration of the folder.
struct Configuration {
    stem: String,
    from: String,
    value: Value,
    used: bool,
}

/// Gives each server the configuration of the file with its name, else the first whose endpoints or issuer its
/// statement names. Configurations that are no server's are told on standard error.
pub(super) fn assign(folder: &Path, servers: &mut Members) -> Result<(), String> {
    let mut all = configurations(folder)?;
    for server in servers.0.iter_mut().filter(|s| s.smart.is_none()) {
        let by_name = all.iter_mut().position(|c| c.stem == server.name);
        let place = by_name.or_else(|| all.iter().position(|c| is_of(&c.value, server)));
        if let Some(found) = place.and_then(|at| all.get_mut(at)) {
            found.used = true;
            server.smart = Some((found.from.clone(), found.value.clone()));
        }
    }
    let unused: Vec<String> = all.into_iter().filter(|c| !c.used).map(|c| c.from).collect();
    tell(&unused, "SMART configurations of no server here");
    Ok(())
}

/// The files of a folder that are SMART configurations; of a file, it.
fn configurations(path: &Path) -> Result<Vec<Configuration>, String> {
    let files = if path.is_dir() { json_files(path)? } else { vec![path.to_owned()] };
    let mut all = Vec::new();
    for file in files {
        let value = match read_json(&file) {
            Ok(value) => value,
            Err(e) if path.is_file() => return Err(e),
            Err(_) => continue,
        };
        if is_configuration(&value) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            all.push(Configuration { stem, from: file.display().to_string(), value, used: false });
        }
    }
    match all.len() {
        0 => Err(format!("`{}` has no SMART configuration (*.json)", path.display())),
        _ => Ok(all),
    }
}

fn is_configuration(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some();
    !has("resourceType")
        && ["token_endpoint", "authorization_endpoint", "scopes_supported"].iter().any(|name| has(name))
}

/// Whether a statement names an endpoint of the configuration, or is of its issuer.
fn is_of(configuration: &Value, server: &ReadMember) -> bool {
    let Side::Statement(statement) = &server.read.side else { return false };
    let address = |value: &Value| value.as_str().map(|s| s.trim_end_matches('/').to_owned());
    let same = |a: &Value, b: &Value| address(a).is_some_and(|a| address(b).is_some_and(|b| a == b));
    let url = statement.pointer("/implementation/url");
    url.is_some_and(|url| same(&configuration["issuer"], url))
        || oauth_uris(statement).any(|(name, value)| match name {
            "authorize" => same(value, &configuration["authorization_endpoint"]),
            "token" => same(value, &configuration["token_endpoint"]),
            _ => false,
        })
}

/// The parts of the extension `oauth-uris` (<https://hl7.org/fhir/smart-app-launch/STU1/conformance/>): name and value.
fn oauth_uris(statement: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let rest = statement["rest"].as_array().into_iter().flatten();
    let extensions = rest.filter_map(|r| r.pointer("/security/extension")?.as_array()).flatten();
    let of_oauth = extensions.filter(|e| e["url"].as_str().is_some_and(|url| url.ends_with("/oauth-uris")));
    let parts = of_oauth.flat_map(|e| e["extension"].as_array().into_iter().flatten());
    parts.filter_map(|part| Some((part["url"].as_str()?, &part["valueUri"])))
}
