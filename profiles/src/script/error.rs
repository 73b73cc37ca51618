//! What is wrong with a script, and where.

use rhai::{EvalAltResult, ParseError, Position};

/// A fault of a script: at its load, or when it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The file, as the source names it.
    pub file: String,
    /// From 1; 0 for a fault of the whole file.
    pub line: u32,
    /// From 1; 0 for a fault of the whole file.
    pub column: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// The longest message that is kept of a fault, in characters.
const MESSAGE: usize = 300;

impl ScriptError {
    /// A fault of the whole file.
    pub fn whole(file: &str, message: impl Into<String>) -> ScriptError {
        ScriptError { file: file.to_owned(), line: 0, column: 0, message: message.into() }
    }

    /// A fault of the line that declares a constant; of the whole file where no line does.
    pub(super) fn of_constant(file: &str, text: &str, name: &str, message: impl Into<String>) -> ScriptError {
        let declares =
            |l: &str| l.trim_start().strip_prefix("const ").is_some_and(|r| r.trim_start().starts_with(name));
        let line = text.lines().position(declares).map_or(0, |i| i as u32 + 1);
        ScriptError { file: file.to_owned(), line, column: line.min(1), message: message.into() }
    }

    /// A fault of a whole expression of a script.
    pub(super) fn of_expression(file: &str, position: Position, message: String) -> ScriptError {
        ScriptError { message, ..ScriptError::at(file, position, "") }
    }

    fn at(file: &str, position: Position, message: &str) -> ScriptError {
        let number = |n: Option<usize>| n.map_or(0, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let (line, column) = (number(position.line()), number(position.position()));
        ScriptError {
            file: file.to_owned(),
            line,
            column: if line == 0 { 0 } else { column.max(1) },
            message: lower(message),
        }
    }

    pub(super) fn parse(file: &str, e: &ParseError) -> ScriptError {
        ScriptError::at(file, e.1, &e.0.to_string())
    }

    /// What ended a call of `function`.
    pub(super) fn run(file: &str, function: &str, mut e: EvalAltResult) -> ScriptError {
        let mut position = e.position();
        while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = e {
            e = *inner;
            if !e.position().is_none() {
                position = e.position();
            }
        }
        e.set_position(Position::NONE);
        let message = match &e {
            EvalAltResult::ErrorRuntime(said, _) | EvalAltResult::ErrorTerminated(said, _) => said.to_string(),
            other => other.to_string(),
        };
        if position.is_none() && !function.is_empty() {
            return ScriptError::whole(file, format!("{} in `{function}`", lower(&message)));
        }
        ScriptError::at(file, position, &message)
    }
}

/// A message as the house writes it: the first letter small, no full stop, not too long.
fn lower(message: &str) -> String {
    let text = message.trim().trim_end_matches('.');
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    let mut out: String = first.into_iter().chain(chars.by_ref().take(MESSAGE)).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

impl std::fmt::Display for ScriptError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.message)
        } else {
            write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
        }
    }
}

impl std::error::Error for ScriptError {}
