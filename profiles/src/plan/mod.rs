//! The compiled form: image rows, string pool, checked reading, sets of images, and the plans over them. No logic
//! of validation: what is demanded stands here, whether it holds is seen in `assertion`.

mod build;
mod demands;
mod image;
mod kinds;
mod native;
mod node;
pub mod rows;
mod section;
mod set;
mod slicing;

pub use build::Plans;
pub use image::{Image, ImageError, LAYOUT, checksum, code_hash, url_table};
pub use kinds::{
    Aggregation, BindingStrength, CodeSystemContent, ContextKind, DiscriminatorKind, ReferenceVersioning, SlicingRules,
    ValueKind, VersionTaken,
};
pub use native::Native;
pub use node::{
    Check, ExtensionPlan, Occurs, PlanAlternatives, PlanBinding, PlanBounds, PlanChild, PlanConstraint, PlanFault,
    PlanNode, PlanPresence, PlanSlice, PlanSlicing, PlanTargets, PlanValue, SliceTest, Step, Variant,
};
pub use section::{SECTIONS, Section};
pub use set::{Handle, ImageSet, is_version};
pub use slicing::slicing_of;
