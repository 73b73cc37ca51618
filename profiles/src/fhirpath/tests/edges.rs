//! The edges of the functions: empty input, several items, wrong types, precisions, exactness
//! (https://hl7.org/fhirpath/N1/, https://build.fhir.org/ig/HL7/FHIRPath/).

use super::*;

#[test]
fn empty_input_gives_nothing() {
    for call in [
        "abs()", "ceiling()", "exp()", "floor()", "ln()", "log(2)", "power(2)", "round()", "sqrt()", "truncate()", "upper()", "lower()", "length()", "trim()", "toChars()",
        "indexOf('a')", "lastIndexOf('a')", "substring(0)", "startsWith('a')", "endsWith('a')", "contains('a')", "matches('a')", "matchesFull('a')", "replace('a','b')", "replaceMatches('a','b')",
        "split(',')", "encode('hex')", "decode('hex')", "escape('html')", "unescape('html')", "toBoolean()", "toInteger()", "toLong()", "toDecimal()", "toDate()", "toDateTime()", "toTime()",
        "toQuantity()", "toString()", "convertsToBoolean()", "convertsToInteger()", "convertsToDecimal()", "convertsToDate()", "convertsToDateTime()", "convertsToTime()", "convertsToQuantity()",
        "convertsToString()", "lowBoundary()", "highBoundary()", "precision()", "not()", "first()", "last()", "tail()", "skip(0)", "take(1)", "single()", "distinct()", "yearOf()", "monthOf()",
        "min()", "max()", "avg()", "is(String)", "type()", "repeat($this)", "children()", "descendants()", "ofType(String)", "as(String)", "where(true)", "select(1)", "getValue()", "extension('x')", "resolve()", "join(',')",
    ] {
        check(PATIENT, &[(&format!("{{}}.{call}"), "")]);
    }
    check(
        PATIENT,
        &[
            ("{}.count()", "0"), ("{}.exists()", "false"), ("{}.empty()", "true"), ("{}.all(false)", "true"), ("{}.allTrue()", "true"), ("{}.anyTrue()", "false"), ("{}.allFalse()", "true"),
            ("{}.anyFalse()", "false"), ("{}.isDistinct()", "true"), ("{}.subsetOf(1)", "true"), ("{}.supersetOf(1)", "false"), ("{}.supersetOf({})", "true"), ("{}.hasValue()", "false"),
            ("{} & 'a'", "a"), ("{} & {}", ""), ("1 + {}", ""), ("{} = {}", ""), ("{} ~ {}", "true"), ("{} !~ {}", "false"), ("1 ~ {}", "false"), ("{} in (1)", ""), ("1 in {}", "false"), ("{} contains 1", "false"),
            ("{} and false", "false"), ("{} or true", "true"), ("{} xor true", ""), ("{} implies true", "true"), ("{} implies false", ""), ("true implies {}", ""), ("false implies {}", "true"),
            ("iif({}, 1, 2)", "2"), ("iif({}, 1)", ""), ("{}.aggregate($total + $this, 5)", "5"), ("{}.combine(1)", "1"), ("1.union({})", "1"), ("{} | {}", ""), ("1.intersect({})", ""), ("1.exclude({})", "1"),
        ],
    );
}

#[test]
fn several_items_where_one_is_wanted_are_an_error() {
    for call in ["abs()", "round()", "upper()", "length()", "toInteger()", "startsWith('a')", "substring(0)", "not()", "toString()", "toDate()", "single()", "indexOf('a')", "lowBoundary()", "matches('a')", "replace('a','b')", "toQuantity()", "sqrt()", "split(',')", "encode('hex')", "convertsToInteger()"] {
        check(PATIENT, &[(&format!("('a' | 'b').{call}"), "!Singleton")]);
    }
    check(PATIENT, &[("(1|2) + 1", "!Singleton"), ("(1|2) > 1", "!Singleton"), ("(1|2) and true", "!Singleton"), ("1 in (1|2)", "true"), ("(1|2) in (1|2)", "!Singleton"), ("iif((true|false), 1, 2)", "!Singleton"), ("'abc'.startsWith('a'|'b')", "!Singleton")]);
}

