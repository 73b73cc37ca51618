"""Negotiations and comparisons."""

import json

import pytest

import accord
from conftest import EXAMPLES, ROOT, US_CORE, US_CORE_PATIENT


def documents():
    return [json.loads((EXAMPLES / name).read_text(encoding="utf-8")) for name in ("client.json", "server.json")]


def test_sides_are_documents_files_or_guides():
    client, server = documents()
    found = accord.negotiate(client, server, packages=[US_CORE])
    path = EXAMPLES / "client.json"
    by_path = accord.negotiate(path, server, packages=[US_CORE])
    assert by_path["parties"]["client"].pop("from") == str(path)
    found["parties"]["client"].pop("from", None)
    assert by_path == found
    assert accord.negotiate("ig:hl7.fhir.uv.ips", "ig:" + US_CORE)["verdict"]


def test_terms_count():
    client, server = documents()
    plain = accord.negotiate(client, server, packages=[US_CORE])
    needed = accord.negotiate(client, server, packages=[US_CORE], need=["Consent.create"], flow="ehr")
    assert plain["id"] != needed["id"]
    granted = accord.negotiate(client, server, packages=[US_CORE], scopes=["patient/*.rs"], granted="patient/Patient.r")
    assert granted["id"] != plain["id"] and "patient/Patient.r" in json.dumps(granted)


def test_a_script_weighs(tmp_path):
    script = tmp_path / "mine.rhai"
    script.write_text("fn weigh(", encoding="utf-8")
    client, server = documents()
    with pytest.raises(accord.AccordError, match="mine.rhai"):
        accord.negotiate(client, server, packages=[US_CORE], policy=script)
    cautious = ROOT / "capability" / "policies" / "cautious.rhai"
    weighed = accord.negotiate(client, server, packages=[US_CORE], policy=cautious)
    assert weighed["id"] != accord.negotiate(client, server, packages=[US_CORE])["id"]
    with pytest.raises(accord.AccordError, match="no/such"):
        accord.negotiate(client, server, policy="no/such.rhai")


@pytest.mark.parametrize(
    ("client", "terms", "said"),
    [
        ({"resourceType": "Patient"}, {}, "/client"),
        ("ig:no.such.guide", {}, "no.such.guide"),
        ("no/such.json", {}, "no/such.json"),
        ("ig:hl7.fhir.uv.ips", {"flow": "sideways"}, "/flow"),
        ("ig:hl7.fhir.uv.ips", {"packages": ["no.such.package"]}, "no.such.package"),
    ],
)
def test_what_is_wrong_is_named(client, terms, said):
    with pytest.raises(accord.AccordError, match=said):
        accord.negotiate(client, "ig:" + US_CORE, **terms)


def test_profiles_are_compared():
    base = "http://hl7.org/fhir/StructureDefinition/Practitioner"
    us_core = US_CORE_PATIENT.replace("patient", "practitioner")
    there, back = accord.satisfies(us_core, base, packages=[US_CORE], both=True)["pairs"]
    assert (there["validity"], back["validity"]) == ("proven", "refuted")
    witness = json.dumps(back["witness"]["instance"])
    validator = accord.Validator(packages=[US_CORE])
    assert validator.validate(witness).verdict == "valid"
    assert validator.validate(witness, [us_core]).verdict == "invalid"
    with pytest.raises(accord.AccordError, match="R9"):
        accord.satisfies(base, base, fhir_version="R9")
