//! Slices: which have to be there, and what makes an entry one of them
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use super::ask::{Ask, At, Need, of_test};
use super::build::Generator;
use super::draft::{Draft, Extent};
use super::entry::{Entry, Sorted};
use super::tree::Tree;
use super::wish::Want;
use crate::model::TypeId;
use crate::plan::{Handle, PlanChild, PlanSlice, PlanSlicing, slicing_of};

/// How many entries of one slice are built.
const ENTRIES: usize = 32;

/// What tells that an entry is in a slice.
struct Mark {
    asks: Vec<Ask>,
    /// The parts among them, as one tree.
    parts: Tree,
    /// The types among them.
    types: Vec<TypeId>,
}

/// A slicing that is being met: its number among those of the element, and the slices around it.
struct Level<'a> {
    number: usize,
    slicing: &'a PlanSlicing,
    around: Vec<&'a PlanSlice>,
}

impl Generator<'_> {
    /// Adds the entries that slices need, or gives those that are there to the slices that they are in.
    pub(super) fn place_in_slices(&self, draft: &Draft, child: &PlanChild, sorted: &Sorted, entries: &mut Vec<Entry>) {
        for (number, slicing) in child.slicings.iter().enumerate() {
            self.meet(draft, child, &Level { number, slicing, around: Vec::new() }, sorted, entries, None);
        }
        // Slices that a wish names and that are of other profiles.
        for (slice, _) in &sorted.by_slice {
            if child.slicings.iter().any(|s| has_slice(s, *slice)) {
                continue;
            }
            if let Some(slicing) = self.slicing_around(*slice) {
                let level = Level { number: usize::MAX, slicing: &slicing, around: Vec::new() };
                self.meet(draft, child, &level, sorted, entries, Some(*slice));
            }
        }
    }

    /// Meets one slicing; `only` one of its slices where that is named.
    fn meet(
        &self,
        draft: &Draft,
        child: &PlanChild,
        level: &Level<'_>,
        sorted: &Sorted,
        entries: &mut Vec<Entry>,
        only: Option<Handle>,
    ) {
        for (i, slice) in level.slicing.slices.iter().enumerate() {
            let is_inner = |h: Handle| slice.reslicing.as_ref().is_some_and(|r| has_slice(r, h));
            if only.is_some_and(|h| h != slice.element && !is_inner(h)) {
                continue;
            }
            let mark = self.mark(child, slice);
            let asks: Vec<&Ask> = sorted.by_slice.iter().filter(|(h, _)| *h == slice.element).map(|(_, a)| a).collect();
            let inner = sorted.by_slice.iter().any(|(h, a)| !a.is_absence() && is_inner(*h));
            let (count, required) = self.wanted(draft, slice, &asks, inner, only.is_some());
            let is_own = |e: &Entry| !mark.parts.is_empty() && e.template.holds(&mark.parts);
            let mut mine: Vec<usize> = Vec::new();
            for at in 0..entries.len() {
                let free = entries.get(at).is_some_and(|e| level.has_room(e) && is_own(e));
                if free && (mine.len() < count || level.number == usize::MAX || slice.max > 0) {
                    self.put(child, entries, at, (level, i, slice), &mark);
                    mine.push(at);
                }
            }
            while mine.len() < count.min(ENTRIES) {
                let at = match self.host(child, level, slice, &mark, entries) {
                    Some(at) => at,
                    // What need not be there takes no place that is not there.
                    None if !required && u32::try_from(entries.len()).is_ok_and(|n| n >= child.max) => break,
                    None => {
                        entries.push(Entry { required, ..Entry::default() });
                        let at = entries.len() - 1;
                        for outer in &level.around {
                            let outer_mark = self.mark(child, outer);
                            self.take_mark(child, entries, at, outer.element, &outer_mark);
                        }
                        at
                    }
                };
                self.put(child, entries, at, (level, i, slice), &mark);
                mine.push(at);
            }
            hand_out(entries, &mine, &asks);
            if let Some(inner) = slice.reslicing.as_deref().filter(|_| !mine.is_empty()) {
                let around = level.around.iter().copied().chain([slice]).collect();
                let below = Level { number: level.number, slicing: inner, around };
                self.meet(draft, child, &below, sorted, entries, only.filter(|h| is_inner(*h)));
            }
        }
    }

    /// How many entries of a slice are built, and whether they have to be there.
    fn wanted(&self, draft: &Draft, slice: &PlanSlice, asks: &[&Ask], inner: bool, foreign: bool) -> (usize, bool) {
        let counted = asks.iter().find_map(|a| match a.want() {
            Some(Want::Absent) => Some(0),
            Some(Want::Count(n)) => Some(*n),
            _ => None,
        });
        if let Some(n) = counted {
            return (usize::try_from(n).unwrap_or(ENTRIES), true);
        }
        let min = if foreign { 0 } else { usize::try_from(slice.min).unwrap_or(ENTRIES) };
        let asked = inner || asks.iter().any(|a| !a.is_absence());
        let nth = asks.iter().filter_map(|a| match a.next() {
            Some(At::Entry(nth)) if !a.is_absence() => Some(usize::try_from(*nth).unwrap_or(ENTRIES) + 1),
            _ => None,
        });
        let min = min.max(usize::from(asked)).max(nth.max().unwrap_or(0));
        if min > 0 {
            return (min, true);
        }
        let supported =
            !foreign && draft.extent == Extent::Supported && slice.max > 0 && self.is_supported(slice.element);
        (usize::from(supported), false)
    }

    /// An entry that is there already and that this slice can take without becoming another: one of the same slice in
    /// another profile, or any that fits where there is no room for more.
    fn host(
        &self,
        child: &PlanChild,
        level: &Level<'_>,
        slice: &PlanSlice,
        mark: &Mark,
        entries: &[Entry],
    ) -> Option<usize> {
        let type_id = child.variants.first().map_or(TypeId::UNKNOWN, |v| v.type_id);
        let name = |h: Handle| self.set.element(h).map(|e| self.set.str(h.layer, e.slice_name));
        let fits = |e: &Entry| {
            let types = e.variant.and_then(|v| child.variants.get(v)).map(|v| v.type_id);
            let typed = match types {
                Some(t) => mark.types.is_empty() || mark.types.iter().any(|w| self.model.is_a(t, *w)),
                None => e.types.is_empty() || mark.types.is_empty() || e.types.iter().any(|t| mark.types.contains(t)),
            };
            !e.is_outside && level.has_room(e) && typed && e.template.agrees(self.model, type_id, &mark.parts)
        };
        let is_full = u32::try_from(entries.len()).is_ok_and(|n| n >= child.max);
        let same = |e: &Entry| e.slices.iter().any(|s| *s != slice.element && name(*s) == name(slice.element));
        let within = |e: &Entry| !e.template.is_empty() && mark.parts.holds(&e.template);
        let typed =
            |e: &Entry| child.is_choice || (mark.parts.is_empty() && !mark.types.is_empty() && e.slices.is_empty());
        entries.iter().position(|e| fits(e) && (same(e) || within(e) || typed(e) || is_full))
    }

    /// Puts an entry into a slice.
    fn put(
        &self,
        child: &PlanChild,
        entries: &mut [Entry],
        at: usize,
        (level, number, slice): (&Level<'_>, usize, &PlanSlice),
        mark: &Mark,
    ) {
        if let Some(e) = entries.get_mut(at) {
            if level.around.is_empty() {
                e.places.push((level.number, number));
            }
            e.required |= slice.min > 0 && level.number != usize::MAX;
        }
        self.take_mark(child, entries, at, slice.element, mark);
    }

    fn take_mark(&self, child: &PlanChild, entries: &mut [Entry], at: usize, slice: Handle, mark: &Mark) {
        let Some(e) = entries.get_mut(at) else { return };
        let type_id = child.variants.first().map_or(TypeId::UNKNOWN, |v| v.type_id);
        if !e.slices.contains(&slice) {
            e.slices.push(slice);
        }
        e.template.overlay(self.model, type_id, &mark.parts);
        if e.types.is_empty() {
            e.types.clone_from(&mark.types);
        } else if !mark.types.is_empty() {
            e.types.retain(|t| mark.types.iter().any(|m| self.model.is_a(*t, *m)));
        }
        e.asks.extend(mark.asks.iter().cloned());
    }

    /// What makes an entry one of a slice.
    fn mark(&self, child: &PlanChild, slice: &PlanSlice) -> Mark {
        let mut all = Vec::new();
        for test in &slice.tests {
            of_test(test, &[], &|value| Tree::of_value(self.set, value), &mut all);
        }
        let type_id = child.variants.first().map_or(TypeId::UNKNOWN, |v| v.type_id);
        let mut mark = Mark { asks: Vec::new(), parts: Tree::default(), types: Vec::new() };
        for ask in all {
            match (&*ask.need, ask.next()) {
                (Need::Types(types), None) => mark.types.extend(types.iter()),
                (Need::Hold(parts), _) => match self.below(type_id, &ask, parts) {
                    Some(tree) => {
                        mark.parts.overlay(self.model, type_id, &tree);
                    }
                    None => mark.asks.push(ask),
                },
                _ => mark.asks.push(ask),
            }
        }
        mark
    }

    /// Parts at the end of an ask's way as parts of the node where it begins; `None` where the way leaves the
    /// node's tree.
    fn below(&self, type_id: TypeId, ask: &Ask, parts: &Tree) -> Option<Tree> {
        match ask.next() {
            None => Some(parts.clone()),
            Some(At::Child(name)) => {
                let child = self.model.child(type_id, *name)?;
                let inner = self.below(child.type_id, &ask.further(), parts)?;
                Some(Tree::of(vec![(*name, inner)]))
            }
            Some(_) => None,
        }
    }

    /// The slicing that a slice's row is in.
    fn slicing_around(&self, slice: Handle) -> Option<PlanSlicing> {
        let row = self.set.element(slice)?;
        let parent = self.set.element(Handle { layer: slice.layer, row: row.parent })?;
        let image = self.set.layer(slice.layer);
        let mut at = parent.first_child;
        while let Some(e) = image.element(at) {
            let slicing =
                (e.name == row.name).then(|| slicing_of(self.set, Handle { layer: slice.layer, row: at })).flatten();
            if let Some(slicing) = slicing.filter(|s| has_slice(s, slice)) {
                return Some(slicing);
            }
            at = e.next;
        }
        None
    }
}

