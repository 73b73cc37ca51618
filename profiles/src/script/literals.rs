//! The FHIRPath expressions that a script's text spells out, read off its tree, so that they are checked when it is
//! loaded. Those that it puts together while it runs are met there.

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};
use rustc_hash::FxHashSet;

use super::declaration::CHECK;

/// The functions whose last argument is an expression.
const EXPRESSIONS: [&str; 5] = ["path", "one", "nodes", "node", "holds"];
/// The function whose third argument may be one.
const REPORT: &str = "report";
const PLACE: usize = 2;

/// An expression in the text of a script.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    pub text: String,
    /// Where its text begins in the script.
    pub position: Position,
    /// It starts from the resource that `check` is given.
    pub on_resource: bool,
}

/// The expressions of a script's functions, in the order of the text.
pub(super) fn literals(ast: &AST) -> Vec<Literal> {
    let own: FxHashSet<&str> = ast.iter_functions().map(|f| f.name).collect();
    let resource =
        ast.iter_functions().find(|f| f.name == CHECK && f.params.len() == 1).and_then(|f| f.params.first().copied());
    let mut found = Vec::new();
    for in_check in [true, false] {
        let mut part = ast.clone();
        part.retain_functions(|_, _, name, arity| (name == CHECK && arity == 1) == in_check);
        let resource = resource.filter(|name| in_check && !binds(&part, name));
        let mut reader = Reader { own: &own, in_check, resource, direct: Vec::new(), found: &mut found };
        part.walk(&mut |path: &[ASTNode<'_>]| {
            reader.node(path.last());
            true
        });
    }
    found.sort_by_key(|l| (l.position.line(), l.position.position()));
    found
}

/// Whether a variable of this name comes to mean something else anywhere in the functions.
fn binds(ast: &AST, name: &str) -> bool {
    let mut found = false;
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        found |= match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(v, ..))) => v.0.name == name,
            Some(ASTNode::Stmt(Stmt::For(f, ..))) => {
                f.0.name == name || f.1.as_ref().is_some_and(|counter| counter.name == name)
            }
            Some(ASTNode::Stmt(Stmt::Assignment(a))) => is_variable(&a.1.lhs, name),
            Some(ASTNode::Stmt(Stmt::TryCatch(t, _))) => is_variable(&t.expr, name),
            _ => false,
        };
        !found
    });
    found
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Variable(v, ..) if v.1 == name)
}

/// Collects the expressions of a walk.
struct Reader<'r> {
    /// The names of the script's own functions: a call of one of them says nothing of FHIRPath.
    own: &'r FxHashSet<&'r str>,
    in_check: bool,
    /// The name that `check` gives the resource, where it means the resource throughout.
    resource: Option<&'r str>,
    /// Calls that are methods of the resource.
    direct: Vec<*const FnCallExpr>,
    found: &'r mut Vec<Literal>,
}

impl Reader<'_> {
    fn node(&mut self, node: Option<&ASTNode<'_>>) {
        match node {
            Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) => {
                self.function(call, *at)
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, at))) => self.method(call, *at),
            Some(ASTNode::Expr(Expr::Dot(pair, ..)))
                if self.resource.is_some_and(|name| is_variable(&pair.lhs, name)) =>
            {
                let first = match &pair.rhs {
                    Expr::Dot(chain, ..) | Expr::Index(chain, ..) => &chain.lhs,
                    other => other,
                };
                if let Expr::MethodCall(call, _) = first {
                    self.direct.push(std::ptr::from_ref(&**call));
                }
            }
            _ => {}
        }
    }

    /// `path("…")`, `path(node, "…")`, `report(severity, rule, "…", message)`
    fn function(&mut self, call: &FnCallExpr, at: Position) {
        if self.own.contains(call.name.as_str()) {
            return;
        }
        match (call.name.as_str(), &call.args[..]) {
            (REPORT, args) if args.len() == PLACE + 2 => self.take(args.get(PLACE), self.in_check, at),
            (name, [expression]) if EXPRESSIONS.contains(&name) => self.take(Some(expression), self.in_check, at),
            (name, [from, expression]) if EXPRESSIONS.contains(&name) => {
                let on_resource = self.resource.is_some_and(|name| is_variable(from, name));
                self.take(Some(expression), on_resource, at);
            }
            _ => {}
        }
    }

    /// `n.path("…")`
    fn method(&mut self, call: &FnCallExpr, at: Position) {
        if !self.own.contains(call.name.as_str())
            && EXPRESSIONS.contains(&call.name.as_str())
            && let [expression] = &call.args[..]
        {
            self.take(Some(expression), self.direct.contains(&std::ptr::from_ref(call)), at);
        }
    }

    fn take(&mut self, expression: Option<&Expr>, on_resource: bool, call: Position) {
        if let Some(Expr::StringConstant(text, at)) = expression {
            let position = if at.is_none() { call } else { *at };
            self.found.push(Literal { text: text.to_string(), position, on_resource });
        }
    }
}
