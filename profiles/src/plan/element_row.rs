//! Elements as an image holds them: what many have in common is stored once.

use bytemuck::{Pod, Zeroable};

use super::image::Image;
use super::rows::{ElementRow, Run, Str};
use super::section::Section;
use crate::instance::NameId;

/// What an element has of its own.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ElementHead {
    id: Str,
    slice_name: Str,
    structure: u32,
    parent: u32,
    first_child: u32,
    next: u32,
    first_slice: u32,
    next_slice: u32,
    content: u32,
    /// Row of its facets.
    facets: u32,
}

/// What an element demands: the same of many.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ElementFacets {
    name: NameId,
    min: u32,
    max: u32,
    flags: u32,
    types: Run,
    constraints: Run,
    slicing: u32,
    binding: u32,
    fixed: u32,
    pattern: u32,
    min_value: u32,
    max_value: u32,
    max_length: u32,
    min_length: u32,
    value_alternatives: Run,
    obligations: Run,
    controls: Run,
}

impl ElementRow {
    /// What of it is stored once for all elements like it.
    pub(crate) fn facets(&self) -> ElementFacets {
        ElementFacets {
            name: self.name,
            min: self.min,
            max: self.max,
            flags: self.flags,
            types: self.types,
            constraints: self.constraints,
            slicing: self.slicing,
            binding: self.binding,
            fixed: self.fixed,
            pattern: self.pattern,
            min_value: self.min_value,
            max_value: self.max_value,
            max_length: self.max_length,
            min_length: self.min_length,
            value_alternatives: self.value_alternatives,
            obligations: self.obligations,
            controls: self.controls,
        }
    }

    /// The rest of it, with the row of its facets.
    pub(crate) fn head(&self, facets: u32) -> ElementHead {
        ElementHead {
            id: self.id,
            slice_name: self.slice_name,
            structure: self.structure,
            parent: self.parent,
            first_child: self.first_child,
            next: self.next,
            first_slice: self.first_slice,
            next_slice: self.next_slice,
            content: self.content,
            facets,
        }
    }

    fn of(head: &ElementHead, facets: &ElementFacets) -> ElementRow {
        ElementRow {
            name: facets.name,
            id: head.id,
            slice_name: head.slice_name,
            structure: head.structure,
            min: facets.min,
            max: facets.max,
            flags: facets.flags,
            parent: head.parent,
            first_child: head.first_child,
            next: head.next,
            first_slice: head.first_slice,
            next_slice: head.next_slice,
            types: facets.types,
            constraints: facets.constraints,
            slicing: facets.slicing,
            binding: facets.binding,
            fixed: facets.fixed,
            pattern: facets.pattern,
            min_value: facets.min_value,
            max_value: facets.max_value,
            max_length: facets.max_length,
            min_length: facets.min_length,
            value_alternatives: facets.value_alternatives,
            obligations: facets.obligations,
            controls: facets.controls,
            content: head.content,
        }
    }
}

impl Image {
    fn heads(&self) -> &[ElementHead] {
        self.rows(Section::Elements)
    }

    fn whole(&self, head: &ElementHead) -> Option<ElementRow> {
        let facets: &[ElementFacets] = self.rows(Section::ElementFacets);
        Some(ElementRow::of(head, facets.get(head.facets as usize)?))
    }

    /// The element of this row; `None` beyond the last.
    #[inline]
    pub(crate) fn element(&self, row: u32) -> Option<ElementRow> {
        self.whole(self.heads().get(row as usize)?)
    }

    /// The elements from this row on.
    pub(crate) fn elements_from(&self, row: u32) -> impl Iterator<Item = ElementRow> {
        self.heads().get(row as usize..).unwrap_or_default().iter().filter_map(|head| self.whole(head))
    }

    /// The structure that an element belongs to.
    pub(crate) fn structure_row_of(&self, element: u32) -> Option<u32> {
        self.heads().get(element as usize).map(|head| head.structure)
    }
}
