//! ValueSets and CodeSystems to rows.

use super::Compiler;
use super::writer::Writer;
use crate::registry::Definition;

/// Writes the expanded value sets.
pub fn value_sets<'d>(_c: &Compiler<'_>, _w: &mut Writer, _definitions: impl Iterator<Item = &'d Definition>) {}

/// Writes the code systems with their concepts.
pub fn code_systems<'d>(_c: &Compiler<'_>, _w: &mut Writer, _definitions: impl Iterator<Item = &'d Definition>) {}