impl Level<'_> {
    /// Whether an entry is in no slice of this slicing yet, and in those around it.
    fn has_room(&self, e: &Entry) -> bool {
        self.around.iter().all(|s| e.slices.contains(&s.element))
            && !self.slicing.slices.iter().any(|s| e.slices.contains(&s.element))
    }
}

impl Entry {
    /// Asks what makes the entry one of a slice that it was put in for want of another.
    pub fn in_closed_slice(&mut self, slice: &PlanSlice) {
        let mut asks = Vec::new();
        for test in &slice.tests {
            of_test(test, &[], &|_| None, &mut asks);
        }
        for ask in asks {
            self.ask(ask);
        }
    }
}

/// Whether a slice is among those of a slicing, or of their reslicings.
fn has_slice(slicing: &PlanSlicing, slice: Handle) -> bool {
    let inner = |s: &PlanSlice| s.reslicing.as_ref().is_some_and(|r| has_slice(r, slice));
    slicing.slices.iter().any(|s| s.element == slice || inner(s))
}

/// Hands out what is asked of a slice's entries: by their number in the slice, else to the first.
fn hand_out(entries: &mut [Entry], mine: &[usize], asks: &[&Ask]) {
    for ask in asks {
        let (nth, ask) = match ask.next() {
            Some(At::Entry(nth)) => (usize::try_from(*nth).unwrap_or(ENTRIES), ask.further()),
            _ => (0, (*ask).clone()),
        };
        let is_plain = matches!(ask.want(), Some(Want::Present | Want::Absent | Want::Count(_) | Want::ExtraEntry));
        if let Some(e) = mine.get(nth).and_then(|at| entries.get_mut(*at))
            && !is_plain
        {
            e.ask(ask);
        }
    }
}
