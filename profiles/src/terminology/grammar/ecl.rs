//! The form of expression constraints of SNOMED CT (<https://confluence.ihtsdotools.org/display/DOCECL>): concepts,
//! operators, sets, refinements and dotted attributes. Filters and history supplements in double braces are passed
//! over. Which concepts an expression selects is not looked at.

/// Bound on the nesting of parentheses; a deeper expression is not judged.
const DEPTH: usize = 64;

/// Whether a text has the form of an expression constraint; `None` where it is nested too deeply to tell.
pub fn is_expression_constraint(text: &str) -> Option<bool> {
    let mut reader = Reader { rest: text, depth: 0, is_too_deep: false };
    let holds = reader.expression() && reader.spaced().is_empty();
    if reader.is_too_deep { None } else { Some(holds) }
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
    is_too_deep: bool,
}

impl<'t> Reader<'t> {
    /// What is left, behind white space and comments.
    fn spaced(&mut self) -> &'t str {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("/*").and_then(|inside| inside.split_once("*/")) {
                Some((_, behind)) => self.rest = behind,
                None => return self.rest,
            }
        }
    }

    /// Takes a mark, if it is here.
    fn take(&mut self, mark: &str) -> bool {
        let behind = self.spaced().strip_prefix(mark);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    /// Takes a word in whatever case, if it is here by itself.
    fn word(&mut self, word: &str) -> bool {
        match self.spaced().split_at_checked(word.len()) {
            Some((start, rest))
                if start.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_alphanumeric()) =>
            {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// A constraint, by itself, joined with others, refined, or followed along attributes.
    fn expression(&mut self) -> bool {
        if !self.part() {
            return false;
        }
        loop {
            let joined = self.take(",") || self.word("and") || self.word("or") || self.word("minus");
            if joined {
                if !self.part() {
                    return false;
                }
            } else if self.take(":") {
                if !self.refinement(false) {
                    return false;
                }
            } else if self.take(".") {
                if !self.part() {
                    return false;
                }
            } else {
                return true;
            }
        }
    }

    /// A concept, a set of them or an expression in parentheses, with an operator before it.
    fn part(&mut self) -> bool {
        let operators = ["<<!", ">>!", "!!<", "!!>", "<<", ">>", "<!", ">!", "<", ">"];
        let _ = operators.iter().any(|operator| self.take(operator));
        if self.take("^") && self.take("[") && !self.past(']') {
            return false;
        }
        let is_whole = self.take("*")
            || (if self.take("(") { self.nested(|r| r.expression() && r.take(")")) } else { self.concept() });
        while is_whole && self.take("{{") {
            match self.rest.split_once("}}") {
                Some((_, behind)) => self.rest = behind,
                None => return false,
            }
        }
        is_whole
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.depth == DEPTH {
            self.is_too_deep = true;
            return false;
        }
        self.depth += 1;
        let holds = inside(self);
        self.depth -= 1;
        holds
    }

    /// Goes on behind the next of this character.
    fn past(&mut self, end: char) -> bool {
        let behind = self.rest.split_once(end).map(|(_, behind)| behind);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    /// An identifier of 6 to 18 digits, or one of another scheme (`LOINC#54486-6`), with its term, if any.
    fn concept(&mut self) -> bool {
        let rest = self.spaced();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '#' | '-'))).unwrap_or(rest.len());
        let identifier = &rest[..end];
        let of_snomed = (6..=18).contains(&end) && identifier.bytes().all(|b| b.is_ascii_digit());
        let of_other = identifier
            .split_once('#')
            .is_some_and(|(scheme, code)| scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !code.is_empty());
        if !of_snomed && !of_other {
            return false;
        }
        self.rest = &rest[end..];
        !self.take("|") || self.past('|')
    }

    /// Attributes and groups of them, joined by commas or words; `bare`: an attribute needs no value.
    fn refinement(&mut self, bare: bool) -> bool {
        loop {
            if !self.attributes(bare) {
                return false;
            }
            if !(self.take(",") || self.word("and") || self.word("or")) {
                return true;
            }
        }
    }

    /// One attribute, or several in braces or parentheses. Parentheses may hold the names of attributes, too.
    fn attributes(&mut self, bare: bool) -> bool {
        if self.take("[") && !self.past(']') {
            return false;
        }
        if self.take("{") {
            return self.nested(|r| r.refinement(false) && r.take("}"));
        }
        let (named, bare) = if self.take("(") {
            (self.nested(|r| r.refinement(true) && r.take(")")), true)
        } else {
            let _ = self.word("R");
            (self.part(), bare)
        };
        let compared = named && ["!=", "<=", ">=", "=", "<", ">"].iter().any(|comparison| self.take(comparison));
        if compared { self.value() } else { named && bare }
    }

    /// The value of an attribute: an expression, a number, a string or a truth.
    fn value(&mut self) -> bool {
        if self.take("#") {
            let end = self
                .rest
                .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
                .unwrap_or(self.rest.len());
            self.rest = self.rest.get(end..).unwrap_or("");
            return end > 0;
        }
        if self.take("\"") {
            return self.past('"');
        }
        self.word("true") || self.word("false") || self.part()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_their_form() {
        for right in [
            "<< 404684003",
            "404684003 |Clinical finding|",
            "<  19829001 |disorder of lung| AND < 301867009",
            "< 404684003: 363698007 = << 39057004, 116676008 = *",
            "(<< 1234567 OR ^ 700043003) MINUS << 99999999",
            "< 19829001 . < 47429007 . 363698007",
            "< 27658006: { [1..3] 127489000 = <111115, R 411116001 = << 385268001 }",
            "< 27658006: 1142135004 >= #10.5, 111115 = \"PANADOL\"",
            "< 64572001 {{ term = \"heart\" }} /* a comment */",
            "*",
            "<! LOINC#54486-6",
            "< 404684003: (363698007 = 39057004 OR 363698007 = 39057005)",
        ] {
            assert_eq!(is_expression_constraint(right), Some(true), "{right}");
        }
        for wrong in [
            "234234 << 234234",
            "",
            "<<",
            "<< 12",
            "404684003 |Clinical",
            "(<< 404684003",
            "< 404684003:",
            "< 404684003: 363698007",
            "<< 404684003 AND",
            "< 404684003 404684003",
            "code in x",
        ] {
            assert_eq!(is_expression_constraint(wrong), Some(false), "{wrong}");
        }
        let deep = |n: usize| format!("{}404684003{}", "(".repeat(n), ")".repeat(n));
        assert_eq!((is_expression_constraint(&deep(60)), is_expression_constraint(&deep(100_000))), (Some(true), None));
        assert_eq!(is_expression_constraint(&format!("404684003{}", " OR 404684003".repeat(100_000))), Some(true));
    }
}
