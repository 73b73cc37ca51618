//! The words of a FHIRPath expression: names of elements, and literals.

/// The names in an expression, in their order, each once; what is in quotes is none.
pub(super) fn names(expression: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (nth, part) in expression.split('\'').enumerate() {
        if nth % 2 == 1 {
            continue;
        }
        for word in part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.starts_with(|c: char| c.is_ascii_alphabetic()) && !out.iter().any(|w| w == word) {
                out.push(word.to_owned());
            }
        }
    }
    out
}

/// The texts in quotes, each once.
pub(super) fn literals(expression: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in expression.split('\'').skip(1).step_by(2) {
        if !out.iter().any(|t| t == text) {
            out.push(text.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_literals_are_told_apart() {
        let expression = "name.where(use = 'official').given.exists() or name.text.exists()";
        assert_eq!(names(expression), ["name", "where", "use", "given", "exists", "or", "text"]);
        assert_eq!(literals(expression), ["official"]);
    }
}
