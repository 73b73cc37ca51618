//! The edges of numbers, texts and conversions
//! (<https://hl7.org/fhirpath/N1/>, <https://build.fhir.org/ig/HL7/FHIRPath/>).

use super::*;

#[test]
fn arithmetic_is_exact() {
    check(
        PATIENT,
        &[
            ("0.1 + 0.2", "0.3"),
            ("1.1 * 1.1", "1.21"),
            ("7 div 2", "3"),
            ("-7 div 2", "-3"),
            ("7 mod 2", "1"),
            ("-7 mod 2", "-1"),
            ("2.2 div 0.5", "4"),
            ("2.2 mod 0.5", "0.2"),
            ("1 / 0", ""),
            ("1 div 0", ""),
            ("1 mod 0", ""),
            ("10 / 4", "2.5"),
            ("6 / 2", "3"),
            ("'a' + 'b'", "ab"),
            ("-(5).abs()", "-5"),
            ("(-5).abs()", "5"),
            ("(-5.5).abs()", "5.5"),
            ("(-5.5 'mg').abs() = 5.5 'mg'", "true"),
        ],
    );
}

#[test]
fn mathematical_functions() {
    check(
        PATIENT,
        &[
            ("1.ceiling()", "1"),
            ("1.1.ceiling()", "2"),
            ("(-1.1).ceiling()", "-1"),
            ("(-2.1).floor()", "-3"),
            ("(-1.56).truncate()", "-1"),
            ("101.truncate()", "101"),
            ("0.exp()", "1"),
            ("16.log(2)", "4"),
            ("100.0.log(10.0)", "2"),
            ("2.power(3)", "8"),
            ("2.5.power(2)", "6.25"),
            ("(-1).power(0.5)", ""),
            ("81.sqrt()", "9"),
            ("(-1).sqrt()", ""),
            ("1.ln()", "0"),
            ("0.ln()", ""),
            ("(-1).ln()", ""),
            ("1.round()", "1"),
            ("3.14159.round(3)", "3.142"),
            ("1.5.round()", "2"),
            ("2.5.round()", "3"),
            ("1.2345.round(-1)", "!Argument"),
        ],
    );
}

#[test]
fn numbers_are_equal_by_value() {
    check(
        PATIENT,
        &[
            ("2147483647 + 1", "2147483648"),
            ("1 = 1.0", "true"),
            ("1 ~ 1.0", "true"),
            ("1.10 ~ 1.1", "true"),
            ("1.0 = 1.00", "true"),
            ("5L + 3L", "8"),
            ("1 is Integer", "true"),
            ("1.0 is Decimal", "true"),
            ("1L is Long", "true"),
            ("1L is Integer", "false"),
        ],
    );
}

#[test]
fn texts_are_cut() {
    check(
        PATIENT,
        &[
            (r"'\u0041\t\'\\\/\`'", "A\t'\\/`"),
            ("'abcdefg'.substring(3)", "defg"),
            ("'abcdefg'.substring(1, 2)", "bc"),
            ("'abcdefg'.substring(6, 2)", "g"),
            ("'abcdefg'.substring(7, 1)", ""),
            ("'abcdefg'.substring(-1, 1)", ""),
            ("'abc'.substring(1, 0)", ""),
            ("'abc'.substring(1, -1)", ""),
            ("'abcdefg'.indexOf('bc')", "1"),
            ("'abcdefg'.indexOf('x')", "-1"),
            ("'abc'.indexOf('')", "0"),
            ("'abcabc'.lastIndexOf('b')", "4"),
            ("'abc'.lastIndexOf('')", "3"),
            ("'abc'.lastIndexOf('x')", "-1"),
        ],
    );
}

#[test]
fn texts_are_split_and_replaced() {
    check(
        PATIENT,
        &[
            ("'a,b,,c'.split(',').count()", "4"),
            ("('a'|'b').join()", "ab"),
            ("('a'|'b').join('-')", "a-b"),
            ("'abc'.toChars()", "a,b,c"),
            ("'  a '.trim()", "a"),
            ("'abc'.replace('b', '')", "ac"),
            ("'abc'.replace('', 'x')", "xaxbxcx"),
            (
                "'11/30/1972'.replaceMatches('\\\\b(?<month>\\\\d{1,2})/(?<day>\\\\d{1,2})/(?<year>\\\\d{2,4})\\\\b',\
                 '${day}-${month}-${year}')",
                "30-11-1972",
            ),
            ("'a\\nb'.matches('a.b')", "true"),
            ("'abc'.matches('b')", "true"),
            ("'abc'.matchesFull('b')", "false"),
            ("'ABC'.matches('b', 'i')", "true"),
            ("'abc'.contains('')", "true"),
            ("'abc'.startsWith('')", "true"),
            ("'abc'.endsWith('')", "true"),
        ],
    );
}

