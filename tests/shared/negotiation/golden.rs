//! Golden counts against the US Core 6.1.0 server requirements, over the resources that SHALL be supported.

use fhir_accord::capability::agreement::{Answer, Direction, Kind, ProfileStatus};
use fhir_accord::capability::expectation::Expectation;

use super::support::{NEEDS, capability, definitions, in_package};
use crate::harness::{Test, tests};
use crate::made::simple;

pub const TESTS: &[Test] = tests! { NEEDS => us_core_server_requirements, summaries_separate_servers; };

fn us_core_server_requirements() {
    let definitions = definitions();
    let requirements = in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-server.json");
    for (server, interactions, profiles) in [
        ("inferno-reference-server-template-r4", 0, 0),
        ("smilecdr-hapi-2019-r4", 0, 48),
        ("cerner-millennium--r4_auth_metadata", 8, 16),
    ] {
        let a = simple(requirements.clone(), capability(server), definitions);
        let required = || a.resources.iter().filter(|r| r.entry.client == Some(Expectation::Shall));
        let demanded: Vec<_> =
            required().flat_map(|r| r.of(Kind::Interaction)).filter(|i| i.client == Some(Expectation::Shall)).collect();
        let read: Vec<_> =
            required().flat_map(super::found::profiles).filter(|p| p.direction == Direction::Read).collect();
        assert_eq!((demanded.len(), read.len()), (48, 48));
        let missed = demanded.iter().filter(|i| i.server == Answer::No).count();
        let undeclared = read.iter().filter(|p| p.status == ProfileStatus::Unknown).count();
        assert_eq!((missed, undeclared), (interactions, profiles), "{server}");
    }
}

/// What real servers come to for US Core's client: its types on the server, those that are whole, and the items that
/// fail; the weights of the statement's paths call nearly all of them degraded.
fn summaries_separate_servers() {
    let client = in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json");
    for (server, expected) in [
        ("inferno-reference-server-template-r4", (25, 24, 1)),
        ("smilecdr-hapi-2019-r4", (31, 30, 1)),
        ("careevolution-hiebus-r4", (25, 23, 3)),
        ("cerner-millennium--r4_auth_metadata", (23, 21, 3)),
        ("va-patient-r4-capability", (14, 10, 9)),
        ("azure-api-for-fhir-r4", (6, 6, 0)),
    ] {
        let a = simple(client.clone(), capability(server), definitions());
        let of = &a.summary;
        assert_eq!((of.types.server, of.types.whole, of.shall.failed), expected, "{server}");
        assert_eq!((of.types.client, of.failing.len()), (31, of.shall.failed), "{server}");
    }
}
