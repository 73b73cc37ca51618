//! Prefetch templates with their tokens filled in (<https://cds-hooks.hl7.org/2.0/#prefetch-tokens>).

/// What stands for a token: its value never matters, only that there is one.
const VALUE: &str = "0";

/// The template with a value for each token, whatever is in it: a name of the context, of the user, or a FHIRPath.
///
/// # Errors
/// A message where a token does not end.
pub(super) fn filled(template: &str) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, token)) = rest.split_once("{{") {
        out.push_str(before);
        out.push_str(VALUE);
        rest = token.split_once("}}").ok_or("a token starts with `{{` and does not end with `}}`")?.1;
    }
    out.push_str(rest);
    Ok(out.trim().to_owned())
}