#[test]
fn texts_are_escaped_and_compared() {
    check(
        PATIENT,
        &[
            ("'\"<&'.escape('html')", "&quot;&lt;&amp;"),
            ("'&lt;'.unescape('html')", "<"),
            ("'a\"'.escape('json')", "a\\\""),
            ("'test'.encode('base64')", "dGVzdA=="),
            ("'dGVzdA=='.decode('base64')", "test"),
            ("'test'.encode('hex')", "74657374"),
            ("'a' ~ 'A'", "true"),
            ("'a  b' ~ 'a b'", "true"),
            ("'a' = 'A'", "false"),
            ("'a' < 'b'", "true"),
            ("'é'.length()", "1"),
            ("'\u{1F600}'.length()", "1"),
            ("1.upper()", "!Type"),
        ],
    );
}

#[test]
fn comments_and_names_in_backticks() {
    check(
        PATIENT,
        &[
            ("/* a */ 1 // b", "1"),
            ("1 /* a // */ + 1", "2"),
            ("`name`.`given`.first()", "Peter"),
            ("Patient.name.as.exists()", "false"),
            ("name.where(`use` = 'usual').given", "Jim"),
        ],
    );
}

#[test]
fn to_booleans_and_numbers() {
    check(
        PATIENT,
        &[
            ("'true'.toBoolean()", "true"),
            ("'T'.toBoolean()", "true"),
            ("'y'.toBoolean()", "true"),
            ("'1.0'.toBoolean()", "true"),
            ("'0'.toBoolean()", "false"),
            ("2.toBoolean()", ""),
            ("1.0.toBoolean()", "true"),
            ("'x'.toBoolean()", ""),
            ("'x'.convertsToBoolean()", "false"),
            ("'+5'.toInteger()", "5"),
            ("'1.0'.toInteger()", ""),
            ("1.0.toInteger()", ""),
            ("true.toInteger()", "1"),
            ("'a'.convertsToInteger()", "false"),
            ("true.toDecimal()", "1.0"),
            ("'1.50'.toDecimal()", "1.50"),
            ("'1e3'.convertsToDecimal()", "false"),
            ("'1.'.convertsToDecimal()", "false"),
        ],
    );
}

#[test]
fn to_dates_and_times() {
    check(
        PATIENT,
        &[
            ("'2015'.toDate()", "2015"),
            ("'2015-02-30'.toDate()", ""),
            ("'2015-02-04T14:34:28Z'.toDate()", "2015-02-04"),
            ("@2015-02-04T14:34.toDate()", "2015-02-04"),
            ("'2015'.toDateTime()", "2015"),
            ("@2015-02-04.toDateTime() is DateTime", "true"),
            ("'T14:34'.convertsToTime()", "false"),
            ("'14:34'.toTime()", "14:34"),
            ("'25:00'.convertsToTime()", "false"),
        ],
    );
}

#[test]
fn to_quantities_and_texts() {
    check(
        PATIENT,
        &[
            ("'1 day'.toQuantity()", "1 day"),
            ("'1 \\'wk\\''.toQuantity() = 1 'wk'", "true"),
            ("'1 wk'.convertsToQuantity()", "false"),
            ("5.toQuantity()", "5 '1'"),
            ("true.toQuantity() = 1.0", "true"),
            ("'7 days'.toQuantity('wk') = 1 'wk'", "true"),
            ("'a'.convertsToQuantity()", "false"),
            ("1 'mg'.toString()", "1 'mg'"),
            ("1 day.toString()", "1 day"),
            ("true.toString()", "true"),
            ("1.50.toString()", "1.50"),
            ("@2015-02.toString()", "2015-02"),
            ("@T14:34.toString()", "14:34"),
            ("name.toString()", "!Singleton"),
            ("name.first().convertsToString()", "false"),
            ("'1'.toLong()", "1"),
            ("'a'.convertsToLong()", "false"),
        ],
    );
}
