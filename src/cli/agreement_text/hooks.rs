//! The prefetch templates of CDS Hooks services, a line for each.

use std::io::{Result, Write};

use crate::capability::agreement::Agreement;
use crate::wording::words::{sentence, usable_word};

/// Whether each template would be answered, and why not.
pub(super) fn hooks(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    if agreement.hooks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nprefetch")?;
    for hook in &agreement.hooks {
        let why = if hook.why.is_empty() { String::new() } else { format!(": {}", sentence(&hook.why)) };
        let note = hook.note.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
        let lead = format!("{:<8} {} ({}) {}", usable_word(hook.usable), hook.service, hook.hook, hook.prefetch);
        writeln!(out, "  {lead} = {}{why}{note}", hook.query)?;
    }
    Ok(())
}
