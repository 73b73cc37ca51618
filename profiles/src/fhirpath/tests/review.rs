//! What a review of an expression on a Patient finds: what can never work is an error, what may not is a warning, and
//! what the types do not tell is accepted.

use super::super::{Options, Surroundings, Typing, check, parse, review};
use super::r4;

/// What is found, with a mark: `!` an error, `?` a warning.
fn told(expression: &str) -> Vec<String> {
    let Some(model) = r4() else { return Vec::new() };
    let typing = Typing::new(model);
    let around = Surroundings { variables: &["extension"], has_extension: &|url| url.ends_with("known") };
    let found = review(
        &parse(expression).unwrap(),
        &typing,
        model.find("Patient").unwrap(),
        &Options::default(),
        &around,
        u32::MAX,
    );
    found.found.into_iter().map(|d| format!("{}{}", if d.is_error { '!' } else { '?' }, d.message)).collect()
}

#[test]
fn operators_and_functions_are_given_what_they_are_for() {
    if r4().is_none() {
        return;
    }
    for (expression, says) in [
        ("birthDate + 'x' = birthDate", "!`+` is not defined for date and String"),
        ("birthDate - 5 = birthDate", "!`-` is not defined"),
        ("name.first() * 2 = 1", "!`*` is not defined for HumanName and Integer"),
        ("birthDate > 5", "!`>` is not defined for date and Integer"),
        ("name.first() < name.last()", "!`<` is not defined"),
        ("name.first().upper() = 'x'", "!`upper` is for a string, and this is HumanName"),
        ("name.join(',') = 'x'", "!`join` is for a string"),
        ("'x'.substring('y') = 'x'", "!argument 1 of `substring` is a whole number"),
        ("name.given.first().lowBoundary().exists()", "!`lowBoundary` is for"),
        ("-name.first() = 1", "!a sign is for a number or a quantity"),
        ("name['a'].exists()", "!an index is a whole number"),
        ("%nosuch.exists()", "!unknown variable `%nosuch`"),
        ("name.toInteger() = 1", "?`toInteger` is for a primitive"),
        ("name.resolve().exists()", "?`resolve` is for a Reference"),
        ("name.given.startsWith('x')", "?`startsWith` takes one item"),
        ("name.given > 'x'", "?the left side of `>` takes one item"),
        ("children().first().exists()", "?`first` needs ordered items"),
        ("birthDate.first().exists()", "?`first` is for lists"),
        ("extension('http://a.test/x').exists()", "?the extension `http://a.test/x` is not known"),
    ] {
        let found = told(expression);
        assert!(found.iter().any(|d| d.starts_with(says)), "{expression}: {found:?}");
    }
}

#[test]
fn what_the_types_do_not_tell_is_accepted() {
    for expression in [
        "birthDate + 1 day > @2020-01-01",
        "deceased.ofType(dateTime) > birthDate",
        "(deceased as dateTime) - 2 years <= birthDate",
        "contained.name.upper() = 'X'",
        "children().value + 1 > 2",
        "multipleBirth + 1 = 2",
        "name.given.first().length() + 1 > 2.5",
        "gender.startsWith('f') and id.length() < 5 and birthDate.toString().substring(0, 4) = '1999'",
        "name.given.join(' ').upper() = 'A B'",
        "extension('http://a.test/known').value.exists() and %extension.url.exists()",
        "extension.value + 1 > 2",
        "defineVariable('a', name).select(%a.given.first().upper()).exists()",
        "%resource.birthDate <= today()",
        "communication.language.memberOf('http://hl7.org/fhir/ValueSet/languages').exists().not() or {} > 1",
    ] {
        let errors: Vec<String> = told(expression).into_iter().filter(|d| d.starts_with('!')).collect();
        assert_eq!(errors, Vec::<String>::new(), "{expression}");
    }
}

/// An expression works as long as evaluation never comes to what is wrong: only a review asks.
#[test]
fn a_check_accepts_operands_of_any_type() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    for expression in ["name.first().upper() = 'x'", "birthDate + 'x' = birthDate", "%nosuch.exists()", "-name = 1"] {
        let found =
            check(&parse(expression).unwrap(), &typing, model.find("Patient").unwrap(), &Options::default(), false);
        assert_eq!(found, [], "{expression}");
    }
}
