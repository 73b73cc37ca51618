use super::*;

#[test]
fn paths() {
    check(
        PATIENT,
        &[
            ("name.given", "Peter,James,Jim,Peter,James"),
            ("Patient.name.where(use = 'official').given.first()", "Peter"),
            ("name[1].given", "Jim"),
            ("deceased", "false"),
            ("deceased is boolean", "true"),
            ("multipleBirth.ofType(integer)", "2"),
            ("deceasedBoolean", "false"),
            ("Encounter.name", ""),
            ("birthDate.extension('http://x/time').value", "1974-12-25T14:35:45-05:00"),
            ("birthDate.extension.value is dateTime", "true"),
            ("contained.name", "Acme"),
            ("contained.first() is Organization", "true"),
            ("Resource.id", "p"),
            ("%resource.id & %rootResource.id & %context.id", "ppp"),
            ("contact.name.family", "du Marché"),
            ("contact.type().name", "Patient.contact"),
            ("name.type().name.distinct()", "HumanName"),
            ("name.given.type().count() = name.given.count()", "true"),
            ("{}.type()", ""),
            ("nothing.there", ""),
            ("`active`", "true"),
        ],
    );
    check(
        OBSERVATION,
        &[
            ("value.unit", "lbs"),
            ("Observation.value is Quantity", "true"),
            ("(value as Quantity).code", "[lb_av]"),
            ("value.ofType(Period)", ""),
            ("effective.is(dateTime)", "true"),
            ("value = 185 '[lb_av]'", "true"),
        ],
    );
}

#[test]
fn operators() {
    check(
        PATIENT,
        &[
            ("1 + 2 * 3", "7"),
            ("-1 + 1", "0"),
            ("7 div 2", "3"),
            ("7 mod 2", "1"),
            ("7 / 2", "3.5"),
            ("1.10 = 1.1", "true"),
            ("1 / 0", ""),
            ("'a' + 'b' & {}", "ab"),
            ("1 + {}", ""),
            ("1 = 1 and 2 = 3", "false"),
            ("{} and false", "false"),
            ("{} or true", "true"),
            ("{} implies true", "true"),
            ("({} xor true).empty()", "true"),
            ("true xor true", "false"),
            ("1 | 2 | 1", "1,2"),
            ("2 in (1 | 2)", "true"),
            ("(1 | 2) contains 3", "false"),
            ("1 < 'a'", "!Type"),
            ("name.given = 'x'", "false"),
            ("name.given and true", "!Singleton"),
            ("'A  b' ~ 'a B'", "true"),
            ("1.24 ~ 1.2", "true"),
            ("@2012-04-15 = @2012-04-15T10:00:00", ""),
            ("@2012-04-15T15:00:00+02:00 = @2012-04-15T16:00:00+03:00", "true"),
            ("@2012 < @2013-01", "true"),
            ("birthDate < today()", "true"),
            ("now() > today()", ""),
            ("1 'wk' = 1 week", "true"),
            ("1 year = 12 months", "true"),
            ("1 year = 1 'a'", ""),
            ("1 year ~ 1 'a'", "true"),
        ],
    );
}

#[test]
fn collections() {
    check(
        PATIENT,
        &[
            ("name.exists(use = 'usual')", "true"),
            ("name.all(given.exists())", "true"),
            ("name.where(family.empty()).given", "Jim"),
            ("name.select(given.count())", "2,1,2"),
            ("name.given.distinct()", "Peter,James,Jim"),
            ("name.given.isDistinct()", "false"),
            ("name.given.skip(1).take(2)", "James,Jim"),
            ("name.given.tail().last()", "James"),
            ("name.given.first().single()", "Peter"),
            ("name.single()", "!Singleton"),
            ("name.given.intersect('Jim' | 'x')", "Jim"),
            ("name.given.exclude('Peter')", "James,Jim,James"),
            ("name.first().given.combine(name.last().given).count()", "4"),
            ("(1|2|3).aggregate($this + $total, 0)", "6"),
            ("(1|2|3).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total)))", "1"),
            ("(3|1|2).sort()", "1,2,3"),
            ("name.sort(-use).use", "usual,official,maiden"),
            ("name.given.subsetOf(name.given)", "true"),
            ("children().count() > 5", "true"),
            ("descendants().where($this is Organization).count()", "1"),
            ("repeat(children()).count() = descendants().count()", "true"),
            ("(true | false).allTrue()", "false"),
            ("(true | false).anyFalse()", "true"),
            ("name.given.join(';')", "Peter;James;Jim;Peter;James"),
            ("telecom.select(iif(value = '2', $index, {}))", "1"),
            ("defineVariable('n', name.first()).select(%n.given)", "Peter,James"),
            ("(1|2).sum() + (1|2).max()", "5"),
        ],
    );
}

#[test]
fn functions_on_values() {
    check(
        PATIENT,
        &[
            ("'hello'.substring(1, 3)", "ell"),
            ("'héllo'.length()", "5"),
            ("'abc'.indexOf('c')", "2"),
            ("'abc'.matches('^a')", "true"),
            ("'abc'.matchesFull('b')", "false"),
            ("'abc123'.replaceMatches('[0-9]', '-')", "abc---"),
            ("'a,b'.split(',')", "a,b"),
            ("'test'.encode('base64').decode('base64')", "test"),
            ("'1.1'.toInteger()", ""),
            ("'1'.toInteger() + 1", "2"),
            ("'yes'.toBoolean()", "true"),
            ("'1 day'.toQuantity() = 1 day", "true"),
            ("1.587.lowBoundary()", "1.58650000"),
            ("(1.2 / 1.8).round(2)", "0.67"),
            ("2.power(3)", "8"),
            ("81.sqrt() = 9.0", "true"),
            ("100.0.log(10.0) = 2.0", "true"),
            ("@1973-12-25 + 7.7 days", "1974-01-01"),
            ("@2020-02-29 + 1 year", "2021-02-28"),
            ("@T23:00:00 + 50 hours", "01:00:00"),
            ("@2014-01-05T10:30:00.000.precision()", "17"),
            ("1.type().name", "Integer"),
            ("active.type().namespace", "FHIR"),
            ("%`vs-x`", "http://hl7.org/fhir/ValueSet/x"),
            ("birthDate.hasValue()", "true"),
            ("name.hasValue()", "false"),
        ],
    );
}

#[test]
fn faults_of_expressions() {
    check(
        PATIENT,
        &[
            ("2 + 2 /", "!syntax expected a value, a path or a function, found the end"),
            ("name.exist()", "!compile unknown function `exist`"),
            ("name.first(1)", "!compile `first` expects 0 arguments, found 1"),
            ("'a", "!syntax the string is not closed"),
            ("%nope", "!Name"),
            ("active.is(Nope)", "!Name"),
            ("'a'.matches('(')", "!Argument"),
            ("-1.convertsToInteger()", "!Type"),
        ],
    );
    let deep = "(".repeat(100_000);
    assert!(parse(&deep).is_err());
    let long = vec!["1"; 100_000].join("+");
    assert!(parse(&long).is_err());
    assert!(parse(&"-".repeat(100_000)).is_err());
}

#[test]
fn budgets_end_runaway_expressions() {
    let doubling = "(descendants() | descendants().descendants())";
    check(
        PATIENT,
        &[
            ("(1|2).repeatAll($this)", "!Budget"),
            (&format!("{doubling}.aggregate($total & $total & 'xxxxxxxx', 'y').length()"), "!Budget"),
            (&format!("{doubling}.aggregate($total.combine($total), 1).count()"), "!Budget"),
        ],
    );
}
