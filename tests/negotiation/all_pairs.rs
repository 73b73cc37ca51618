//! Every server of the shared folder against the four clients.

use std::time::Instant;

use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use serde_json::Value;

use super::support::{capability, definitions, in_package, shared, to_json};

/// The four clients by name.
pub fn clients() -> Option<Vec<(&'static str, Value)>> {
    Some(vec![
        ("us-core-6.1.0", in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json")?),
        ("bc-plr", capability("req-canada-bc-plr-client-r4")?),
        ("ca-summary", capability("req-ca-baseline-summary-client-r4")?),
        ("daf", capability("req-daf-client-dstu2")?),
    ])
}

/// Every server document of the shared folder, by name.
pub fn servers() -> Option<Vec<(String, Value)>> {
    let mut names: Vec<String> = std::fs::read_dir(shared()?.join("capability")).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let is_server = |n: &String| n.ends_with(".json") && !n.starts_with("smartcfg") && !n.starts_with("client-") && !(n.starts_with("req-") && n.contains("client"));
    Some(names.into_iter().filter(is_server).map(|n| n.trim_end_matches(".json").to_owned()).map(|n| { let value = capability(&n).unwrap(); (n, value) }).collect())
}

#[test]
fn show() {
    let (Some(clients), Some(servers), Some(definitions)) = (clients(), servers(), definitions()) else { return };
    for (s, server) in &servers {
        for (c, client) in &clients {
            let start = Instant::now();
            let a = negotiate(&NegotiateRequest::new(Side::Statement(client.clone()), Side::Statement(server.clone())), definitions).unwrap();
            let took = start.elapsed();
            std::fs::create_dir_all("/tmp/cap/out").unwrap();
            std::fs::write(format!("/tmp/cap/out/{c}--{s}.json"), serde_json::to_string_pretty(&to_json(&a)).unwrap()).unwrap();
            println!("{c} -- {s}: {:?} {:?} {} issues {took:?}", a.verdict, a.counts, a.issues.len());
        }
    }
}
