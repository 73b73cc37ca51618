"""The module says what the program says."""

import json

import pytest

import accord
from conftest import EXAMPLES, US_CORE

INSTANCES = sorted(p for p in EXAMPLES.glob("*.json"))


@pytest.mark.parametrize("settings", [{}, {"packages": [US_CORE]}, {"preset": "hl7", "level": "information"}])
def test_reports_are_those_of_the_program(program, settings):
    options = [o for p in settings.get("packages", []) for o in ("--package", p)]
    options += ["--preset", settings["preset"]] if "preset" in settings else []
    options += ["--level", settings["level"]] if "level" in settings else []
    _, out = program("validate", "--format", "ndjson", *options, *INSTANCES)
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == len(INSTANCES) > 5
    validator = accord.Validator(**settings)
    reports = list(validator.validate_many(path.read_bytes() for path in INSTANCES))
    assert [r.verdict for r in reports] == [line["verdict"] for line in lines]
    assert [json.loads(r.outcome()) for r in reports] == [line["outcome"] for line in lines]
    assert len({r.verdict for r in reports}) > 1


def test_negotiations_are_those_of_the_program(program):
    client, server, smart = (EXAMPLES / n for n in ("client.json", "server.json", "smart-configuration.json"))
    scopes = "launch/patient patient/*.rs"
    code, out = program(
        "negotiate", "--client", client, "--server", server, "--smart", smart, "--scope", scopes, "--format", "json"
    )
    assert code == 0
    found = accord.negotiate(str(client), server, smart=smart, scopes=scopes.split())
    assert found == json.loads(out)


def test_comparisons_are_those_of_the_program(program):
    base = "http://hl7.org/fhir/us/core/StructureDefinition/"
    a, b = base + "us-core-patient", base + "us-core-observation-lab"
    code, out = program("satisfies", a, a, "--package", US_CORE, "--format", "json", "--explain")
    assert code == 0
    assert accord.satisfies(a, a, packages=[US_CORE], explain=True) == json.loads(out)
    with pytest.raises(accord.AccordError, match="no profiles of the same type"):
        accord.satisfies(a, b, packages=[US_CORE])
