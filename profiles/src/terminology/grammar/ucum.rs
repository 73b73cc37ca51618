//! Units of UCUM, case sensitive (https://ucum.org/ucum#section-Syntax-Rules), and what they measure.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

const DATA: &str = include_str!("../data/ucum-units.txt");

/// The exponents of metre, second, gram, radian, kelvin, coulomb and candela.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Dimension([i32; 7]);

impl Dimension {
    /// The exponents in a byte each.
    pub(super) fn packed(self) -> [u32; 2] {
        let byte = |i: usize| u32::from(self.0[i] as i8 as u8);
        [byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24, byte(4) | byte(5) << 8 | byte(6) << 16]
    }

    /// The exponents of [`Dimension::packed`].
    pub(super) fn unpacked([a, b]: [u32; 2]) -> Dimension {
        let byte = |w: u32, i: u32| i32::from((w >> (8 * i)) as u8 as i8);
        Dimension([byte(a, 0), byte(a, 1), byte(a, 2), byte(a, 3), byte(b, 0), byte(b, 1), byte(b, 2)])
    }

    /// The product with a power of another; `None` where an exponent leaves the range of numbers.
    fn times(self, other: Dimension, exponent: i32) -> Option<Dimension> {
        let mut out = self;
        for (own, more) in out.0.iter_mut().zip(other.0) {
            *own = own.checked_add(more.checked_mul(exponent)?)?;
        }
        Some(out)
    }
}

#[derive(Clone, Copy)]
struct Symbol {
    metric: bool,
    arbitrary: bool,
    dimension: Dimension,
}

struct Symbols {
    prefixes: Vec<&'static str>,
    units: FxHashMap<&'static str, Symbol>,
}

fn symbols() -> &'static Symbols {
    static SYMBOLS: OnceLock<Symbols> = OnceLock::new();
    SYMBOLS.get_or_init(|| {
        let (mut prefixes, mut units) = (Vec::new(), FxHashMap::default());
        for line in DATA.lines().filter(|l| !l.starts_with('#')) {
            if let Some(list) = line.strip_prefix("prefixes ") {
                prefixes = list.split(' ').collect();
                continue;
            }
            let mut fields = line.split(' ');
            let (Some(symbol), Some(flags), Some(exponents)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let mut dimension = Dimension::default();
            for (own, text) in dimension.0.iter_mut().zip(exponents.split(',')) {
                *own = text.parse().unwrap_or(0);
            }
            units.insert(symbol, Symbol { metric: flags.contains('m'), arbitrary: flags.contains('a'), dimension });
        }
        Symbols { prefixes, units }
    })
}

/// A symbol of the table, or one that takes prefixes behind a prefix.
fn symbol(text: &str) -> Option<Symbol> {
    let symbols = symbols();
    symbols.units.get(text).copied().or_else(|| {
        symbols
            .prefixes
            .iter()
            .find_map(|p| text.strip_prefix(p).and_then(|rest| symbols.units.get(rest)).filter(|s| s.metric))
            .copied()
    })
}

/// How deep parentheses are read.
const MAX_DEPTH: usize = 32;

/// What a unit measures: `None` for text that is no unit, `Some(None)` for one with an arbitrary unit in it, which is comparable
/// with nothing else.
pub fn ucum_unit(text: &str) -> Option<Option<Dimension>> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let mut parser = Parser { rest: text, dimension: Dimension::default(), arbitrary: false };
    let sign = if parser.take('/') { -1 } else { 1 };
    parser.term(sign, 0)?;
    parser.rest.is_empty().then_some((!parser.arbitrary).then_some(parser.dimension))
}

struct Parser<'t> {
    rest: &'t str,
    dimension: Dimension,
    arbitrary: bool,
}

impl<'t> Parser<'t> {
    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The text before the first byte that is not wanted.
    fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let end = self.rest.bytes().position(|b| !wanted(b)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    /// Components joined by `.` and `/`; `sign` is -1 where the whole is divided by.
    fn term(&mut self, sign: i32, depth: usize) -> Option<()> {
        let mut own = sign;
        loop {
            self.component(own, depth)?;
            own = match self.rest.bytes().next() {
                Some(b'.') => sign,
                Some(b'/') => -sign,
                _ => return Some(()),
            };
            self.rest = self.rest.get(1..)?;
        }
    }

    /// A term in parentheses, an annotation, a number, or a symbol with its exponent; each with an annotation behind it, which
    /// published unit lists put behind parentheses too.
    fn component(&mut self, sign: i32, depth: usize) -> Option<()> {
        if self.take('(') {
            let closed = depth < MAX_DEPTH && self.term(sign, depth + 1).is_some() && self.take(')');
            return if closed && self.rest.starts_with('{') { self.annotation() } else { closed.then_some(()) };
        }
        if self.rest.starts_with('{') {
            return self.annotation();
        }
        let symbol_text = self.symbol_text()?;
        let letters = symbol_text.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.is_empty() {
            return if self.rest.starts_with('{') { self.annotation() } else { Some(()) };
        }
        let mut digits = symbol_text.get(letters.len()..)?;
        let mut minus = false;
        if digits.is_empty() && self.rest.starts_with(['+', '-']) {
            minus = self.take('-') || !self.take('+');
            digits = self.run(|b| b.is_ascii_digit());
            if digits.is_empty() {
                return None;
            }
        }
        let exponent: i32 = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        let found = symbol(letters)?;
        self.arbitrary |= found.arbitrary;
        self.dimension =
            self.dimension.times(found.dimension, if minus { -exponent } else { exponent }.checked_mul(sign)?)?;
        if self.rest.starts_with('{') { self.annotation() } else { Some(()) }
    }

    /// The characters of a symbol with the digits behind it; what stands in brackets belongs to it whatever it is.
    fn symbol_text(&mut self) -> Option<&'t str> {
        let whole = self.rest;
        loop {
            self.run(|b| !b"()+-./=[]{}\"".contains(&b));
            if !self.rest.starts_with('[') {
                break;
            }
            let end = self.rest.find(']')?;
            self.rest = self.rest.get(end + 1..)?;
        }
        let text = whole.get(..whole.len() - self.rest.len())?;
        (!text.is_empty()).then_some(text)
    }

    /// `{…}`, without braces inside.
    fn annotation(&mut self) -> Option<()> {
        self.take('{');
        self.run(|b| b != b'{' && b != b'}');
        self.take('}').then_some(())
    }
}
