//! Golden counts against the US Core 6.1.0 server requirements, over the resources that SHALL be supported.

use fhir_accord::capability::agreement::{Answer, Direction, ProfileStatus};
use fhir_accord::capability::expectation::Expectation;

use super::support::{NEEDS, capability, definitions, in_package};
use crate::harness::{Test, tests};
use crate::made::simple;

pub const TESTS: &[Test] = tests! { NEEDS => us_core_server_requirements; };

fn us_core_server_requirements() {
    let definitions = definitions();
    let requirements = in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-server.json");
    for (server, interactions, profiles) in [
        ("inferno-reference-server-template-r4", 0, 0),
        ("smilecdr-hapi-2019-r4", 0, 48),
        ("cerner-millennium--r4_auth_metadata", 8, 16),
    ] {
        let a = simple(requirements.clone(), capability(server), definitions);
        let required = || a.resources.iter().filter(|r| r.client == Some(Expectation::Shall));
        let demanded: Vec<_> =
            required().flat_map(|r| &r.interactions).filter(|i| i.client == Some(Expectation::Shall)).collect();
        let read: Vec<_> = required().flat_map(|r| &r.profiles).filter(|p| p.direction == Direction::Read).collect();
        assert_eq!((demanded.len(), read.len()), (48, 48));
        let missed = demanded.iter().filter(|i| i.server == Answer::No).count();
        let undeclared = read.iter().filter(|p| p.status == ProfileStatus::Unknown).count();
        assert_eq!((missed, undeclared), (interactions, profiles), "{server}");
    }
}
