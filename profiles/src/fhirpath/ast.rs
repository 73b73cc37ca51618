//! The syntax tree of an expression.

/// An expression with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Byte offset of the defining token in the text.
    pub at: u32,
    /// What it is, with its sub-expressions.
    pub kind: ExprKind,
    /// The height of the tree under this node, itself included.
    pub(super) height: u16,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `{}`
    Empty,
    /// `true`, `false`
    Bool(bool),
    /// A string with its escapes undone.
    Text(Box<str>),
    /// An integer or decimal, as it was written.
    Number(Box<str>),
    /// `1L`
    Long(Box<str>),
    /// A date, dateTime or time without its `@`.
    Temporal(Box<str>),
    /// `4 'mg'`, `1 week`
    Quantity {
        /// The number as it was written.
        number: Box<str>,
        /// The unit without its quotes.
        unit: Box<str>,
        /// The unit was written as a calendar word.
        calendar: bool,
    },
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Box<str>),
    /// `name` or `input.name`
    Member {
        /// What the member is taken of; `None` for the focus.
        input: Option<Box<Expr>>,
        /// The name without backticks.
        name: Box<str>,
    },
    /// `name(args)` or `input.name(args)`
    Call {
        /// What the function is called on; `None` for the focus.
        input: Option<Box<Expr>>,
        /// The name of the function.
        name: Box<str>,
        /// The arguments in order.
        args: Vec<Expr>,
    },
    /// `input[index]`
    Indexer {
        /// The collection.
        input: Box<Expr>,
        /// The index, from 0.
        index: Box<Expr>,
    },
    /// Unary minus.
    Negate(Box<Expr>),
    /// Unary plus.
    Plus(Box<Expr>),
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `input is Type`, `input as Type`
    TypeOp {
        /// `as`, not `is`.
        cast: bool,
        /// What is tested or cast.
        input: Box<Expr>,
        /// The type.
        name: TypeName,
    },
}

/// A type specifier: `Quantity`, `FHIR.Quantity`, `System.Integer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// `FHIR` or `System`, where it was written.
    pub namespace: Option<Box<str>>,
    /// The name inside the namespace.
    pub name: Box<str>,
}

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `div`
    Div,
    /// `mod`
    Mod,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `&`
    Concatenate,
    /// `|`
    Union,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `~`
    Equivalent,
    /// `!~`
    NotEquivalent,
    /// `in`
    In,
    /// `contains`
    Contains,
    /// `and`
    And,
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `implies`
    Implies,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Div => "div",
            BinaryOp::Mod => "mod",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Concatenate => "&",
            BinaryOp::Union => "|",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::Equal => "=",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Equivalent => "~",
            BinaryOp::NotEquivalent => "!~",
            BinaryOp::In => "in",
            BinaryOp::Contains => "contains",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::Xor => "xor",
            BinaryOp::Implies => "implies",
        }
    }
}

impl Expr {
    pub(super) fn new(at: usize, kind: ExprKind) -> Expr {
        let height = kind.children().map(|c| c.height).max().unwrap_or(0).saturating_add(1);
        Expr { at: at.min(u32::MAX as usize) as u32, kind, height }
    }

    /// The direct sub-expressions, in the order of the text.
    pub fn children(&self) -> impl Iterator<Item = &Expr> {
        self.kind.children()
    }
}

impl Expr {
    /// The tree as indented lines, one node per line.
    ///
    /// ```
    /// let tree = fhir_accord_profiles::fhirpath::parse("name.given + 'x'").unwrap();
    /// assert_eq!(tree.tree(), "Add\n  .given\n    .name\n  \"x\"\n");
    /// ```
    pub fn tree(&self) -> String {
        let mut out = String::new();
        self.write_tree(0, &mut out);
        out
    }

    fn write_tree(&self, depth: usize, out: &mut String) {
        out.push_str(&"  ".repeat(depth));
        out.push_str(&self.label());
        out.push('\n');
        for child in self.children() {
            child.write_tree(depth + 1, out);
        }
    }

    /// What one node is, without its children.
    fn label(&self) -> String {
        match &self.kind {
            ExprKind::Empty => "{}".to_owned(),
            ExprKind::Bool(b) => b.to_string(),
            ExprKind::Text(t) => format!("{t:?}"),
            ExprKind::Number(n) => n.to_string(),
            ExprKind::Long(n) => format!("{n}L"),
            ExprKind::Temporal(t) => format!("@{t}"),
            ExprKind::Quantity { number, unit, .. } => format!("{number} '{unit}'"),
            ExprKind::This => "$this".to_owned(),
            ExprKind::Index => "$index".to_owned(),
            ExprKind::Total => "$total".to_owned(),
            ExprKind::Variable(name) => format!("%{name}"),
            ExprKind::Member { name, .. } => format!(".{name}"),
            ExprKind::Call { name, .. } => format!(".{name}()"),
            ExprKind::Indexer { .. } => "[]".to_owned(),
            ExprKind::Negate(_) => "-".to_owned(),
            ExprKind::Plus(_) => "+".to_owned(),
            ExprKind::Binary { op, .. } => format!("{op:?}"),
            ExprKind::TypeOp { cast, name, .. } => {
                let namespace = name.namespace.as_deref().map(|n| format!("{n}.")).unwrap_or_default();
                format!("{} {namespace}{}", if *cast { "as" } else { "is" }, name.name)
            }
        }
    }
}

impl ExprKind {
    fn children(&self) -> impl Iterator<Item = &Expr> {
        let (first, second, rest): (Option<&Expr>, Option<&Expr>, &[Expr]) = match self {
            ExprKind::Member { input, .. } => (input.as_deref(), None, &[]),
            ExprKind::Call { input, args, .. } => (input.as_deref(), None, args),
            ExprKind::Indexer { input, index } => (Some(input), Some(index), &[]),
            ExprKind::Negate(e) | ExprKind::Plus(e) => (Some(e), None, &[]),
            ExprKind::Binary { left, right, .. } => (Some(left), Some(right), &[]),
            ExprKind::TypeOp { input, .. } => (Some(input), None, &[]),
            _ => (None, None, &[]),
        };
        first.into_iter().chain(second).chain(rest)
    }
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it; empty where there is nothing to suggest.
    pub hint: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at offset {})", self.message, self.at)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for SyntaxError {}