#[test]
fn arithmetic_is_exact() {
    check(
        PATIENT,
        &[
            ("0.1 + 0.2", "0.3"), ("1.1 * 1.1", "1.21"), ("7 div 2", "3"), ("-7 div 2", "-3"), ("7 mod 2", "1"), ("-7 mod 2", "-1"), ("2.2 div 0.5", "4"), ("2.2 mod 0.5", "0.2"), ("1 / 0", ""), ("1 div 0", ""), ("1 mod 0", ""),
            ("10 / 4", "2.5"), ("6 / 2", "3"), ("'a' + 'b'", "ab"), ("-(5).abs()", "-5"), ("(-5).abs()", "5"), ("(-5.5).abs()", "5.5"), ("(-5.5 'mg').abs() = 5.5 'mg'", "true"),
            ("1.ceiling()", "1"), ("1.1.ceiling()", "2"), ("(-1.1).ceiling()", "-1"), ("(-2.1).floor()", "-3"), ("(-1.56).truncate()", "-1"), ("101.truncate()", "101"),
            ("0.exp()", "1"), ("16.log(2)", "4"), ("100.0.log(10.0)", "2"), ("2.power(3)", "8"), ("2.5.power(2)", "6.25"), ("(-1).power(0.5)", ""), ("81.sqrt()", "9"), ("(-1).sqrt()", ""), ("1.ln()", "0"), ("0.ln()", ""), ("(-1).ln()", ""),
            ("1.round()", "1"), ("3.14159.round(3)", "3.142"), ("1.5.round()", "2"), ("2.5.round()", "3"), ("1.2345.round(-1)", "!Argument"),
            ("2147483647 + 1", "2147483648"), ("1 = 1.0", "true"), ("1 ~ 1.0", "true"), ("1.10 ~ 1.1", "true"), ("1.0 = 1.00", "true"), ("5L + 3L", "8"), ("1 is Integer", "true"), ("1.0 is Decimal", "true"), ("1L is Long", "true"), ("1L is Integer", "false"),
        ],
    );
}

#[test]
fn texts() {
    check(
        PATIENT,
        &[
            (r"'\u0041\t\'\\\/\`'", "A\t'\\/`"), ("'abcdefg'.substring(3)", "defg"), ("'abcdefg'.substring(1, 2)", "bc"), ("'abcdefg'.substring(6, 2)", "g"), ("'abcdefg'.substring(7, 1)", ""), ("'abcdefg'.substring(-1, 1)", ""), ("'abc'.substring(1, 0)", ""), ("'abc'.substring(1, -1)", ""),
            ("'abcdefg'.indexOf('bc')", "1"), ("'abcdefg'.indexOf('x')", "-1"), ("'abc'.indexOf('')", "0"), ("'abcabc'.lastIndexOf('b')", "4"), ("'abc'.lastIndexOf('')", "3"), ("'abc'.lastIndexOf('x')", "-1"),
            ("'a,b,,c'.split(',').count()", "4"), ("('a'|'b').join()", "ab"), ("('a'|'b').join('-')", "a-b"), ("'abc'.toChars()", "a,b,c"), ("'  a '.trim()", "a"),
            ("'abc'.replace('b', '')", "ac"), ("'abc'.replace('', 'x')", "xaxbxcx"), ("'11/30/1972'.replaceMatches('\\\\b(?<month>\\\\d{1,2})/(?<day>\\\\d{1,2})/(?<year>\\\\d{2,4})\\\\b','${day}-${month}-${year}')", "30-11-1972"),
            ("'a\\nb'.matches('a.b')", "true"), ("'abc'.matches('b')", "true"), ("'abc'.matchesFull('b')", "false"), ("'ABC'.matches('b', 'i')", "true"), ("'abc'.contains('')", "true"), ("'abc'.startsWith('')", "true"), ("'abc'.endsWith('')", "true"),
            ("'\"<&'.escape('html')", "&quot;&lt;&amp;"), ("'&lt;'.unescape('html')", "<"), ("'a\"'.escape('json')", "a\\\""), ("'test'.encode('base64')", "dGVzdA=="), ("'dGVzdA=='.decode('base64')", "test"), ("'test'.encode('hex')", "74657374"),
            ("'a' ~ 'A'", "true"), ("'a  b' ~ 'a b'", "true"), ("'a' = 'A'", "false"), ("'a' < 'b'", "true"), ("'é'.length()", "1"), ("'\u{1F600}'.length()", "1"), ("1.upper()", "!Type"),
            ("/* a */ 1 // b", "1"), ("1 /* a // */ + 1", "2"), ("`name`.`given`.first()", "Peter"), ("Patient.name.as.exists()", "false"), ("name.where(`use` = 'usual').given", "Jim"),
        ],
    );
}

