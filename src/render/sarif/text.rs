//! Texts as a SARIF message has them.

/// A text of a plain message (section 3.11 of SARIF): braces are doubled, as they would be placeholders, and what would
/// be a link is none.
pub(super) fn plain(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_neither_placeholders_nor_links() {
        assert_eq!(plain("`{0}` of [a](http://b)"), "`{{0}}` of [a] (http://b)");
    }
}
