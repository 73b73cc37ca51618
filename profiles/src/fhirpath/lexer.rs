//! Text to tokens (<https://hl7.org/fhirpath/N1/grammar.html>).

use super::ast::SyntaxError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// An identifier or keyword as written.
    Word(Box<str>),
    /// An identifier in backticks or double quotes, escapes undone.
    Quoted(Box<str>),
    Text(Box<str>),
    Number(Box<str>),
    Long(Box<str>),
    Temporal(Box<str>),
    /// `%name`
    Variable(Box<str>),
    /// `$this`, `$index`, `$total`
    Dollar(Box<str>),
    Symbol(&'static str),
    End,
}

/// Two-character symbols before their one-character beginnings.
const SYMBOLS: [&str; 22] =
    ["<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "=", "~", "<", ">"];

pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
}

fn error<T>(at: usize, message: impl Into<String>, hint: &str) -> Result<T, SyntaxError> {
    Err(SyntaxError { at, message: message.into(), hint: hint.to_owned() })
}

/// All tokens of a text with the byte offset of each; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::with_capacity(text.len() / 4 + 1);
    loop {
        lexer.space()?;
        let start = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        out.push((start, token));
        if end {
            return Ok(out);
        }
    }
}

/// The byte ranges of the tokens of a text, in order, up to the first text that is not a token.
pub fn token_spans(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::new();
    while lexer.space().is_ok() {
        let start = lexer.at;
        match lexer.token() {
            Ok(Token::End) | Err(_) => break,
            Ok(_) => out.push(start..lexer.at),
        }
    }
    out
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The text from a place that was passed.
    fn since(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or("")
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn space(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if self.byte(1) == b'/' => {
                    let rest = self.rest();
                    self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                }
                b'/' if self.byte(1) == b'*' => match self.rest().find("*/") {
                    Some(end) => self.at += end + 2,
                    None => return error(self.at, "the comment is not closed", "close it with `*/`"),
                },
                _ if self.rest().starts_with('\u{a0}') => self.at += 2,
                _ => return Ok(()),
            }
        }
    }

    fn token(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        match self.byte(0) {
            0 if self.at >= self.text.len() => Ok(Token::End),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Ok(Token::Word(self.word().into())),
            b'`' => Ok(Token::Quoted(self.quoted('`')?)),
            b'"' => Ok(Token::Quoted(self.quoted('"')?)),
            b'\'' => Ok(Token::Text(self.quoted('\'')?)),
            b'0'..=b'9' => Ok(self.number()),
            b'@' => self.temporal(),
            b'%' => self.variable(),
            b'$' => {
                self.at += 1;
                match self.word() {
                    word @ ("this" | "index" | "total") => Ok(Token::Dollar(word.into())),
                    word => {
                        error(start, format!("unknown variable `${word}`"), "there are `$this`, `$index` and `$total`")
                    }
                }
            }
            _ => {
                let rest = self.rest();
                if let Some(symbol) = SYMBOLS.into_iter().find(|s| rest.starts_with(s)) {
                    self.at += symbol.len();
                    return Ok(Token::Symbol(symbol));
                }
                let c = rest.chars().next().unwrap_or('\0');
                error(start, format!("unexpected character `{}`", c.escape_debug()), "")
            }
        }
    }

    fn word(&mut self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A text between quotes, escapes undone; the position is on the opening quote.
    fn quoted(&mut self, quote: char) -> Result<Box<str>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((i, c)) = chars.next() {
            if c == quote {
                self.at += i + 1;
                return Ok(out.into());
            }
            if c != '\\' {
                out.push(c);
                continue;
            }
            let Some((_, e)) = chars.next() else { break };
            match e {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'f' => out.push('\u{c}'),
                'u' => {
                    let mut code = 0;
                    for _ in 0..4 {
                        let digit = chars.next().and_then(|(_, h)| h.to_digit(16));
                        let Some(d) = digit else {
                            return error(self.at + i, "`\\u` must be followed by four hexadecimal digits", "");
                        };
                        code = code * 16 + d;
                    }
                    out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                }
                '\'' | '"' | '`' | '\\' | '/' => out.push(e),
                // An escape that the grammar does not name: regular expressions written with one backslash live on it.
                other => out.extend(['\\', other]),
            }
        }
        error(start, "the string is not closed", &format!("close it with `{quote}`"))
    }

    fn digits(&mut self) -> usize {
        let n = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += n;
        n
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        self.digits();
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
        } else if self.byte(0) == b'L' && !self.byte(1).is_ascii_alphanumeric() {
            self.at += 1;
            return Token::Long(self.since(start).trim_end_matches('L').into());
        }
        Token::Number(self.since(start).into())
    }

    /// `@2015-02-04T14:34:28.123+10:00` and its shorter forms, `@T14:34`.
    fn temporal(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        self.at += 1;
        if self.byte(0) != b'T' {
            if self.digits() != 4 {
                return error(start, "a date starts with four digits of the year", "as in `@2015-02-04`");
            }
            for _ in 0..2 {
                if self.byte(0) == b'-' && self.byte(1).is_ascii_digit() && self.byte(2).is_ascii_digit() {
                    self.at += 3;
                } else {
                    break;
                }
            }
        }
        if self.byte(0) == b'T' {
            self.at += 1;
            self.clock();
        }
        let literal = self.since(start + 1);
        if super::temporal::Temporal::literal(literal).is_none() {
            return error(
                start,
                format!("`@{literal}` is not a valid date or time"),
                "as in `@2015-02-04T14:34:28Z` or `@T14:34`",
            );
        }
        Ok(Token::Temporal(literal.into()))
    }

    /// The part after `T`: hours, minutes, seconds, fraction, zone; whatever of it is there.
    fn clock(&mut self) {
        let two = |l: &Self, ahead: usize| l.byte(ahead).is_ascii_digit() && l.byte(ahead + 1).is_ascii_digit();
        if two(self, 0) {
            self.at += 2;
            for _ in 0..2 {
                if self.byte(0) == b':' && two(self, 1) {
                    self.at += 3;
                } else {
                    break;
                }
            }
            if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
                self.at += 1;
                self.digits();
            }
        }
        if self.byte(0) == b'Z' {
            self.at += 1;
        } else if matches!(self.byte(0), b'+' | b'-') && two(self, 1) && self.byte(3) == b':' && two(self, 4) {
            self.at += 6;
        }
    }

    fn variable(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let name: Box<str> = match self.byte(0) {
            b'`' => self.quoted('`')?,
            b'\'' => self.quoted('\'')?,
            b'"' => self.quoted('"')?,
            _ => {
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
                // `-` belongs to the name only in `%vs-…` and `%ext-…`; elsewhere it subtracts.
                let word = rest.get(..end).unwrap_or(rest);
                let name = if rest.starts_with("vs-") || rest.starts_with("ext-") {
                    word
                } else {
                    word.split('-').next().unwrap_or(word)
                };
                let (end, name) = (name.len(), name.into());
                self.at += end;
                name
            }
        };
        if name.is_empty() {
            error(start, "a name must follow `%`", "as in `%resource`")
        } else {
            Ok(Token::Variable(name))
        }
    }
}
