//! What is known of types by their names.

/// How a value of a type is written in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lexeme {
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// Text in quotes.
    Text,
    /// An object.
    Object,
}

/// Whether a type is a primitive: their names begin with a small letter.
pub fn is_primitive(code: &str) -> bool {
    code.starts_with(|c: char| c.is_ascii_lowercase()) && code != "xhtml"
}

/// How a value of a type is written in JSON.
pub fn lexeme(code: &str) -> Lexeme {
    match code {
        "boolean" => Lexeme::Boolean,
        "decimal" | "integer" | "positiveInt" | "unsignedInt" => Lexeme::Number,
        "xhtml" => Lexeme::Text,
        code if is_primitive(code) => Lexeme::Text,
        _ => Lexeme::Object,
    }
}
