//! Where a rule looks: a node, what is demanded of it, and what is around it.

use crate::instance::Node;
use crate::model::TypeId;
use crate::plan::PlanNode;

/// The resource around a node, and what encloses that.
#[derive(Clone, Copy)]
pub struct Frame<'t> {
    /// The resource itself.
    pub resource: Node<'t>,
    /// Its type.
    pub type_id: TypeId,
    /// The resource that holds the contained ones: the resource itself where it is not contained.
    pub root: Node<'t>,
    /// Whether it is contained in another resource.
    pub contained: bool,
    /// The resource that holds this one in an element; `None` at the root of the instance.
    pub holder: Option<Node<'t>>,
    /// The innermost Bundle around: a Bundle is around itself.
    pub bundle: Option<Node<'t>>,
}

/// A node with the plan along which it is judged. Places are linked upwards on the stack: making one allocates nothing.
#[derive(Clone, Copy)]
pub struct Place<'a, 't> {
    /// The node that is judged.
    pub node: Node<'t>,
    /// What is demanded of it.
    pub plan: &'a PlanNode,
    /// The place of the element around; `None` where the walk or the trial began.
    pub up: Option<&'a Place<'a, 't>>,
    /// The resource around it.
    pub frame: &'a Frame<'t>,
}

impl<'a, 't> Place<'a, 't> {
    /// The place of a child, along its own plan.
    pub fn below(&'a self, node: Node<'t>, plan: &'a PlanNode) -> Place<'a, 't> {
        Place { node, plan, up: Some(self), frame: self.frame }
    }

    /// The same place along another plan.
    pub fn along<'b>(&self, plan: &'b PlanNode) -> Place<'b, 't>
    where
        'a: 'b,
    {
        Place { node: self.node, plan, up: self.up, frame: self.frame }
    }
}
