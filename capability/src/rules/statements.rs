//! Rules about the two statements as a whole, and about what a request singles out.

use super::{Rule, row};

/// The rules, sorted by id.
pub(super) const RULES: &[Rule] = &[
    row(
        "entries-limit",
        "the statement has more entries than are read",
        "a statement, with those that it imports, lists more than 65536 types, interactions, parameters, profiles and \
         so on; what lies beyond is unknown",
        "split the statement, or name only what matters",
        "",
    ),
    row(
        "fhir-version",
        "the sides speak different FHIR versions",
        "the FHIR versions of the two statements differ in their major or minor number",
        "compare statements of one FHIR version; nothing is converted between versions",
        fhir!("R4/versioning.html"),
    ),
    row(
        "fhir-version-unknown",
        "a side does not name a known FHIR version",
        "`fhirVersion` is missing in a statement, or is not a FHIR version",
        "set `fhirVersion` in the statement",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.fhirVersion"),
    ),
    row(
        "format",
        "the sides must have a format in common",
        "both statements list formats and none is common, or the server only may support the common one",
        "support one of the formats that the other side lists",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.format"),
    ),
    row(
        "guide-statement",
        "the guide has several statements of requirements",
        "more than one fits the side; the first with the mode of the side was taken",
        "pass the statement that is meant as a file",
        fhir!("R4/capabilitystatement.html"),
    ),
    row(
        "import-cycle",
        "an import leads back to itself",
        "a statement is imported by one that it imports itself, or imports are nested too deeply; the import is not \
         followed",
        "remove one of the imports",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.imports"),
    ),
    row(
        "imports-limit",
        "the statement imports more statements than are merged",
        "a statement, with those that it imports, imports more than 64 statements; what the others add is unknown",
        "import fewer statements, or write what they say into the statement",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.imports"),
    ),
    row(
        "kind",
        "the statement does not say what it describes",
        "`kind` is missing or is not instance, capability or requirements; the statement is read as one of an instance",
        "set `kind` in the statement",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.kind"),
    ),
    row(
        "modifier-extension",
        "an unknown modifier extension makes the statement unreliable",
        "an element of the statement has a modifier extension that Accord does not know",
        "remove the extension, or check by hand what it changes",
        fhir!("R4/extensibility.html#modifierExtension"),
    ),
    row(
        "mostly-unknown",
        "more of what the client recommends is unknown than met",
        "nothing failed, no SHALL is unknown, and more SHOULDs are unknown than met",
        "give statements that say more, or observe the server",
        fhir!("R4/capabilitystatement.html"),
    ),
    row(
        "need-added",
        "something required by the request is not in the client's statement",
        "a type, interaction or operation given with `--need` is not listed by the client; it is added as a SHALL",
        "add it to the client's statement",
        "",
    ),
    row(
        "need-unknown",
        "something required by the request is unknown",
        "a word given with `--need` is not a resource type, or not one of its interactions",
        "write `Type`, `Type.interaction` or `Type.$operation`",
        "",
    ),
    row(
        "nothing-weighs",
        "nothing in the client's statement is a requirement",
        "the statement lists nothing for the RESTful interface that weighs SHALL, SHOULD or MAY",
        "list what the client needs in `rest`, or name it with `--need`",
        fhir!("R4/capabilitystatement.html"),
    ),
    row(
        "patch-format",
        "the sides have no patch format in common",
        "both statements list patch formats and none is common; the verdict does not change",
        "support one of the patch formats that the other side lists",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.patchFormat"),
    ),
    row(
        "profile-without-entry",
        "the profile is for a type that the statement does not list",
        "a DSTU2 or STU3 statement lists a profile at its top level, and has no entry for the profile's type; the \
         profile is ignored",
        "add an entry for the type",
        fhir!("STU3/capabilitystatement-definitions.html#CapabilityStatement.profile"),
    ),
    row(
        "relative-reference",
        "a relative reference has no meaning outside its own server",
        "a statement names a profile by a relative reference; it is ignored",
        "write the profile's canonical url",
        fhir!("R4/references.html#canonical"),
    ),
    row(
        "rest-mode",
        "the statement has no `rest` entry for its side",
        "the client's statement has no entry with mode `client`, or the server's none with mode `server`; the entry \
         that it has is used instead",
        "give the statement a `rest` entry with the right mode",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.mode"),
    ),
    row(
        "security",
        "the client names a security service that the server does not",
        "a code of `rest.security.service` in the client's statement is missing in the server's; the verdict does \
         not change",
        "check that both sides use the same kind of authorization",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.security.service"),
    ),
    row(
        "self-instantiates",
        "the statement instantiates itself",
        "`instantiates` names the statement's own url; it adds nothing",
        "remove the entry",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.instantiates"),
    ),
    row(
        "type-mismatch",
        "the profile is for another type",
        "an entry lists a profile whose definition constrains another resource type; the profile is ignored",
        "move the profile to the entry of its type",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.supportedProfile"),
    ),
    row(
        "type-renamed",
        "the type has another name in the server's FHIR version",
        "FHIR versions differ, and a type that the server does not list has a successor or predecessor that it lists",
        "compare the two types by hand",
        "",
    ),
    row(
        "unresolved-guide",
        "the implementation guide is not in the package set",
        "`implementationGuide` names a guide that is not in any loaded package",
        "load the guide's package with `--package`",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.implementationGuide"),
    ),
    row(
        "unresolved-import",
        "the imported statement is not in the package set",
        "`imports` names a statement that is not in any loaded package; what it adds is unknown",
        "load the package that contains the statement",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.imports"),
    ),
    row(
        "unresolved-instantiates",
        "the instantiated statement is not in the package set",
        "`instantiates` names a statement that is not in any loaded package; nothing is read from it in any case",
        "check the url, or load the package that contains the statement",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.instantiates"),
    ),
    row(
        "unresolved-profile",
        "the profile is not in the package set",
        "a statement names a profile, or a version of one, that is not in any loaded package",
        "check the url and the version, or load the package that contains the profile",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.supportedProfile"),
    ),
    row(
        "without-unknown",
        "something that the request would do without is unknown",
        "a word given with `--without` names nothing in the client's statement",
        "write `Type`, `Type.interaction`, `Type.$operation`, `Type?parameter`, `Type?_include=VALUE` or \
         `Type:profile`; `*` for every type",
        "",
    ),
];
