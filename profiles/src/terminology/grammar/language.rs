//! Language tags (BCP 47: RFC 5646), their subtags looked up in the registry.

use std::sync::OnceLock;

const DATA: &str = include_str!("../data/language-subtags.txt");

/// The parts that a language tag has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LanguageParts(u8);

impl LanguageParts {
    /// No part.
    pub const NONE: LanguageParts = LanguageParts(0);
    /// The language (`en`).
    pub const LANGUAGE: LanguageParts = LanguageParts(1);
    /// An extended language (`zh-yue`).
    pub const EXTENDED: LanguageParts = LanguageParts(2);
    /// A script (`Latn`).
    pub const SCRIPT: LanguageParts = LanguageParts(4);
    /// A region (`US`, `419`).
    pub const REGION: LanguageParts = LanguageParts(8);
    /// A variant (`1996`).
    pub const VARIANT: LanguageParts = LanguageParts(16);
    /// An extension (`a-bcdef`).
    pub const EXTENSION: LanguageParts = LanguageParts(32);
    /// A part for private use (`x-mine`).
    pub const PRIVATE: LanguageParts = LanguageParts(64);

    /// The parts as bits.
    pub(super) fn bits(self) -> u32 {
        u32::from(self.0)
    }

    /// The parts of some bits; those that name no part are left out.
    pub(super) fn from_bits(bits: u32) -> LanguageParts {
        LanguageParts(bits as u8 & 127)
    }

    /// The part that a filter's property names (<https://hl7.org/fhir/R4/valueset-languages.html>: `ext-lang`,
    /// `script`,
    /// …).
    pub(super) fn named(property: &str) -> Option<LanguageParts> {
        Some(match property {
            "language" => LanguageParts::LANGUAGE,
            "ext-lang" => LanguageParts::EXTENDED,
            "script" => LanguageParts::SCRIPT,
            "region" => LanguageParts::REGION,
            "variant" => LanguageParts::VARIANT,
            "extension" => LanguageParts::EXTENSION,
            "private-use" => LanguageParts::PRIVATE,
            _ => return None,
        })
    }

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(super) fn with(self, other: LanguageParts) -> LanguageParts {
        LanguageParts(self.0 | other.0)
    }

    /// Whether all of the other's parts are among these.
    pub fn contains(self, other: LanguageParts) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of the other's parts is among these.
    pub fn meets(self, other: LanguageParts) -> bool {
        self.0 & other.0 != 0
    }
}

/// The registry's subtags by kind, each list sorted.
struct Registry {
    language: Vec<&'static str>,
    extlang: Vec<&'static str>,
    script: Vec<&'static str>,
    region: Vec<&'static str>,
    variant: Vec<&'static str>,
    grandfathered: Vec<&'static str>,
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let list = |kind: &str| {
            DATA.lines()
                .find_map(|l| l.strip_prefix(kind)?.strip_prefix(' '))
                .map_or_else(Vec::new, |l| l.split(' ').collect())
        };
        Registry {
            language: list("language"),
            extlang: list("extlang"),
            script: list("script"),
            region: list("region"),
            variant: list("variant"),
            grandfathered: list("grandfathered"),
        }
    })
}

fn has(list: &[&str], subtag: &str) -> bool {
    list.binary_search(&subtag).is_ok()
}

fn is_language(subtag: &str) -> bool {
    has(&registry().language, subtag) || (subtag.len() == 3 && ("qaa"..="qtz").contains(&subtag))
}

fn is_script(subtag: &str) -> bool {
    has(&registry().script, subtag) || (subtag.len() == 4 && ("qaaa"..="qabx").contains(&subtag))
}

fn is_region(subtag: &str) -> bool {
    has(&registry().region, subtag)
        || (subtag.len() == 2 && (("qm"..="qz").contains(&subtag) || ("xa"..="xz").contains(&subtag)))
}

/// The parts of a language tag; `None` for what is no tag, or has a subtag that the registry does not know. Case does
/// not matter.
pub fn language_tag(text: &str) -> Option<LanguageParts> {
    oxilangtag::LanguageTag::parse(text).ok()?;
    let lower = text.to_ascii_lowercase();
    if has(&registry().grandfathered, &lower) {
        return Some(LanguageParts::LANGUAGE);
    }
    let mut rest = lower.split('-').peekable();
    let mut parts = LanguageParts::NONE;
    if rest.peek() != Some(&"x") {
        if !is_language(rest.next()?) {
            return None;
        }
        parts = LanguageParts::LANGUAGE;
    }
    for _ in 0..3 {
        if rest
            .next_if(|s| s.len() == 3 && s.bytes().all(|b| b.is_ascii_alphabetic()) && has(&registry().extlang, s))
            .is_some()
        {
            parts = parts.with(LanguageParts::EXTENDED);
        }
    }
    if rest.next_if(|s| s.len() == 4 && is_script(s)).is_some() {
        parts = parts.with(LanguageParts::SCRIPT);
    }
    if rest.next_if(|s| matches!(s.len(), 2 | 3) && is_region(s)).is_some() {
        parts = parts.with(LanguageParts::REGION);
    }
    while rest.next_if(|s| has(&registry().variant, s)).is_some() {
        parts = parts.with(LanguageParts::VARIANT);
    }
    match rest.next() {
        None => Some(parts),
        Some("x") => Some(parts.with(LanguageParts::PRIVATE)),
        Some(singleton) if singleton.len() == 1 => {
            let private = if rest.any(|s| s == "x") { LanguageParts::PRIVATE } else { LanguageParts::NONE };
            Some(parts.with(LanguageParts::EXTENSION).with(private))
        }
        Some(_) => None,
    }
}
