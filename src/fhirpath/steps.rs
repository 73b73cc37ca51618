//! What each part of an expression yields, in the form of the FHIRPath Lab's `debug-trace`
//! (<https://github.com/brianpos/fhirpath-lab/blob/develop/server-api.md>): parts come as they are evaluated, operands
//! first, each named `position,length,function`, in UTF-16 units.

use fhir_accord_profiles::fhirpath::{Expr, ExprKind, Item, token_spans};
use rustc_hash::FxHashMap;

use super::part::{Writer, quoted};
use super::tree::places;

/// How many bytes of steps are kept for one evaluation; what comes after is left out.
const MAX_BYTES: usize = 4 << 20;
/// How many items of one step are reported.
const MAX_ITEMS: usize = 1000;

/// A part of an expression.
struct Part {
    /// `position,length,function`
    name: String,
    /// The byte offset of what it works on; `None` where that is `$this`.
    input: Option<u32>,
}

/// The parts of an expression, by their byte offsets.
pub struct Parts(FxHashMap<u32, Part>);

impl Parts {
    /// The parts of a tree and its text.
    pub fn of(tree: &Expr, text: &str) -> Parts {
        let units = places(text);
        let spans = token_spans(text);
        let mut parts = FxHashMap::default();
        let mut open = vec![tree];
        while let Some(e) = open.pop() {
            let first = spans.binary_search_by_key(&(e.at as usize), |s| s.start).ok();
            let tokens = usize::from(matches!(e.kind, ExprKind::Quantity { .. } | ExprKind::Empty));
            let end = first.and_then(|i| spans.get(i + tokens)).map_or(e.at as usize, |s| s.end);
            let unit = |byte: usize| units.get(byte).copied().unwrap_or_default();
            let (position, end) = (unit(e.at as usize), unit(end));
            let name = format!("{position},{},{}", end.saturating_sub(position), function(&e.kind));
            parts.insert(e.at, Part { name, input: input(&e.kind).map(|i| i.at) });
            open.extend(e.children());
        }
        Parts(parts)
    }
}

/// What a part does, as the Lab names it.
fn function(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Empty => "{}".to_owned(),
        ExprKind::Bool(_)
        | ExprKind::Text(_)
        | ExprKind::Number(_)
        | ExprKind::Long(_)
        | ExprKind::Temporal(_)
        | ExprKind::Quantity { .. } => "constant".to_owned(),
        ExprKind::This => "$this".to_owned(),
        ExprKind::Index => "$index".to_owned(),
        ExprKind::Total => "$total".to_owned(),
        ExprKind::Variable(name) => format!("%{name}"),
        ExprKind::Member { name, .. } | ExprKind::Call { name, .. } => name.to_string(),
        ExprKind::Indexer { .. } => "[]".to_owned(),
        ExprKind::Negate(_) => "-".to_owned(),
        ExprKind::Plus(_) => "+".to_owned(),
        ExprKind::Binary { op, .. } => op.symbol().to_owned(),
        ExprKind::TypeOp { cast, .. } => if *cast { "as" } else { "is" }.to_owned(),
    }
}

/// What a part works on, where that is written.
fn input(kind: &ExprKind) -> Option<&Expr> {
    match kind {
        ExprKind::Member { input, .. } | ExprKind::Call { input, .. } => input.as_deref(),
        ExprKind::Indexer { input, .. } => Some(input),
        _ => None,
    }
}

/// The steps of one evaluation.
#[derive(Default)]
pub struct Steps {
    told: Vec<String>,
    /// By part: what it yielded last, as the focus of the part behind it.
    last: FxHashMap<u32, Vec<String>>,
    bytes: usize,
    /// There were more steps than there is room for.
    full: bool,
}

impl Steps {
    /// Takes note of a step, as long as there is room.
    pub fn note<'t>(
        &mut self,
        parts: &Parts,
        writer: &Writer<'t>,
        at: u32,
        items: &[Item<'t>],
        this: &[Item<'t>],
        index: i64,
    ) {
        let Some(part) = parts.0.get(&at) else { return };
        self.full |= self.bytes > MAX_BYTES;
        if self.full {
            return;
        }
        let seen = |prefix: &'static str, items: &[Item<'t>]| -> Vec<String> {
            let writer = writer.prefixed(prefix);
            items.iter().take(MAX_ITEMS).map(|i| writer.place_part(i).unwrap_or_else(|| writer.part(i))).collect()
        };
        let mut all: Vec<String> = items
            .iter()
            .take(MAX_ITEMS)
            .map(|i| writer.place_part(i).filter(|_| writer.is_complex(i)).unwrap_or_else(|| writer.part(i)))
            .collect();
        match part.input.and_then(|i| self.last.get(&i)) {
            Some(focus) => all.extend(focus.iter().cloned()),
            None => all.extend(seen("focus-", this)),
        }
        all.extend(seen("this-", this));
        all.push(format!("{{\"name\":\"index\",\"valueInteger\":{index}}}"));
        let told = format!("{{\"name\":{},\"part\":[{}]}}", quoted(&part.name), all.join(","));
        self.last.insert(at, seen("focus-", items));
        self.bytes += told.len();
        self.told.push(told);
    }

    /// Whether there were more steps than there is room for.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// The JSON of the steps, one part each.
    pub fn told(&self) -> &[String] {
        &self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir_accord_profiles::fhirpath::parse;

    #[test]
    fn parts_have_their_places() {
        let text = "'é😀' & Patient.`name`[0].where(use = 'a' or $this is HumanName).given.take(-1) & 4 'mg' & {} \
         & %resource.id";
        let parts = Parts::of(&parse(text).unwrap(), text);
        let mut all: Vec<(u32, &str)> = parts.0.iter().map(|(at, p)| (*at, p.name.as_str())).collect();
        all.sort_unstable();
        let names: Vec<&str> = all.iter().map(|(_, n)| *n).collect();
        let wanted = [
            "0,5,constant",
            "6,1,&",
            "8,7,Patient",
            "16,6,name",
            "22,1,[]",
            "23,1,constant",
            "26,5,where",
            "32,3,use",
            "36,1,=",
            "38,3,constant",
            "42,2,or",
            "45,5,$this",
            "51,2,is",
            "65,5,given",
            "71,4,take",
            "76,1,-",
            "77,1,constant",
            "80,1,&",
            "82,6,constant",
            "89,1,&",
            "91,2,{}",
            "94,1,&",
            "96,9,%resource",
            "106,2,id",
        ];
        assert_eq!(names, wanted);
    }
}
