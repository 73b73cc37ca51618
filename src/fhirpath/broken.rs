//! Why an expression cannot be evaluated, told with the place.

use fhir_accord_profiles::fhirpath::EvalError;

/// Why an expression cannot be evaluated, with the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Byte offset in the expression.
    pub at: usize,
    /// What is wrong; lower case, without a full stop.
    pub message: String,
    /// What to do about it; empty where there is nothing to suggest.
    pub hint: String,
}

impl Broken {
    /// The message with the expression's line and a mark under the place.
    pub fn pointed(&self, expression: &str) -> String {
        let (start, at) = self.line(expression);
        let line = expression[start..].lines().next().unwrap_or("");
        let hint = if self.hint.is_empty() { String::new() } else { format!("\n  {}", self.hint) };
        format!("{}\n  {line}\n  {}^{hint}", self.message, " ".repeat(expression[start..at].chars().count()))
    }

    /// The message in one line, with line and column (in characters, from 1).
    pub fn placed(&self, expression: &str) -> String {
        let (start, at) = self.line(expression);
        let (line, column) = (expression[..start].matches('\n').count() + 1, expression[start..at].chars().count() + 1);
        let hint = if self.hint.is_empty() { String::new() } else { format!("; {}", self.hint) };
        format!("{} (at line {line}, column {column}){hint}", self.message)
    }

    /// Where the line starts, and the place, both on boundaries of characters.
    fn line(&self, expression: &str) -> (usize, usize) {
        let at = (0..=self.at.min(expression.len())).rev().find(|i| expression.is_char_boundary(*i)).unwrap_or(0);
        (expression[..at].rfind('\n').map_or(0, |i| i + 1), at)
    }
}

impl From<EvalError> for Broken {
    fn from(e: EvalError) -> Broken {
        Broken { at: e.at as usize, message: e.message, hint: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told() {
        let broken = |at| Broken { at, message: "no".to_owned(), hint: "say yes".to_owned() };
        assert_eq!(broken(6).placed("name.\ngivn"), "no (at line 2, column 1); say yes");
        assert_eq!(broken(7).pointed("name.\ngivn"), "no\n  givn\n   ^\n  say yes");
        assert_eq!(broken(99).placed("é"), "no (at line 1, column 2); say yes");
        assert_eq!(broken(1).placed("é"), "no (at line 1, column 1); say yes");
    }
}
