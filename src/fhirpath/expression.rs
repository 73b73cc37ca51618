//! An expression, compiled for one model.

use fhir_accord_profiles::fhirpath::{
    Code, Collection, Compiler, Context, Expr, Item, Scratch, Typing, evaluate, parse,
};

use super::broken::Broken;

/// The longest expression that is taken, in bytes.
pub const MAX_EXPRESSION: usize = 64 << 10;

/// An expression, compiled for one model.
pub struct Expression {
    /// The syntax tree.
    pub tree: Expr,
    words: Vec<u32>,
    pool: String,
}

impl Expression {
    /// Parses and compiles; `variables` are the names that `%name` may have besides the standard ones, `None` lets any
    /// pass; `outside` says which functions the ports answer.
    ///
    /// # Errors
    /// [`Broken`] where the text is no expression, or names what is not there.
    pub fn compile(
        text: &str,
        typing: &Typing<'_>,
        variables: Option<&[&str]>,
        outside: &dyn Fn(&str) -> bool,
    ) -> Result<Expression, Broken> {
        if text.len() > MAX_EXPRESSION {
            return Err(Broken {
                at: 0,
                message: format!("the expression is longer than {MAX_EXPRESSION} bytes"),
                hint: String::new(),
            });
        }
        let tree = parse(text).map_err(|e| Broken { at: e.at, message: e.message, hint: e.hint })?;
        let mut pool = String::new();
        let compiler = Compiler::new(typing).with_outside(outside);
        let compiler = match variables {
            Some(names) => compiler.with_variables(names),
            None => compiler,
        };
        let words = compiler.compile(&tree, &mut pool).map_err(|e| Broken {
            at: e.at as usize,
            message: e.message,
            hint: e.hint,
        })?;
        Ok(Expression { tree, words, pool })
    }

    /// The compiled form.
    pub fn code(&self) -> Code<'_> {
        Code { words: &self.words, pool: &self.pool }
    }

    /// The same expression, watched: each part of it reports to the ports what it yields.
    ///
    /// # Errors
    /// [`Broken`] where a name is not there, as for [`Expression::compile`].
    pub fn watched(
        &self,
        typing: &Typing<'_>,
        variables: &[&str],
        outside: &dyn Fn(&str) -> bool,
    ) -> Result<Expression, Broken> {
        let mut pool = String::new();
        let compiler = Compiler::new(typing).with_outside(outside).with_variables(variables).watched();
        let words = compiler.compile(&self.tree, &mut pool).map_err(|e| Broken {
            at: e.at as usize,
            message: e.message,
            hint: e.hint,
        })?;
        Ok(Expression { tree: self.tree.clone(), words, pool })
    }

    /// The items that the expression yields for `focus`, in order.
    ///
    /// # Errors
    /// [`Broken`] where the evaluation fails, with the place.
    pub fn items<'t>(
        &'t self,
        focus: &Item<'t>,
        context: &Context<'t>,
        scratch: &mut Scratch,
    ) -> Result<Collection<'t>, Broken> {
        evaluate(self.code(), focus, context, scratch).map_err(Broken::from)
    }
}
