//! The compiled form: image rows, string pool, checked reading, sets of images, and the plans over them. No logic
//! of validation: what is demanded stands here, whether it holds is seen in `assertion`.

mod build;
mod children;
mod closure;
pub(crate) mod concepts;
mod demands;
pub(crate) mod element_row;
mod elements;
mod guides;
mod hash;
mod image;
mod image_issue;
mod kinds;
pub(crate) mod marks;
mod native;
mod node;
pub(crate) mod rows;
mod section;
mod set;
mod slicing;
mod text;
mod weight;

pub use build::Plans;
pub use image::{Image, ImageError, LAYOUT};
pub use image_issue::ImageIssue;
pub use section::{SECTIONS, Section};
pub use set::{CoreOpener, Handle, ImageSet};

pub(crate) use elements::{children_of, content_of};
pub(crate) use hash::{code_hash, url_table};
pub(crate) use image::string_at;
pub(crate) use kinds::{
    Aggregation, BindingStrength, CodeSystemContent, ContextKind, DiscriminatorKind, ReferenceVersioning, SlicingRules,
    ValueKind, VersionTaken,
};
pub(crate) use native::Native;
pub(crate) use node::{
    Check, ExtensionPlan, PlanAlternatives, PlanBinding, PlanBounds, PlanChild, PlanConstraint, PlanFault, PlanNode,
    PlanPresence, PlanSlice, PlanSlicing, PlanTargets, PlanValue, SliceTest, Step, Variant,
};
pub(crate) use set::is_version;
pub(crate) use slicing::slicing_of;
pub(crate) use text::{slice_text, value_text};
