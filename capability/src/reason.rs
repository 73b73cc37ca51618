//! Why something is as it is: the reasons that results, issues and faults name. What each means, and what to do about
//! it, is in [`crate::rules`].

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! reasons {
    ($($name:ident = $id:literal,)*) => {
        /// A reason, by its rule id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = concat!("`", $id, "`")] $name,)*
        }

        impl Reason {
            /// Every reason, in the order of the ids.
            pub const ALL: &[Reason] = &[$(Reason::$name),*];

            /// The stable id, as `unlisted-scope`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Reason::$name => $id,)*
                }
            }
        }
    };
}

reasons! {
    AnyVersion = "any-version",
    Assumed = "assumed",
    Authority = "authority",
    BackendSystemOnly = "backend-system-only",
    BadOrder = "bad-order",
    Broadened = "broadened",
    CaseContext = "case-context",
    ClientConfidentialAsymmetric = "client-confidential-asymmetric",
    ClientConfidentialSymmetric = "client-confidential-symmetric",
    ClientCredentials = "client-credentials",
    ClientPublic = "client-public",
    CombinationUnmet = "combination-unmet",
    CompliesWithProfile = "complies-with-profile",
    Conditional = "conditional",
    ConditionalCreate = "conditional-create",
    ConditionalDelete = "conditional-delete",
    ConditionalPatch = "conditional-patch",
    ConditionalRead = "conditional-read",
    ConditionalUpdate = "conditional-update",
    Context = "context",
    ContextEhrEncounter = "context-ehr-encounter",
    ContextEhrPatient = "context-ehr-patient",
    ContextStandaloneEncounter = "context-standalone-encounter",
    ContextStandalonePatient = "context-standalone-patient",
    CoreType = "core-type",
    Counterexample = "counterexample",
    DeclaredElsewhere = "declared-elsewhere",
    DeclaredMisspelt = "declared-misspelt",
    DefaultScopes = "default-scopes",
    DefinitionMissing = "definition-missing",
    Derivation = "derivation",
    DerivedFromOtherVersion = "derived-from-other-version",
    EntriesLimit = "entries-limit",
    EntryByEntry = "entry-by-entry",
    FhirVersion = "fhir-version",
    FhirVersionUnknown = "fhir-version-unknown",
    Foreign = "foreign",
    Format = "format",
    Granular = "granular",
    GranularNarrowed = "granular-narrowed",
    GuideStatement = "guide-statement",
    GuideVersionUnknown = "guide-version-unknown",
    IdentityNoOpenid = "identity-no-openid",
    IdentityUnreadable = "identity-unreadable",
    ImplementationGuide = "implementation-guide",
    ImportCycle = "import-cycle",
    ImportsLimit = "imports-limit",
    ImposeProfile = "impose-profile",
    InnerSpace = "inner-space",
    Kind = "kind",
    Launch = "launch",
    LaunchEhr = "launch-ehr",
    LaunchNeedsEhr = "launch-needs-ehr",
    LaunchStandalone = "launch-standalone",
    Listed = "listed",
    ListedWildcard = "listed-wildcard",
    LoadedVersions = "loaded-versions",
    MixedContexts = "mixed-contexts",
    ModifierExtension = "modifier-extension",
    MostlyUnknown = "mostly-unknown",
    NarrowedInside = "narrowed-inside",
    NarrowedOutside = "narrowed-outside",
    NarrowedPart = "narrowed-part",
    NarrowedUnknown = "narrowed-unknown",
    NeedAdded = "need-added",
    NeedUnknown = "need-unknown",
    NoPatientContext = "no-patient-context",
    NoSmartConfiguration = "no-smart-configuration",
    NotAsked = "not-asked",
    NotNeeded = "not-needed",
    NothingWeighs = "nothing-weighs",
    Observed = "observed",
    ObservedFailure = "observed-failure",
    ObservedOnly = "observed-only",
    OpenDemands = "open-demands",
    OperationScope = "operation-scope",
    OtherDefinition = "other-definition",
    OtherVersion = "other-version",
    OutsideCompartment = "outside-compartment",
    PairsLimit = "pairs-limit",
    ParameterMissing = "parameter-missing",
    PartialUse = "partial-use",
    PatchFormat = "patch-format",
    PatientNoLaunch = "patient-no-launch",
    Permission = "permission",
    PermissionOffline = "permission-offline",
    PermissionOnline = "permission-online",
    PermissionPatient = "permission-patient",
    PermissionUser = "permission-user",
    PermissionV1 = "permission-v1",
    Policy = "policy",
    PolicyScript = "policy-script",
    PolicyScriptFailed = "policy-script-failed",
    ProfileWithoutEntry = "profile-without-entry",
    Prohibited = "prohibited",
    Query = "query",
    ReadHistory = "read-history",
    RefreshSubset = "refresh-subset",
    Registration = "registration",
    RelativeReference = "relative-reference",
    RestMode = "rest-mode",
    ResultParameter = "result-parameter",
    SameUrl = "same-url",
    SameVersion = "same-version",
    ScopeExtra = "scope-extra",
    ScopeHint = "scope-hint",
    ScopeLimit = "scope-limit",
    ScopeMissing = "scope-missing",
    ScopeOmitted = "scope-omitted",
    SearchUnusable = "search-unusable",
    Security = "security",
    SelfInstantiates = "self-instantiates",
    ServerExpectation = "server-expectation",
    ServerNarrower = "server-narrower",
    ServerWider = "server-wider",
    SsoOpenidConnect = "sso-openid-connect",
    Structure = "structure",
    Succession = "succession",
    SystemNeedsBackend = "system-needs-backend",
    TargetNotAsked = "target-not-asked",
    TokenChar = "token-char",
    TokenResponse = "token-response",
    Type = "type",
    TypeAbsent = "type-absent",
    TypeCase = "type-case",
    TypeDiffers = "type-differs",
    TypeMismatch = "type-mismatch",
    TypeNotNeeded = "type-not-needed",
    TypeRenamed = "type-renamed",
    Undeclared = "undeclared",
    Unlisted = "unlisted",
    UnlistedScope = "unlisted-scope",
    UnresolvedGuide = "unresolved-guide",
    UnresolvedImport = "unresolved-import",
    UnresolvedInstantiates = "unresolved-instantiates",
    UnresolvedProfile = "unresolved-profile",
    UpdateCreate = "update-create",
    UseUnknown = "use-unknown",
    V1Only = "v1-only",
    V1Query = "v1-query",
    VendorType = "vendor-type",
    VersionUnknown = "version-unknown",
    Versioning = "versioning",
    VersionsDiffer = "versions-differ",
    WildcardDropped = "wildcard-dropped",
    WithoutUnknown = "without-unknown",
}

