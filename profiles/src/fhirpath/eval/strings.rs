//! Functions on texts.

use std::rc::Rc;

use super::scratch::KeptRegex;
use super::{Env, Eval, Logic, MAX_TEXT, Sink, Step};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::encoding;
use crate::fhirpath::item::Item;
use crate::model::TypeId;
use crate::pattern::{self, Refused};

/// A text that an expression gave, or why there is none.
enum Text<'t> {
    Some(Item<'t>),
    Empty,
    Open,
}

/// Bytes of a compiled regular expression that count as one step.
const STEP_BYTES: usize = 64;

impl<'e, 't> Eval<'e, 't> {
    /// The text of an argument that must be one; `None` for empty and for an open question.
    pub(super) fn text_arg(&mut self, place: usize, at: usize, env: &Env<'_, 't>) -> Step<Option<Rc<str>>> {
        Ok(match self.text(place, at, env)? {
            Text::Some(item) => item.as_str().map(Rc::from),
            _ => None,
        })
    }

    /// The text at a place. A node's value counts by its lexeme, whatever its type.
    fn text(&mut self, place: usize, at: usize, env: &Env<'_, 't>) -> Step<Text<'t>> {
        let Some(item) = self.single(place, env)? else { return Ok(Text::Empty) };
        Ok(match item {
            Item::Unknown(_) => Text::Open,
            Item::Str(_) | Item::Text(_) => Text::Some(item),
            Item::Node(node, _) if node.has_value() => match node.text() {
                std::borrow::Cow::Borrowed(s) => Text::Some(Item::Str(s)),
                std::borrow::Cow::Owned(s) => Text::Some(Item::Text(s.into())),
            },
            Item::Node(node, t)
                if self.context.typing.model().is_primitive(t) || !t.is_known() && !node.is_object() =>
            {
                Text::Empty
            }
            other => {
                let name = other.type_name(self.context.typing);
                return self.fail(at, ErrorKind::Type, format!("expected a string, found {name}"));
            }
        })
    }

    pub(super) fn text_logic(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let subject = self.text(self.arg(at, 0), at, env)?;
        let pattern = self.text(self.arg(at, 1), at, env)?;
        let (subject, pattern) = match (&subject, &pattern) {
            (Text::Empty, _) | (_, Text::Empty) => return Ok(Logic::Empty),
            (Text::Open, _) | (_, Text::Open) => return Ok(Logic::Unknown),
            (Text::Some(s), Text::Some(p)) => (s.as_str().unwrap_or(""), p.as_str().unwrap_or("")),
        };
        self.spend(at, (subject.len() / 64) as u64)?;
        Ok(Logic::from(match op {
            Op::StartsWith => subject.starts_with(pattern),
            Op::EndsWith => subject.ends_with(pattern),
            Op::ContainsText => subject.contains(pattern),
            _ => {
                let flags = match self.optional(at, 2) {
                    Some(f) => self.text_arg(f, at, env)?,
                    None => None,
                };
                self.regex(pattern, flags.as_deref(), op == Op::MatchesFull, at)?.is_match(subject)
            }
        }))
    }

    /// The compiled form of a pattern, kept by its text.
    fn regex(&mut self, pattern: &str, flags: Option<&str>, full: bool, at: usize) -> Step<Rc<regex::Regex>> {
        let flags = flags.unwrap_or("");
        let instance = self.scratch.instance;
        let kept = if flags.is_empty() { self.scratch.regexes(full).get_mut(pattern) } else { None };
        if let Some(found) = kept {
            let made = found.made.clone();
            // An instance is charged once for each pattern, by whichever it was compiled.
            let steps = if found.charged == instance { 0 } else { found.steps };
            found.charged = instance;
            self.spend(at, steps)?;
            return made.or_else(|refused| self.refused(pattern, refused, at));
        }
        // Compiling costs far more than matching.
        let text_steps = 1000 + pattern.len() as u64 * 16;
        self.spend(at, text_steps)?;
        let text = if full { format!("^(?:{pattern})$") } else { pattern.to_owned() };
        let build = |text: &str| {
            pattern::compile(text, |builder| {
                // FHIRPath's single-line mode: `.` takes line breaks too.
                builder.dot_matches_new_line(true);
                builder.case_insensitive(flags.contains('i')).multi_line(flags.contains('m'));
            })
        };
        let (built, bytes) = match build(&text) {
            (Err(Refused::Unreadable), _) => build(&encoding::portable_regex(&text)),
            built => built,
        };
        let built = built.map(Rc::new);
        let size_steps = (bytes / STEP_BYTES) as u64;
        if flags.is_empty() {
            let kept = KeptRegex { made: built.clone(), steps: text_steps + size_steps, charged: instance };
            self.scratch.regexes(full).insert(pattern, kept, bytes);
        }
        self.spend(at, size_steps)?;
        built.or_else(|refused| self.refused(pattern, refused, at))
    }

    /// Why a pattern cannot be used.
    fn refused<T>(&self, pattern: &str, refused: Refused, at: usize) -> Step<T> {
        match refused {
            Refused::Unreadable => {
                self.fail(at, ErrorKind::Argument, format!("`{pattern}` is not a valid regular expression"))
            }
            Refused::TooLarge => self.fail(at, ErrorKind::Budget, "a regular expression exceeds the size limit"),
        }
    }

    pub(super) fn text_op(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        if op == Op::Join {
            return self.join(at, env);
        }
        let subject = match self.text(self.arg(at, 0), at, env)? {
            Text::Some(item) => item,
            Text::Empty => return Ok(None),
            Text::Open => return Ok(Some(Item::Unknown(TypeId::UNKNOWN))),
        };
        let s = subject.as_str().unwrap_or("");
        self.spend(at, (s.len() / 64) as u64)?;
        Ok(match op {
            Op::Upper => Some(self.built(at, s.to_uppercase())?),
            Op::Lower => Some(self.built(at, s.to_lowercase())?),
            Op::Trim => Some(self.built(at, s.trim().to_owned())?),
            Op::Length => Some(Item::Integer(s.chars().count() as i64)),
            Op::Substring => self.substring(s, at, env)?,
            Op::Replace | Op::ReplaceMatches => self.replace(op, s, at, env)?,
            _ => {
                let argument = match self.text(self.arg(at, 1), at, env)? {
                    Text::Some(item) => item,
                    Text::Empty => return Ok(None),
                    Text::Open => return Ok(Some(Item::Unknown(TypeId::UNKNOWN))),
                };
                let a = argument.as_str().unwrap_or("");
                let text = match op {
                    Op::IndexOf => return Ok(Some(char_index(s, s.find(a)))),
                    Op::LastIndexOf => return Ok(Some(char_index(s, s.rfind(a)))),
                    Op::Encode => encoding::encode(s, a),
                    Op::Decode => encoding::decode(s, a),
                    Op::Escape => encoding::escape(s, a),
                    Op::Unescape => encoding::unescape(s, a),
                    _ => return self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
                };
                text.map(|t| self.built(at, t)).transpose()?
            }
        })
    }

    fn substring(&mut self, s: &str, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let Some(start) = self.whole_arg(self.arg(at, 1), at, env)? else { return Ok(None) };
        let length = match self.optional(at, 2) {
            Some(l) => self.whole_arg(l, at, env)?,
            None => None,
        };
        let Ok(start) = usize::try_from(start) else { return Ok(None) };
        let Some((from, _)) = s.char_indices().nth(start) else { return Ok(None) };
        let rest = &s[from..];
        let text = match length {
            None => rest,
            Some(n) => match usize::try_from(n).ok().and_then(|n| rest.char_indices().nth(n)) {
                Some((to, _)) => &rest[..to],
                None if n < 0 => "",
                None => rest,
            },
        };
        Ok(Some(Item::text(text)))
    }

    /// The whole number of an argument.
    fn whole_arg(&mut self, place: usize, at: usize, env: &Env<'_, 't>) -> Step<Option<i64>> {
        match self.value(place, env)? {
            Some(Item::Integer(n) | Item::Long(n)) => Ok(Some(n)),
            None | Some(Item::Unknown(_)) => Ok(None),
            Some(_) => self.fail(at, ErrorKind::Type, "expected a whole number"),
        }
    }

    fn replace(&mut self, op: Op, s: &str, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let pattern = self.text_arg(self.arg(at, 1), at, env)?;
        let with = self.text_arg(self.arg(at, 2), at, env)?;
        let (Some(pattern), Some(with)) = (pattern, with) else { return Ok(None) };
        let pieces = s.len() + 1;
        if s.len().saturating_add(pieces.saturating_mul(with.len())) > MAX_TEXT {
            return self.fail(at, ErrorKind::Budget, format!("a string exceeds {MAX_TEXT} bytes"));
        }
        if op == Op::Replace {
            return self.built(at, s.replace(&*pattern, &with)).map(Some);
        }
        if pattern.is_empty() {
            return Ok(Some(Item::text(s)));
        }
        let flags = match self.optional(at, 3) {
            Some(f) => self.text_arg(f, at, env)?,
            None => None,
        };
        let regex = self.regex(&pattern, flags.as_deref(), false, at)?;
        let replaced = regex.replace_all(s, encoding::replacement(&with)).into_owned();
        self.built(at, replaced).map(Some)
    }

    fn join(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let separator = match self.optional(at, 1) {
            Some(s) => self.text_arg(s, at, env)?,
            None => None,
        };
        let separator = separator.as_deref().unwrap_or("");
        let mut out = String::new();
        let mut count = 0;
        let mut open = false;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            open |= matches!(item, Item::Unknown(_));
            if let Some(text) = item.string(eval.context.typing) {
                if count > 0 {
                    out.push_str(separator);
                }
                out.push_str(&text);
                count += 1;
            }
            if out.len() > MAX_TEXT {
                eval.fail(at, ErrorKind::Budget, format!("a string exceeds {MAX_TEXT} bytes"))
            } else {
                Ok(())
            }
        })?;
        if open {
            return Ok(Some(Item::Unknown(TypeId::UNKNOWN)));
        }
        if count == 0 { Ok(None) } else { self.built(at, out).map(Some) }
    }

    /// `toChars()` and `split()`.
    pub(super) fn text_stream(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let subject = match self.text(self.arg(at, 0), at, env)? {
            Text::Some(item) => item,
            Text::Empty => return Ok(()),
            Text::Open => {
                let open = Item::Unknown(TypeId::UNKNOWN);
                return sink(self, open);
            }
        };
        let s = subject.as_str().unwrap_or("");
        if op == Op::ToChars {
            for (i, c) in s.char_indices() {
                self.spend(at, 1)?;
                sink(self, Item::text(&s[i..i + c.len_utf8()]))?;
            }
            return Ok(());
        }
        let Some(separator) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(()) };
        if separator.is_empty() {
            return sink(self, Item::text(s));
        }
        for part in s.split(&*separator) {
            self.spend(at, 1)?;
            sink(self, Item::text(part))?;
        }
        Ok(())
    }
}

fn char_index<'t>(s: &str, at: Option<usize>) -> Item<'t> {
    Item::Integer(at.and_then(|i| s.get(..i)).map_or(-1, |head| head.chars().count() as i64))
}
