//! Tokens to the syntax tree: precedence climbing over the FHIRPath grammar.

use super::ast::{BinaryOp, Expr, ExprKind, SyntaxError, TypeName};
use super::lexer::{Token, tokens};

/// How high a syntax tree may be, and how deep parentheses may nest.
pub const MAX_DEPTH: u16 = 256;

/// The syntax tree of an expression (<https://hl7.org/fhirpath/N1/grammar.html>).
///
/// # Errors
/// The first place where the text leaves the grammar, or where it nests deeper than [`MAX_DEPTH`].
///
/// ```
/// use fhir_accord_profiles::fhirpath::parse;
///
/// assert!(parse("name.where(use = 'official').family").is_ok());
/// let error = parse("name.family +").unwrap_err();
/// assert_eq!((error.at, error.message.as_str()), (13, "expected a value, a path or a function, found the end"));
/// ```
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expr = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => parser.unexpected("an operator or the end"),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: u16,
}

type Parsed<T = Expr> = Result<T, SyntaxError>;

/// Binding powers, weakest first.
const IMPLIES: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const MEMBERSHIP: u8 = 4;
const EQUALITY: u8 = 5;
const INEQUALITY: u8 = 6;
const UNION: u8 = 7;
const TYPE: u8 = 8;
const ADDITIVE: u8 = 9;
const MULTIPLICATIVE: u8 = 10;
const POLARITY: u8 = 11;

fn binary(token: &Token) -> Option<(BinaryOp, u8)> {
    use BinaryOp::*;
    Some(match token {
        Token::Word(w) => match &**w {
            "implies" => (Implies, IMPLIES),
            "or" => (Or, OR),
            "xor" => (Xor, OR),
            "and" => (And, AND),
            "in" => (In, MEMBERSHIP),
            "contains" => (Contains, MEMBERSHIP),
            "div" => (Div, MULTIPLICATIVE),
            "mod" => (Mod, MULTIPLICATIVE),
            _ => return None,
        },
        Token::Symbol(s) => match *s {
            "=" => (Equal, EQUALITY),
            "!=" => (NotEqual, EQUALITY),
            "~" => (Equivalent, EQUALITY),
            "!~" => (NotEquivalent, EQUALITY),
            "<" => (Less, INEQUALITY),
            "<=" => (LessOrEqual, INEQUALITY),
            ">" => (Greater, INEQUALITY),
            ">=" => (GreaterOrEqual, INEQUALITY),
            "|" => (Union, UNION),
            "+" => (Add, ADDITIVE),
            "-" => (Subtract, ADDITIVE),
            "&" => (Concatenate, ADDITIVE),
            "*" => (Multiply, MULTIPLICATIVE),
            "/" => (Divide, MULTIPLICATIVE),
            _ => return None,
        },
        _ => return None,
    })
}

