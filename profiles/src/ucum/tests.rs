//! Units, and their conversion.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

#[test]
fn special_units_are_only_scaled() {
    // https://ucum.org/ucum#section-Special-Units-on-non-ratio-Scales: they are not part of the algebra of units.
    for code in ["Cel", "mCel", "[pH]", "dB", "2.Cel", "B[10.nV]", "[degF]{oral}"] {
        assert!(Unit::parse(code).is_some(), "{code}");
    }
    for code in ["Cel/min", "Cel2", "mol/[pH]", "dB.m", "/Cel"] {
        assert!(Unit::parse(code).is_none(), "{code}");
    }
}

#[test]
fn annotations_mean_nothing() {
    for code in ["U/(10.g){feces}", "(m/s){a}/(kg){b}", "{a}", "m{a}", "10{a}"] {
        assert!(Unit::parse(code).is_some(), "{code}");
    }
    for code in ["(m){a", "(m){{a}}", "(m){a b}", "(m){é}", "(m){a}s", "m{}", "(m){}"] {
        assert!(Unit::parse(code).is_none(), "{code}");
    }
    assert!(Unit::parse("U/(10.g){feces}").unwrap().is_comparable(&Unit::parse("U/kg").unwrap()));
}

#[test]
fn arbitrary_units_compare_with_themselves() {
    let unit = |code: &str| Unit::parse(code).unwrap();
    assert!(unit("[iU]/mL").is_comparable(&unit("k[iU]/L")));
    assert!(!unit("[iU]/mL").is_comparable(&unit("[arb'U]/mL")));
    assert!(!unit("[iU]").is_comparable(&unit("1")));
    assert_eq!(unit("[iU]").dimension(), None);
    assert_eq!(convert(Decimal::ONE, "k[iU]/L", "[iU]/mL"), Some(Decimal::ONE));
}

#[test]
fn conversions_are_exact_for_proper_units() {
    let number = |text: &str| decimal::exact(text).unwrap();
    for (value, from, to, expected) in [
        ("5.4", "mg/dL", "g/L", "0.054"),
        ("1", "[in_i]", "cm", "2.54"),
        ("1", "[lb_av]", "g", "453.59237"),
        ("37", "Cel", "K", "310.15"),
    ] {
        assert_eq!(convert(number(value), from, to), Some(number(expected)), "{value} {from}");
    }
    assert_eq!(convert(Decimal::ONE, "g", "mL"), None);
    assert_eq!(convert(Decimal::ONE, "furlong", "m"), None);
    assert_eq!(compare(Decimal::ONE, "furlong", Decimal::TWO, "furlong"), Some(Ordering::Less));
    assert!(is_coarser("kg", "g") && !is_coarser("g", "kg"));
}

#[test]
fn long_codes_end_soon() {
    let codes = ["(".repeat(100_000), "m/".repeat(100_000), "m.".repeat(100_000), "(m){a}.".repeat(50_000)];
    for code in codes.into_iter().chain(["1".repeat(100_000)]) {
        let _ = Unit::parse(&code);
    }
}
