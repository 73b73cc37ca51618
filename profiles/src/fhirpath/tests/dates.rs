//! The edges of dates, times and quantities
//! (<https://hl7.org/fhirpath/N1/>, <https://build.fhir.org/ig/HL7/FHIRPath/>).

use super::*;

#[test]
fn dates_compare_as_far_as_they_tell() {
    check(
        PATIENT,
        &[
            ("@2012 = @2012-01", ""),
            ("@2012 ~ @2012-01", "false"),
            ("@2012-01 = @2012-01", "true"),
            ("@2012-01-01T10 = @2012-01-01T10:00", ""),
            ("@2012-01-01T10:00:00 = @2012-01-01T10:00:00.0", "true"),
            ("@2012-01-01T10:00:00Z = @2012-01-01T12:00:00+02:00", "true"),
            ("@2012-01-01T10:00:00Z = @2012-01-01T10:00:00", ""),
            ("@2012 < @2013-01", "true"),
            ("@2012 > @2012-01", ""),
            ("@T10:30 < @T10:30:01", ""),
            ("@2018-03-01 > @2018-03-01T10:00", ""),
        ],
    );
}

#[test]
fn dates_move_by_calendar_units() {
    check(
        PATIENT,
        &[
            ("@2012-01-31 + 1 month", "2012-02-29"),
            ("@2012-02-29 + 1 year", "2013-02-28"),
            ("@2012 + 1 month", "2012"),
            ("@2012 + 12 months", "2013"),
            ("@2012-01 - 1 month", "2011-12"),
            ("@2012-01-01 + 24 hours", "2012-01-02"),
            ("@2012-01-01 + 1 'mo'", "!Type"),
            ("@2012-01-01 + 1 'd'", "2012-01-02"),
            ("@T23:59 + 2 minutes", "00:01"),
            ("@2012-01-01T00:00:00.000Z + 0.5 seconds", "2012-01-01T00:00:00.500Z"),
            ("@2012-01-01T00:00:00Z - 1 second", "2011-12-31T23:59:59Z"),
        ],
    );
}

#[test]
fn quantities_compare_by_unit() {
    check(
        PATIENT,
        &[
            ("4 'g' = 4000 'mg'", "true"),
            ("4 'g' > 3000 'mg'", "true"),
            ("4 'g' < 1 'm'", ""),
            ("4 'g' = 1 'm'", ""),
            ("1 'wk' = 7 'd'", "true"),
            ("1 year = 1 'a'", ""),
            ("1 year ~ 1 'a'", "true"),
            ("1 day = 1 'd'", "true"),
            ("7 days = 1 week", "true"),
            ("1 'cm' * 2 'm' = 0.02 'm2'", "true"),
            ("4 'g' / 2 'g'", "2 '1'"),
            ("2 'm' + 50 'cm' = 2.5 'm'", "true"),
            ("3 'min' = 180 seconds", "true"),
            ("1 'mg' is Quantity", "true"),
            ("1 'mg'.value", "1"),
            ("-1 'mg'", "-1 'mg'"),
        ],
    );
}

#[test]
fn boundaries_and_precision() {
    check(
        PATIENT,
        &[
            ("@2014.lowBoundary(6)", "2014-01"),
            ("@2014.highBoundary(8)", "2014-12-31"),
            ("@2014-01-01T08.lowBoundary(17)", "2014-01-01T08:00:00.000+14:00"),
            ("@2014-01-01T08.highBoundary(17)", "2014-01-01T08:59:59.999-12:00"),
            ("@T10:30.lowBoundary(9)", "10:30:00.000"),
            ("@T10:30.highBoundary(9)", "10:30:59.999"),
            ("1.587.lowBoundary()", "1.58650000"),
            ("1.587.highBoundary()", "1.58750000"),
            ("1.587.lowBoundary(2)", "1.58"),
            ("1.587.highBoundary(2)", "1.59"),
            ("1.lowBoundary()", "0.50000000"),
            ("(-1.587).lowBoundary()", "-1.58750000"),
            ("1.587.lowBoundary(-1)", ""),
            ("1.587.lowBoundary(39)", ""),
            ("1.587 'cm'.lowBoundary() = 1.5865 'cm'", "true"),
            ("1.58700.precision()", "5"),
            ("@2014.precision()", "4"),
            ("@2014-01-05T10:30:00.000.precision()", "17"),
            ("@T10:30.precision()", "4"),
        ],
    );
}

#[test]
fn the_clock_and_parts_of_dates() {
    check(
        PATIENT,
        &[
            ("today() = today()", "true"),
            ("now() = now()", "true"),
            ("now() is DateTime", "true"),
            ("timeOfDay() is Time", "true"),
            ("@2012-01-01.yearOf()", "2012"),
            ("@2012-01-01T10:20:30.400Z.millisecondOf()", "400"),
        ],
    );
}

#[test]
fn dates_are_of_the_calendar() {
    // Years are 1 to 9999 (https://hl7.org/fhirpath/N1/#date), zones reach 14:00
    // (https://hl7.org/fhir/R4/datatypes.html#dateTime).
    check(
        PATIENT,
        &[
            ("'0000-01-01'.toDate()", ""),
            ("'0001-01-01'.toDate()", "0001-01-01"),
            ("'2015-01-01T00:00:00+14:00'.toDateTime()", "2015-01-01T00:00:00+14:00"),
            ("'2015-01-01T00:00:00+14:30'.toDateTime()", ""),
            ("'1900-02-29'.toDate()", ""),
            ("'2000-02-29'.toDate()", "2000-02-29"),
            ("@9999-12-31 + 1 day", ""),
            ("@0001-01-01 - 1 month", ""),
            ("@0001-01-01T00:00:00+14:00 < @0001-01-01T00:00:00Z", "true"),
            ("@9999-12-31T23:59:59-12:00 > @9999-12-31T23:59:59Z", "true"),
            ("@2012-02-29 - 4 years", "2008-02-29"),
            ("@2011-10-31 + 4 months", "2012-02-29"),
            ("@2012-12-31T23:59:60Z + 0 seconds", "2013-01-01T00:00:00Z"),
            ("@2012-12-31T23:59:60Z = @2013-01-01T00:00:00Z", "true"),
            ("@2012-01-01 + 9223372036854775807 days", ""),
        ],
    );
}