fn calendar_unit(word: &str) -> bool {
    super::quantity::CalendarUnit::from_word(word).is_some()
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(_, t)| t)
    }

    fn offset(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |(o, _)| *o)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn takes(&mut self, symbol: &str) -> bool {
        let hit = matches!(self.peek(), Token::Symbol(s) if *s == symbol);
        self.at += usize::from(hit);
        hit
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.takes(symbol) { Ok(()) } else { self.unexpected(&format!("`{symbol}`")) }
    }

    fn unexpected<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.peek() {
            Token::Word(w) | Token::Quoted(w) | Token::Number(w) | Token::Long(w) => format!("`{w}`"),
            Token::Text(t) => format!("`'{t}'`"),
            Token::Temporal(t) => format!("`@{t}`"),
            Token::Variable(v) => format!("`%{v}`"),
            Token::Dollar(d) => format!("`${d}`"),
            Token::Symbol(s) => format!("`{s}`"),
            Token::End => "the end".to_owned(),
        };
        Err(SyntaxError {
            at: self.offset(),
            message: format!("expected {expected}, found {found}"),
            hint: String::new(),
        })
    }

    fn build(&self, at: usize, kind: ExprKind) -> Parsed {
        let expr = Expr::new(at, kind);
        if expr.height > MAX_DEPTH {
            return Err(SyntaxError {
                at,
                message: format!("the expression nests deeper than {MAX_DEPTH} levels"),
                hint: "split it".to_owned(),
            });
        }
        Ok(expr)
    }

    fn expression(&mut self, power: u8) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError {
                at: self.offset(),
                message: format!("the expression nests deeper than {MAX_DEPTH} levels"),
                hint: "split it".to_owned(),
            });
        }
        let mut left = self.prefix()?;
        loop {
            let at = self.offset();
            if let Token::Word(w) = self.peek()
                && matches!(&**w, "is" | "as")
                && TYPE > power
            {
                let cast = &**w == "as";
                self.at += 1;
                let name = self.type_name()?;
                left = self.build(at, ExprKind::TypeOp { cast, input: Box::new(left), name })?;
                continue;
            }
            let Some((op, strength)) = binary(self.peek()).filter(|(_, s)| *s > power) else { break };
            self.at += 1;
            let right = self.expression(strength)?;
            left = self.build(at, ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) })?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Parsed {
        let at = self.offset();
        if self.takes("-") {
            let inner = self.expression(POLARITY)?;
            return self.build(at, ExprKind::Negate(Box::new(inner)));
        }
        if self.takes("+") {
            let inner = self.expression(POLARITY)?;
            return self.build(at, ExprKind::Plus(Box::new(inner)));
        }
        let mut left = self.term()?;
        loop {
            let at = self.offset();
            if self.takes(".") {
                let at = self.offset();
                left = match self.peek() {
                    Token::Dollar(_) => return self.unexpected("a name"),
                    _ => self.invocation(at, Some(Box::new(left)))?,
                };
            } else if self.takes("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                left = self.build(at, ExprKind::Indexer { input: Box::new(left), index: Box::new(index) })?;
            } else {
                return Ok(left);
            }
        }
    }

    fn term(&mut self) -> Parsed {
        let at = self.offset();
        let kind = match self.peek().clone() {
            Token::Word(w) if matches!(&*w, "true" | "false") => {
                self.at += 1;
                ExprKind::Bool(&*w == "true")
            }
            Token::Word(_) | Token::Quoted(_) => return self.invocation(at, None),
            Token::Text(t) => {
                self.at += 1;
                ExprKind::Text(t)
            }
            Token::Number(n) => {
                self.at += 1;
                self.quantity(n)
            }
            Token::Long(n) => {
                self.at += 1;
                ExprKind::Long(n)
            }
            Token::Temporal(t) => {
                self.at += 1;
                ExprKind::Temporal(t)
            }
            Token::Variable(v) => {
                self.at += 1;
                ExprKind::Variable(v)
            }
            Token::Dollar(d) => {
                self.at += 1;
                match &*d {
                    "this" => ExprKind::This,
                    "index" => ExprKind::Index,
                    _ => ExprKind::Total,
                }
            }
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Symbol("{") => {
                self.at += 1;
                self.expect("}")?;
                ExprKind::Empty
            }
            _ => return self.unexpected("a value, a path or a function"),
        };
        self.build(at, kind)
    }

    fn quantity(&mut self, number: Box<str>) -> ExprKind {
        match self.peek().clone() {
            Token::Text(unit) => {
                self.at += 1;
                ExprKind::Quantity { number, unit, calendar: false }
            }
            Token::Word(unit) if calendar_unit(&unit) => {
                self.at += 1;
                ExprKind::Quantity { number, unit, calendar: true }
            }
            _ => ExprKind::Number(number),
        }
    }

    fn identifier(&mut self) -> Parsed<Box<str>> {
        match self.next() {
            Token::Word(w) | Token::Quoted(w) => Ok(w),
            _ => {
                self.at -= 1;
                self.unexpected("a name")
            }
        }
    }

    fn invocation(&mut self, at: usize, input: Option<Box<Expr>>) -> Parsed {
        let name = self.identifier()?;
        if !self.takes("(") {
            return self.build(at, ExprKind::Member { input, name });
        }
        let mut args = Vec::new();
        if !self.takes(")") {
            loop {
                args.push(self.expression(0)?);
                if !self.takes(",") {
                    self.expect(")")?;
                    break;
                }
            }
        }
        self.build(at, ExprKind::Call { input, name, args })
    }

    fn type_name(&mut self) -> Parsed<TypeName> {
        if self.takes("(") {
            let name = self.type_name()?;
            self.expect(")")?;
            return Ok(name);
        }
        let name = self.identifier()?;
        if matches!(&*name, "FHIR" | "System") && self.takes(".") {
            return Ok(TypeName { namespace: Some(name), name: self.identifier()? });
        }
        Ok(TypeName { namespace: None, name })
    }
}
