//! The edges of the functions: empty input, several items, collections and types
//! (<https://hl7.org/fhirpath/N1/>, <https://build.fhir.org/ig/HL7/FHIRPath/>).

use super::*;

#[test]
fn empty_input_gives_nothing() {
    for call in "
        abs() ceiling() exp() floor() ln() log(2) power(2) round() sqrt() truncate() upper() lower()
        length() trim() toChars() indexOf('a') lastIndexOf('a') substring(0) startsWith('a') endsWith('a')
        contains('a') matches('a') matchesFull('a') replace('a','b') replaceMatches('a','b') split(',')
        encode('hex') decode('hex') escape('html') unescape('html') toBoolean() toInteger() toLong()
        toDecimal() toDate() toDateTime() toTime() toQuantity() toString() convertsToBoolean()
        convertsToInteger() convertsToDecimal() convertsToDate() convertsToDateTime() convertsToTime()
        convertsToQuantity() convertsToString() lowBoundary() highBoundary() precision() not() first()
        last() tail() skip(0) take(1) single() distinct() yearOf() monthOf() min() max() avg() is(String)
        type() repeat($this) children() descendants() ofType(String) as(String) where(true) select(1)
        getValue() extension('x') resolve() join(',')
    "
    .split_whitespace()
    {
        check(PATIENT, &[(&format!("{{}}.{call}"), "")]);
    }
}

#[test]
fn empty_input_has_values_where_the_specification_says_so() {
    check(
        PATIENT,
        &[
            ("{}.count()", "0"),
            ("{}.exists()", "false"),
            ("{}.empty()", "true"),
            ("{}.all(false)", "true"),
            ("{}.allTrue()", "true"),
            ("{}.anyTrue()", "false"),
            ("{}.allFalse()", "true"),
            ("{}.anyFalse()", "false"),
            ("{}.isDistinct()", "true"),
            ("{}.subsetOf(1)", "true"),
            ("{}.supersetOf(1)", "false"),
            ("{}.supersetOf({})", "true"),
            ("{}.hasValue()", "false"),
            ("{} & 'a'", "a"),
            ("{} & {}", ""),
            ("1 + {}", ""),
            ("{} = {}", ""),
            ("{} ~ {}", "true"),
            ("{} !~ {}", "false"),
            ("1 ~ {}", "false"),
            ("{} in (1)", ""),
            ("1 in {}", "false"),
            ("{} contains 1", "false"),
            ("{} and false", "false"),
            ("{} or true", "true"),
            ("{} xor true", ""),
            ("{} implies true", "true"),
            ("{} implies false", ""),
            ("true implies {}", ""),
            ("false implies {}", "true"),
            ("iif({}, 1, 2)", "2"),
            ("iif({}, 1)", ""),
            ("{}.aggregate($total + $this, 5)", "5"),
            ("{}.combine(1)", "1"),
            ("1.union({})", "1"),
            ("{} | {}", ""),
            ("1.intersect({})", ""),
            ("1.exclude({})", "1"),
        ],
    );
}

#[test]
fn several_items_where_one_is_expected_are_an_error() {
    for call in "
        abs() round() upper() length() toInteger() startsWith('a') substring(0) not() toString() toDate()
        single() indexOf('a') lowBoundary() matches('a') replace('a','b') toQuantity() sqrt() split(',')
        encode('hex') convertsToInteger()
    "
    .split_whitespace()
    {
        check(PATIENT, &[(&format!("('a' | 'b').{call}"), "!Singleton")]);
    }
    check(
        PATIENT,
        &[
            ("(1|2) + 1", "!Singleton"),
            ("(1|2) > 1", "!Singleton"),
            ("(1|2) and true", "!Singleton"),
            ("1 in (1|2)", "true"),
            ("(1|2) in (1|2)", "!Singleton"),
            ("iif((true|false), 1, 2)", "!Singleton"),
            ("'abc'.startsWith('a'|'b')", "!Singleton"),
        ],
    );
}

#[test]
fn sets_and_parts_of_collections() {
    check(
        PATIENT,
        &[
            ("(1|2|2).count()", "2"),
            ("(1).combine(1).count()", "2"),
            ("(1|2).union(2|3).count()", "3"),
            ("(1).combine(1).distinct().count()", "1"),
            ("(1|2).intersect(2|3)", "2"),
            ("(1|2|3).exclude(2)", "1,3"),
            ("(1).combine(1).exclude(2).count()", "2"),
            ("(1|2).subsetOf(1|2|3)", "true"),
            ("(1|2|3).supersetOf(1|2)", "true"),
            ("(1|2|3).skip(-1).count()", "3"),
            ("(1|2|3).take(0).count()", "0"),
            ("(1|2|3).take(9).count()", "3"),
            ("(1|2|3)[3]", ""),
            ("(1|2|3).tail()", "2,3"),
            ("(1|2|3).aggregate($this + $total, 0)", "6"),
            ("(1|2|3).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total)))", "1"),
            ("(1|2|3).select($index)", "0,1,2"),
            ("(1|2|3).where($index > 0)", "2,3"),
        ],
    );
}

#[test]
fn repeated_and_tested_items() {
    check(
        PATIENT,
        &[
            ("name.repeat(given).count()", "5"),
            ("name.repeatAll(given).count()", "5"),
            ("(true|false).allTrue()", "false"),
            ("(1|2).allTrue()", "!Type"),
            ("name.given.trace('x').count()", "5"),
            ("name.given.isDistinct()", "false"),
        ],
    );
}

#[test]
fn types() {
    check(
        PATIENT,
        &[
            ("1.type().name", "Integer"),
            ("1.type().namespace", "System"),
            ("active.type().name", "boolean"),
            ("active.type().namespace", "FHIR"),
            ("Patient.type().name", "Patient"),
            ("active is boolean", "true"),
            ("active is Boolean", "false"),
            ("active is FHIR.boolean", "true"),
            ("active is System.Boolean", "false"),
            ("Patient is DomainResource", "true"),
            ("Patient is Nothing", "!Name"),
            ("1 as Integer", "1"),
            ("1 as String", ""),
            ("true is System.Boolean", "true"),
            ("deceased.ofType(boolean)", "false"),
            ("1 is System.Integer", "true"),
            ("1 is FHIR.integer", "false"),
        ],
    );
}

#[test]
fn branches_and_variables() {
    check(
        PATIENT,
        &[
            ("iif(true, 1)", "1"),
            ("iif(1, 2, 3)", "!Type"),
            ("iif('a', 2, 3)", "!Type"),
            ("iif(false, {}.single(), 1)", "1"),
            ("defineVariable('x', 5).select(%x + 1)", "6"),
            ("%nothing", "!Name"),
            ("%ucum", "http://unitsofmeasure.org"),
            ("%`vs-x`", "http://hl7.org/fhir/ValueSet/x"),
            ("%'ext-x'", "http://hl7.org/fhir/StructureDefinition/x"),
        ],
    );
}

#[test]
fn order_and_totals() {
    check(
        PATIENT,
        &[
            ("(3|1|2).sort()", "1,2,3"),
            ("(3|1|2).sort(-$this)", "3,2,1"),
            ("('b'|'a').sort()", "a,b"),
            ("(1|2|3).sum()", "6"),
            ("(1|2|3).avg()", "2"),
            ("(1|2|3).min()", "1"),
            ("(1|2|3).max()", "3"),
            ("coalesce({}, 2, 3)", "2"),
            ("1.0.toString() = '1.0'", "true"),
        ],
    );
}