#[test]
fn conversions() {
    check(
        PATIENT,
        &[
            ("'true'.toBoolean()", "true"), ("'T'.toBoolean()", "true"), ("'y'.toBoolean()", "true"), ("'1.0'.toBoolean()", "true"), ("'0'.toBoolean()", "false"), ("2.toBoolean()", ""), ("1.0.toBoolean()", "true"), ("'x'.toBoolean()", ""), ("'x'.convertsToBoolean()", "false"),
            ("'+5'.toInteger()", "5"), ("'1.0'.toInteger()", ""), ("1.0.toInteger()", ""), ("true.toInteger()", "1"), ("'a'.convertsToInteger()", "false"), ("true.toDecimal()", "1.0"), ("'1.50'.toDecimal()", "1.50"), ("'1e3'.convertsToDecimal()", "false"), ("'1.'.convertsToDecimal()", "false"),
            ("'2015'.toDate()", "2015"), ("'2015-02-30'.toDate()", ""), ("'2015-02-04T14:34:28Z'.toDate()", "2015-02-04"), ("@2015-02-04T14:34.toDate()", "2015-02-04"), ("'2015'.toDateTime()", "2015"), ("@2015-02-04.toDateTime() is DateTime", "true"), ("'T14:34'.convertsToTime()", "false"), ("'14:34'.toTime()", "14:34"), ("'25:00'.convertsToTime()", "false"),
            ("'1 day'.toQuantity()", "1 day"), ("'1 \\'wk\\''.toQuantity() = 1 'wk'", "true"), ("'1 wk'.convertsToQuantity()", "false"), ("5.toQuantity()", "5 '1'"), ("true.toQuantity() = 1.0", "true"), ("'7 days'.toQuantity('wk') = 1 'wk'", "true"), ("'a'.convertsToQuantity()", "false"), ("1 'mg'.toString()", "1 'mg'"), ("1 day.toString()", "1 day"),
            ("true.toString()", "true"), ("1.50.toString()", "1.50"), ("@2015-02.toString()", "2015-02"), ("@T14:34.toString()", "14:34"), ("name.toString()", "!Singleton"), ("name.first().convertsToString()", "false"), ("'1'.toLong()", "1"), ("'a'.convertsToLong()", "false"),
        ],
    );
}

#[test]
fn dates_and_quantities() {
    check(
        PATIENT,
        &[
            ("@2012 = @2012-01", ""), ("@2012 ~ @2012-01", "false"), ("@2012-01 = @2012-01", "true"), ("@2012-01-01T10 = @2012-01-01T10:00", ""), ("@2012-01-01T10:00:00 = @2012-01-01T10:00:00.0", "true"), ("@2012-01-01T10:00:00Z = @2012-01-01T12:00:00+02:00", "true"), ("@2012-01-01T10:00:00Z = @2012-01-01T10:00:00", ""),
            ("@2012 < @2013-01", "true"), ("@2012 > @2012-01", ""), ("@T10:30 < @T10:30:01", ""), ("@2018-03-01 > @2018-03-01T10:00", ""), ("@2012-01-31 + 1 month", "2012-02-29"), ("@2012-02-29 + 1 year", "2013-02-28"), ("@2012 + 1 month", "2012"), ("@2012 + 12 months", "2013"), ("@2012-01 - 1 month", "2011-12"), ("@2012-01-01 + 24 hours", "2012-01-02"), ("@2012-01-01 + 1 'mo'", "!Type"), ("@2012-01-01 + 1 'd'", "2012-01-02"), ("@T23:59 + 2 minutes", "00:01"), ("@2012-01-01T00:00:00.000Z + 0.5 seconds", "2012-01-01T00:00:00.500Z"), ("@2012-01-01T00:00:00Z - 1 second", "2011-12-31T23:59:59Z"),
            ("4 'g' = 4000 'mg'", "true"), ("4 'g' > 3000 'mg'", "true"), ("4 'g' < 1 'm'", ""), ("4 'g' = 1 'm'", ""), ("1 'wk' = 7 'd'", "true"), ("1 year = 1 'a'", ""), ("1 year ~ 1 'a'", "true"), ("1 day = 1 'd'", "true"), ("7 days = 1 week", "true"), ("1 'cm' * 2 'm' = 0.02 'm2'", "true"), ("4 'g' / 2 'g'", "2 '1'"), ("2 'm' + 50 'cm' = 2.5 'm'", "true"), ("3 'min' = 180 seconds", "true"), ("1 'mg' is Quantity", "true"), ("1 'mg'.value", "1"), ("-1 'mg'", "-1 'mg'"),
            ("@2014.lowBoundary(6)", "2014-01"), ("@2014.highBoundary(8)", "2014-12-31"), ("@2014-01-01T08.lowBoundary(17)", "2014-01-01T08:00:00.000+14:00"), ("@2014-01-01T08.highBoundary(17)", "2014-01-01T08:59:59.999-12:00"), ("@T10:30.lowBoundary(9)", "10:30:00.000"), ("@T10:30.highBoundary(9)", "10:30:59.999"),
            ("1.587.lowBoundary()", "1.58650000"), ("1.587.highBoundary()", "1.58750000"), ("1.587.lowBoundary(2)", "1.58"), ("1.587.highBoundary(2)", "1.59"), ("1.lowBoundary()", "0.50000000"), ("(-1.587).lowBoundary()", "-1.58750000"), ("1.587.lowBoundary(-1)", ""), ("1.587.lowBoundary(39)", ""), ("1.587 'cm'.lowBoundary() = 1.5865 'cm'", "true"), ("1.58700.precision()", "5"), ("@2014.precision()", "4"), ("@2014-01-05T10:30:00.000.precision()", "17"), ("@T10:30.precision()", "4"),
            ("today() = today()", "true"), ("now() = now()", "true"), ("now() is DateTime", "true"), ("timeOfDay() is Time", "true"), ("@2012-01-01.yearOf()", "2012"), ("@2012-01-01T10:20:30.400Z.millisecondOf()", "400"), 
        ],
    );
}

