//! Values of primitives: by type, within the bounds of their element
//! (<https://hl7.org/fhir/R4/datatypes.html#primitive>).

use super::Unbuildable;
use super::ask::{Ask, Need};
use super::build::Generator;
use super::draft::Draft;
use super::node::has_value;
use super::tree::{Scalar, Tree};
use super::wish::Want;
use crate::model::{JsonLexeme, Primitive, TypeKind};
use crate::plan::{PlanNode, ValueKind};

/// The longest string that is made to reach a length.
const LONGEST: usize = 4096;
/// How many days, numbers and words a seed chooses from.
const SPREAD: usize = 28;

impl Generator<'_> {
    /// Builds a primitive: its value, and what stands beside it.
    pub(super) fn primitive(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        p: Primitive,
        (here, below): (&[Ask], Vec<Ask>),
        mut tree: Tree,
    ) -> Result<Tree, Unbuildable> {
        let own = match &tree.value {
            Some(Scalar::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let is_coded = !plan.bindings.is_empty()
            || here.iter().any(|a| matches!(&*a.need, Need::Member(_)))
            || here.iter().any(|a| matches!(a.want(), Some(Want::Code { .. } | Want::OtherCode)));
        if is_coded && let Some(code) = self.plain_code(draft, plan, here, own.as_deref())? {
            tree.value = Some(Scalar::Text(code));
        }
        if !has_value(&tree) && tree.children.is_empty() {
            tree.value = Some(self.value(draft, plan, p));
        }
        if plan.asks_children || !below.is_empty() || !tree.children.is_empty() {
            return self.children(draft, plan, below, tree);
        }
        Ok(tree)
    }

    /// A value of a type.
    fn value(&self, draft: &mut Draft, plan: &PlanNode, p: Primitive) -> Scalar {
        if let Some(bound) = self.bound_value(plan, p) {
            return bound;
        }
        let nth = draft.chance.place(SPREAD) + 1;
        let text = match p {
            Primitive::Boolean => return Scalar::Bool(draft.chance.place(2) == 0),
            Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt | Primitive::Decimal => {
                return Scalar::Number(nth.to_string());
            }
            Primitive::Integer64 => nth.to_string(),
            Primitive::Date => format!("2024-01-{nth:02}"),
            Primitive::DateTime => format!("2024-01-{nth:02}T12:00:00Z"),
            Primitive::Instant => format!("2024-01-{nth:02}T12:00:00.000Z"),
            Primitive::Time => format!("12:{nth:02}:00"),
            Primitive::Base64Binary => "ZXhhbXBsZQ==".to_owned(),
            Primitive::Oid => format!("urn:oid:2.999.{nth}"),
            Primitive::Uuid => format!("urn:uuid:00000000-0000-4000-8000-{nth:012}"),
            Primitive::Uri | Primitive::Url => format!("http://a.test/{nth}"),
            Primitive::Canonical => self.canonical(plan, nth),
            Primitive::Id => format!("example-{nth}"),
            Primitive::Code => "example".to_owned(),
            Primitive::Xhtml => "<div xmlns=\"http://www.w3.org/1999/xhtml\">example</div>".to_owned(),
            Primitive::String | Primitive::Markdown if nth == 1 => "example".to_owned(),
            Primitive::String | Primitive::Markdown => format!("example {nth}"),
        };
        Scalar::Text(fitted(plan, text))
    }

    /// A canonical that no package defines, of a type that is allowed.
    fn canonical(&self, plan: &PlanNode, nth: usize) -> String {
        let concrete = |t: &&crate::model::TypeId| self.model.kind(**t) == Some(TypeKind::Resource);
        let target = plan.targets.iter().flat_map(|t| t.types.iter()).find(concrete);
        let name = target.map_or("Questionnaire", |t| self.model.type_name(*t));
        format!("http://a.test/{name}/{nth}")
    }

    /// The smallest value where there is a least, else the largest; of one type with the primitive.
    fn bound_value(&self, plan: &PlanNode, p: Primitive) -> Option<Scalar> {
        let least = plan.bounds.iter().filter_map(|b| b.min_value);
        let most = plan.bounds.iter().filter_map(|b| b.max_value);
        for bound in least.chain(most) {
            let Some(row) = self.set.value(bound) else { continue };
            let text = self.set.str(bound.layer, row.text).to_owned();
            match (row.kind(), p.json_lexeme()) {
                (ValueKind::Number, JsonLexeme::Number) => return Some(Scalar::Number(text)),
                (ValueKind::String, JsonLexeme::String) => return Some(Scalar::Text(text)),
                _ => {}
            }
        }
        None
    }
}

/// A text as long as its element asks.
fn fitted(plan: &PlanNode, mut text: String) -> String {
    let least = plan.bounds.iter().map(|b| b.min_length).max().unwrap_or(0);
    let most = plan.bounds.iter().filter_map(|b| b.max_length).min();
    let least = usize::try_from(least).unwrap_or(LONGEST).min(LONGEST);
    while text.chars().count() < least {
        text.push('x');
    }
    if let Some(most) = most.and_then(|m| usize::try_from(m).ok())
        && text.chars().count() > most
    {
        text = text.chars().take(most.max(1)).collect::<String>().trim_end().to_owned();
    }
    text
}
