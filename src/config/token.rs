//! Tokens that let clients in, as they are kept.

use std::fmt;

use sha2::{Digest, Sha256};

/// A secret, of which only the hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// The token of this text.
    pub fn new(text: &str) -> Token {
        Token(Sha256::digest(text).into())
    }

    /// Whether `text` is the token; takes the same time wherever the two differ.
    pub fn is(&self, text: &str) -> bool {
        self.equals(&Token::new(text))
    }

    fn equals(&self, other: &Token) -> bool {
        std::hint::black_box(self.0.iter().zip(other.0).fold(0, |difference, (a, b)| difference | (a ^ b))) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// How many read tokens there may be.
pub(super) const READ_TOKENS: usize = 1000;

/// Tokens of which any will do.
#[derive(Clone, Default)]
pub struct Tokens(Vec<Token>);

impl Tokens {
    /// The tokens of these texts.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Tokens {
        Tokens(texts.into_iter().map(Token::new).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether `text` is one of them; takes the same time whichever it is.
    pub fn has(&self, text: &str) -> bool {
        let other = Token::new(text);
        self.0.iter().fold(false, |found, token| found | token.equals(&other))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({} …)", self.0.len())
    }
}
