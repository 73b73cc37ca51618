//! Codings of code systems that are held beside the packages: whether the code is one of the system's, and the display
//! one of the code's names (<https://hl7.org/fhir/R4/datatypes.html#Coding>).

use crate::instance::{NameId, Node};
use crate::judge::{Level, Scene};
use crate::terminology::{DisplayFit, HeldCode, HeldSystem, check_held_display};

/// How a Coding agrees with the code system that is held.
#[derive(PartialEq)]
pub(super) enum HeldFit {
    /// Nothing that is held decides it.
    Open,
    /// Another version is held than the one that the Coding names, and nobody else can be asked.
    OtherVersion,
    /// The code is none of the system's.
    Absent,
    /// The display is none of the code's names.
    Misnamed {
        /// The code's preferred name.
        preferred: String,
    },
    /// Nothing is wrong with it.
    Fits,
}

/// How a Coding with this code agrees with the code system that is held, and whether the code is inactive there.
pub(super) fn held_fit(scene: &Scene<'_, '_>, n: Node<'_>, code: &str) -> (HeldFit, bool) {
    let open = (HeldFit::Open, false);
    if scene.held.is_none() {
        return open;
    }
    let Some(url) = n.child_text(NameId::SYSTEM) else { return open };
    let version = n.child_text(NameId::VERSION);
    let Some(system) = scene.held_system(&url, version.as_deref()) else {
        let is_other = version.is_some() && !scene.asks && scene.held_system(&url, None).is_some();
        return (if is_other { HeldFit::OtherVersion } else { HeldFit::Open }, false);
    };
    let index = match system.find(code) {
        HeldCode::Known(index) => index,
        HeldCode::Absent => return (HeldFit::Absent, false),
        HeldCode::Open => return open,
    };
    (held_display(scene, n, system, index), system.is_inactive(index))
}

/// How the display of a Coding agrees with the names of its code.
fn held_display(scene: &Scene<'_, '_>, n: Node<'_>, system: &dyn HeldSystem, index: u32) -> HeldFit {
    let display = n.child(NameId::DISPLAY).filter(|d| d.has_value() && scene.policies.display != Level::Allow);
    let Some(display) = display else { return HeldFit::Fits };
    if matches!(check_held_display(system, index, &display.text()), DisplayFit::Fits | DisplayFit::NoNames) {
        return HeldFit::Fits;
    }
    let mut preferred = String::new();
    system.names(index, &mut |name| {
        if preferred.is_empty() {
            preferred.push_str(name);
        }
    });
    HeldFit::Misnamed { preferred }
}
