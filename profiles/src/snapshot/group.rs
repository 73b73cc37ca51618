//! Groups of alternative children: a logical model says in a constraint that exactly or at most one of some children is
//! there, `(a | b | c).count() = 1`. Where one of them is demanded, the others cannot be.

use serde_json::Value;

use super::Problem;
use super::apply::Walk;
use super::tree::Node;

impl Walk<'_> {
    /// Prohibits the alternatives to a demanded child, here and below.
    pub(super) fn settle_groups(&mut self, node: &mut Node) {
        let groups: Vec<Vec<String>> = node
            .element
            .list("constraint")
            .iter()
            .filter_map(|c| alternatives(c.get("expression")?.as_str()?))
            .filter(|names| node.children.iter().filter(|c| names.iter().any(|n| **n == *c.name)).count() > 1)
            .map(|names| names.into_iter().map(str::to_owned).collect())
            .collect();
        for names in &groups {
            self.settle_group(node, names);
        }
        node.children.iter_mut().chain(&mut node.slices).for_each(|n| self.settle_groups(n));
    }

    fn settle_group(&mut self, node: &mut Node, names: &[String]) {
        let demanded = |n: &Node| n.element.get("min").and_then(Value::as_u64).is_some_and(|min| min > 0);
        let all: Vec<String> = node
            .children
            .iter()
            .filter(|c| demanded(c) && names.iter().any(|n| **n == *c.name))
            .map(|c| c.name.to_string())
            .collect();
        let Some((first, others)) = all.split_first() else { return };
        if let Some(other) = others.first() {
            let message = format!("`{first}` and `{other}` are demanded, and only one of them can be there");
            return self.report(node.element.text("id").unwrap_or_default(), Problem::Cardinality, message);
        }
        for child in node.children.iter_mut().filter(|c| *c.name != **first && names.iter().any(|n| **n == *c.name)) {
            child.element.change().insert("max".to_owned(), "0".into());
            child.children.clear();
            child.slices.clear();
        }
    }
}

/// The names in `(a | b | c).count() = 1`, also with `<=`; `None` for any other expression.
fn alternatives(expression: &str) -> Option<Vec<&str>> {
    let (names, rest) = expression.trim().strip_prefix('(')?.split_once(')')?;
    let bound = rest.strip_prefix(".count()")?.trim_start();
    let bound = bound.strip_prefix("<=").or_else(|| bound.strip_prefix('='))?;
    let names: Vec<&str> = names.split('|').map(str::trim).collect();
    let is_name = |n: &&str| !n.is_empty() && n.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (bound.trim() == "1" && names.iter().all(is_name)).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::alternatives;

    #[test]
    fn only_the_plain_form_is_a_group() {
        assert_eq!(alternatives("(a | b|c).count() = 1"), Some(vec!["a", "b", "c"]));
        assert_eq!(alternatives("( a | b ).count() <= 1"), Some(vec!["a", "b"]));
        for other in ["(a | b).count() = 2", "(a | b.c).count() = 1", "(a | b).exists()", "a.count() = 1", "(a).x"] {
            assert_eq!(alternatives(other), None, "{other}");
        }
    }
}
