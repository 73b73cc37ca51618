//! Joins `_name` members to their elements (<https://hl7.org/fhir/R4/json.html#primitive>).

#![allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]

use super::fault::{Fault, FaultKind};
use super::raw::{EXTENSION_IN_ARRAY, IN_ARRAY, Kind, RawNode};
use super::tape::Tape;

/// Takes the `_name` children of an object out of its sibling chain and hangs each on its element.
pub(super) fn join(tape: &mut Tape<'_>, object: u32) {
    let mut plain: Vec<u32> = Vec::new();
    let mut primitive_extensions: Vec<u32> = Vec::new();
    let mut at = tape.nodes[object as usize].child;
    while at != 0 {
        let is_primitive_extension =
            tape.name_text(tape.nodes[at as usize].name).strip_prefix('_').is_some_and(|n| !n.is_empty());
        if is_primitive_extension {
            primitive_extensions.push(at)
        } else {
            plain.push(at)
        }
        at = tape.nodes[at as usize].next;
    }
    let mut i = 0;
    while i < primitive_extensions.len() {
        let name = tape.nodes[primitive_extensions[i] as usize].name;
        let run = primitive_extensions[i..].iter().take_while(|t| tape.nodes[**t as usize].name == name).count();
        join_run(tape, object, &primitive_extensions[i..i + run], &mut plain);
        i += run;
    }
    let mut previous = 0;
    for &p in &plain {
        if previous == 0 {
            tape.nodes[object as usize].child = p;
        } else {
            tape.nodes[previous as usize].next = p;
        }
        previous = p;
    }
    if previous == 0 {
        tape.nodes[object as usize].child = 0;
    } else {
        tape.nodes[previous as usize].next = 0;
    }
}

/// Joins the entries of one `_name` to the entries of `name`; entries without a partner become `Absent` nodes.
fn join_run(tape: &mut Tape<'_>, object: u32, run: &[u32], plain: &mut Vec<u32>) {
    let text = tape.name_text(tape.nodes[run[0] as usize].name)[1..].to_owned();
    let name = tape.intern(&text);
    let start = plain.iter().position(|p| tape.nodes[*p as usize].name == name);
    let count = start.map_or(0, |s| plain[s..].iter().take_while(|p| tape.nodes[**p as usize].name == name).count());
    if count > 0 && count != run.len() && tape.nodes[run[0] as usize].flags & IN_ARRAY != 0 {
        let span = tape.nodes[run[0] as usize].start..tape.nodes[run[run.len() - 1] as usize].end;
        tape.faults.push(Fault { kind: FaultKind::PrimitiveExtensionAlignment, span, node: object, found: text });
    }
    let mut insert = start.map_or_else(|| plain.iter().position(|p| *p > run[0]).unwrap_or(plain.len()), |s| s + count);
    for (i, &primitive_extension) in run.iter().enumerate() {
        let entry = tape.nodes[primitive_extension as usize];
        let partner = match start {
            Some(s) if i < count => plain[s + i],
            _ if entry.kind == Kind::Null && entry.flags & IN_ARRAY != 0 && count > 0 => continue,
            _ => {
                let index = tape.nodes.len() as u32;
                let node = RawNode {
                    name,
                    parent: object,
                    child: 0,
                    next: 0,
                    skip: 0,
                    primitive_extension: 0,
                    kind: Kind::Absent,
                    ..entry
                };
                tape.nodes.push(node);
                plain.insert(insert, index);
                insert += 1;
                index
            }
        };
        tape.nodes[partner as usize].flags |= extension_flags(entry.flags);
        if entry.kind == Kind::Null && entry.flags & IN_ARRAY != 0 {
            continue;
        }
        tape.nodes[partner as usize].primitive_extension = primitive_extension;
        tape.nodes[primitive_extension as usize].parent = partner;
        let mut child = entry.child;
        while child != 0 {
            tape.nodes[child as usize].parent = partner;
            child = tape.nodes[child as usize].next;
        }
    }
}

/// The flag of a node whose primitive extension has these flags.
fn extension_flags(entry: u8) -> u8 {
    if entry & IN_ARRAY != 0 { EXTENSION_IN_ARRAY } else { 0 }
}