#[test]
fn collections_and_types() {
    check(
        PATIENT,
        &[
            ("(1|2|2).count()", "2"), ("(1).combine(1).count()", "2"), ("(1|2).union(2|3).count()", "3"), ("(1).combine(1).distinct().count()", "1"), ("(1|2).intersect(2|3)", "2"), ("(1|2|3).exclude(2)", "1,3"), ("(1).combine(1).exclude(2).count()", "2"), ("(1|2).subsetOf(1|2|3)", "true"), ("(1|2|3).supersetOf(1|2)", "true"),
            ("(1|2|3).skip(-1).count()", "3"), ("(1|2|3).take(0).count()", "0"), ("(1|2|3).take(9).count()", "3"), ("(1|2|3)[3]", ""), ("(1|2|3).tail()", "2,3"), ("(1|2|3).aggregate($this + $total, 0)", "6"), ("(1|2|3).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total)))", "1"), ("(1|2|3).select($index)", "0,1,2"), ("(1|2|3).where($index > 0)", "2,3"),
            ("name.repeat(given).count()", "5"), ("name.repeatAll(given).count()", "5"), ("(true|false).allTrue()", "false"), ("(1|2).allTrue()", "!Type"), ("name.given.trace('x').count()", "5"), ("name.given.isDistinct()", "false"),
            ("1.type().name", "Integer"), ("1.type().namespace", "System"), ("active.type().name", "boolean"), ("active.type().namespace", "FHIR"), ("Patient.type().name", "Patient"), ("active is boolean", "true"), ("active is Boolean", "false"), ("active is FHIR.boolean", "true"), ("active is System.Boolean", "false"), ("Patient is DomainResource", "true"), ("Patient is Nothing", "!Name"), ("1 as Integer", "1"), ("1 as String", ""), ("true is System.Boolean", "true"), ("deceased.ofType(boolean)", "false"), ("1 is System.Integer", "true"), ("1 is FHIR.integer", "false"),
            ("iif(true, 1)", "1"), ("iif(1, 2, 3)", "!Type"), ("iif('a', 2, 3)", "!Type"), ("iif(false, {}.single(), 1)", "1"), ("defineVariable('x', 5).select(%x + 1)", "6"), ("%nothing", "!Name"), ("%ucum", "http://unitsofmeasure.org"), ("%`vs-x`", "http://hl7.org/fhir/ValueSet/x"), ("%'ext-x'", "http://hl7.org/fhir/StructureDefinition/x"),
            ("(3|1|2).sort()", "1,2,3"), ("(3|1|2).sort(-$this)", "3,2,1"), ("('b'|'a').sort()", "a,b"), ("(1|2|3).sum()", "6"), ("(1|2|3).avg()", "2"), ("(1|2|3).min()", "1"), ("(1|2|3).max()", "3"), ("coalesce({}, 2, 3)", "2"), ("1.0.toString() = '1.0'", "true"),
        ],
    );
}