impl Reason {
    /// The reason about a flag of a resource entry, as `updateCreate`; `None` where no reason is about it.
    pub(crate) fn of_flag(flag: &str) -> Option<Reason> {
        Some(match flag {
            "updateCreate" => Reason::UpdateCreate,
            "conditionalCreate" => Reason::ConditionalCreate,
            "conditionalRead" => Reason::ConditionalRead,
            "conditionalUpdate" => Reason::ConditionalUpdate,
            "conditionalPatch" => Reason::ConditionalPatch,
            "conditionalDelete" => Reason::ConditionalDelete,
            "versioning" => Reason::Versioning,
            "readHistory" => Reason::ReadHistory,
            _ => return None,
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl PartialEq<str> for Reason {
    fn eq(&self, id: &str) -> bool {
        self.id() == id
    }
}

impl PartialEq<&str> for Reason {
    fn eq(&self, id: &&str) -> bool {
        self.id() == *id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{GROUPS, rule};

    #[test]
    fn every_reason_has_a_rule_and_every_rule_a_reason() {
        let unexplained: Vec<&str> = Reason::ALL.iter().map(|r| r.id()).filter(|id| rule(id).is_none()).collect();
        assert_eq!(unexplained, Vec::<&str>::new());
        // Those of the guard are no reasons of a negotiation; its own tests expect each of them.
        let of_negotiation = GROUPS.iter().filter(|group| group.title != "Guard").flat_map(|group| group.rules);
        let unused: Vec<&str> =
            of_negotiation.map(|r| r.id).filter(|id| !Reason::ALL.iter().any(|r| r == id)).collect();
        assert_eq!(unused, Vec::<&str>::new());
        assert!(Reason::ALL.is_sorted_by(|a, b| a.id() < b.id()));
    }
}
