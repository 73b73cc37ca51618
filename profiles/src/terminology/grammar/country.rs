//! Countries (ISO 3166-1) and currencies (ISO 4217).

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

const DATA: &str = include_str!("../data/iso-codes.txt");

/// Which of a country's three codes a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountryCode {
    Two,
    Three,
    Number,
}

/// `None` is a currency.
type Kind = (bool, Option<CountryCode>);

/// Countries and currencies apart: a code such as `ALL` may be one of neither, either or both.
fn table() -> &'static FxHashMap<&'static str, Kind> {
    static TABLE: OnceLock<FxHashMap<&'static str, Kind>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: FxHashMap<&str, Kind> = FxHashMap::default();
        for line in DATA.lines().filter(|l| !l.starts_with('#')) {
            if let Some(currencies) = line.strip_prefix("4217 ") {
                currencies.split(' ').for_each(|c| table.entry(c).or_default().0 = true);
            } else {
                for (code, kind) in line.split(' ').zip([CountryCode::Two, CountryCode::Three, CountryCode::Number]) {
                    table.entry(code).or_default().1 = Some(kind);
                }
            }
        }
        table
    })
}

/// Which code of a country this is, if any.
pub(super) fn country(code: &str) -> Option<CountryCode> {
    table().get(code).and_then(|(_, country)| *country)
}

pub(super) fn is_currency(code: &str) -> bool {
    table().get(code).is_some_and(|(currency, _)| *currency)
}
