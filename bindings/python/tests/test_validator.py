"""Validators: what they take, what they tell, what they refuse."""

import copy
import json
import pickle

import pytest

import accord
from conftest import CORE, EXAMPLES, US_CORE, US_CORE_PATIENT, patient


def test_what_a_report_tells(core):
    text = '{"resourceType": "Patient",\n "birthDate": "yesterday"}'
    report = core.validate(text)
    assert (report.verdict, report.errors, report.stopped) == ("invalid", 1, None)
    (issue,) = report.issues
    assert (issue.rule, issue.severity, issue.path) == ("primitive-format", "error", "Patient.birthDate")
    assert text.splitlines()[issue.line - 1][issue.column - 1 :].startswith('yesterday"')
    assert "yesterday" in issue.message and any("Patient" in p for p in issue.profiles)
    told = report.to_dict()
    assert told["verdict"] == "invalid" and told["issues"][0]["line"] == 2
    outcome = json.loads(report.outcome("a.json"))
    assert outcome["resourceType"] == "OperationOutcome" and "a.json" in report.outcome("a.json")
    assert outcome["issue"][0]["expression"] == ["Patient.birthDate"]


@pytest.mark.parametrize("form", [str, str.encode, lambda t: bytearray(t.encode()), lambda t: memoryview(t.encode())])
def test_text_and_bytes_are_alike(core, form):
    text = patient(birthDate="1970", name=[{"family": "Müller 🎉"}])
    assert core.validate(form(text)) == core.validate(text)
    assert core.validate(text).verdict == "valid"


def test_xml_is_read(core):
    text = '<Patient xmlns="http://hl7.org/fhir"><gender value="none"/></Patient>'
    assert [i.rule for i in core.validate(text).issues] == ["binding-required"]


def test_what_is_dirty_is_told_and_never_raised(core):
    verdicts = {
        "empty": core.validate("").verdict,
        "no FHIR": core.validate("[1, 2").verdict,
        "half a pair": core.validate('{"resourceType": "Patient", "name": [{"family": "\ud800"}]}').verdict,
        "zero bytes": core.validate(b"\0" * 1_000).verdict,
        "deep": core.validate("[" * 100_000).verdict,
        "deep in FHIR": core.validate('{"resourceType":"Parameters","parameter":[' + '{"part":[' * 5_000).verdict,
    }
    assert "valid" not in verdicts.values(), verdicts


def test_a_bound_that_is_reached_makes_it_undetermined():
    small = accord.Validator(packages=[CORE], limits={"elements": 3})
    report = small.validate(patient(name=[{"family": "A"}]))
    assert (report.verdict, report.stopped) == ("undetermined", "limit-nodes")


def test_profiles_of_the_validator_and_of_a_call(core):
    asked = accord.Validator(packages=[US_CORE], profiles=[US_CORE_PATIENT])
    assert asked.validate(patient()).verdict == "invalid"
    plain = accord.Validator(packages=[US_CORE])
    assert plain.validate(patient()).verdict == "valid"
    assert plain.validate(patient(), [US_CORE_PATIENT]) == asked.validate(patient())
    assert US_CORE in plain.packages and plain.fhir_version == "R4"
    with pytest.raises(accord.ProfileError, match="us-core-patient"):
        core.validate(patient(), [US_CORE_PATIENT])


def test_settings_change_what_is_told():
    text = patient(birthDate="x", gender="y", active="z")
    listed = accord.Validator(packages=[CORE], max_issues=1).validate(text)
    assert (listed.errors, listed.unlisted, len(listed.issues)) == (3, 2, 2)
    tagged = patient(name=[{"family": "<b>x</b>"}])
    strict = accord.Validator(packages=[CORE], policies={"html": "error"})
    assert strict.validate(tagged).verdict == "invalid"
    assert "limit-issues" in {i.rule for i in listed.issues}
    html = accord.Validator(packages=[CORE], policies={"html": "warn", "vital_signs": False}, level="error")
    assert (html.validate(tagged).warnings, html.validate(tagged).issues) == (1, [])
    commented = '{"resourceType": "Patient" /* of mine */}'
    assert accord.Validator(packages=[CORE]).validate(commented).verdict == "invalid"
    assert accord.Validator(packages=[CORE], json_comments=True).validate(commented).verdict == "valid"


def test_own_packages_are_loaded(tmp_path):
    own = tmp_path / "own.json"
    definition = {
        "resourceType": "StructureDefinition", "url": "http://test.example/own", "name": "Own", "status": "draft",
        "kind": "resource", "abstract": False, "type": "Patient", "derivation": "constraint", "fhirVersion": "4.0.1",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [{"id": "Patient.gender", "path": "Patient.gender", "min": 1}]},
    }
    own.write_text(json.dumps(definition), encoding="utf-8")
    made = accord.Validator(packages=[own], profiles=["http://test.example/own"])
    assert made.validate(patient()).verdict == "invalid"
    definition["differential"]["element"][0]["min"] = 0
    own.write_text(json.dumps(definition) + "\n", encoding="utf-8")
    anew = accord.Validator(packages=[own], profiles=["http://test.example/own"])
    assert anew.validate(patient()).verdict == "valid", "a file that has changed is read anew"


@pytest.mark.parametrize(
    ("settings", "raised", "said"),
    [
        ({"packages": ["no.such.package"]}, accord.PackageError, "no.such.package"),
        ({"packages": ["./no/such.tgz"]}, accord.PackageError, "no/such.tgz"),
        ({"packages": [CORE], "profiles": ["http://test.example/x"]}, accord.ProfileError, "test.example/x"),
        ({"fhir_version": "R9"}, accord.AccordError, "R9"),
        ({"policies": {"loudness": "warn"}}, accord.SettingsError, "loudness"),
        ({"policies": {"display": "loud"}}, accord.SettingsError, "loud"),
        ({"limits": {"trials": 3}}, accord.SettingsError, "trials"),
        ({"now": "today"}, accord.AccordError, "today"),
        ({"resources": ["no/such/folder"]}, accord.FileError, "no/such/folder"),
        ({"rules": ["no/such.rhai"]}, accord.FileError, "no/such.rhai"),
        ({"tx": "ftp://test.example"}, accord.ServerError, "tx"),
        ({"packages": "hl7.fhir.us.core"}, TypeError, r"write \['hl7.fhir.us.core'\]"),
        ({"package": ["x"]}, TypeError, "package"),
    ],
)
def test_what_cannot_be_opened_is_named(settings, raised, said):
    with pytest.raises(raised, match=said):
        accord.Validator(**settings)


def test_what_is_no_instance_is_refused(core):
    with pytest.raises(TypeError, match="json.dumps"):
        core.validate({"resourceType": "Patient"})
    with pytest.raises(TypeError, match="NoneType"):
        core.validate(None)


def test_pickles_carry_what_is_told_and_only_settings(core):
    report = core.validate((EXAMPLES / "us-core-patient-invalid.json").read_bytes())
    again = pickle.loads(pickle.dumps(report))
    assert again == report and again.to_dict() == report.to_dict() and again.outcome() == report.outcome()
    assert pickle.loads(pickle.dumps(report.issues)) == report.issues
    assert len(pickle.dumps(core)) < 1_000
    assert pickle.loads(pickle.dumps(core)).validate(patient()) == copy.deepcopy(core).validate(patient())


def test_version():
    assert accord.__version__.count(".") == 2
