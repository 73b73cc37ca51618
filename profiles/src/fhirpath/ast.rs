//! The syntax tree of an expression.

/// An expression with the place of its defining token (byte offset in the text).
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub at: u32,
    pub kind: ExprKind,
    /// The height of the tree under this node, itself included.
    pub(super) height: u16,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `{}`
    Empty,
    Bool(bool),
    Text(Box<str>),
    /// An integer or decimal, as it was written.
    Number(Box<str>),
    /// `1L`
    Long(Box<str>),
    /// A date, dateTime or time without its `@`.
    Temporal(Box<str>),
    /// A quantity: number, unit, and whether the unit was written as a calendar word.
    Quantity {
        number: Box<str>,
        unit: Box<str>,
        calendar: bool,
    },
    This,
    Index,
    Total,
    /// `%name`
    Variable(Box<str>),
    /// `name` or `input.name`
    Member {
        input: Option<Box<Expr>>,
        name: Box<str>,
    },
    /// `name(args)` or `input.name(args)`
    Call {
        input: Option<Box<Expr>>,
        name: Box<str>,
        args: Vec<Expr>,
    },
    /// `input[index]`
    Indexer {
        input: Box<Expr>,
        index: Box<Expr>,
    },
    Negate(Box<Expr>),
    /// Unary plus.
    Plus(Box<Expr>),
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `input is Type`, `input as Type`
    TypeOp {
        cast: bool,
        input: Box<Expr>,
        name: TypeName,
    },
}

/// A type specifier: `Quantity`, `FHIR.Quantity`, `System.Integer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    pub namespace: Option<Box<str>>,
    pub name: Box<str>,
}

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
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
    /// The tree as indented lines, a node a line.
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

    /// What one node is, without what stands under it.
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

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the text.
    pub at: usize,
    pub message: String,
    /// The way out, empty where there is none to tell.
    pub hint: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at offset {})", self.message, self.at)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for SyntaxError {}
