"""What the tests share: the examples, the program beside the module, instances that are made."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"
CORE = "hl7.fhir.r4.core#4.0.1"
US_CORE = "hl7.fhir.us.core#6.1.0"
US_CORE_PATIENT = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"


def patient(number=0, **members):
    return json.dumps({"resourceType": "Patient", "id": f"p{number}", **members})


def bundle(entries):
    """A collection whose validation takes a while."""
    names = [{"family": f"F{i}", "given": ["a", "b", "c"]} for i in range(20)]
    entry = {"resource": {"resourceType": "Patient", "name": names}}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry] * entries})


@pytest.fixture(scope="session")
def program():
    """The program `accord`, by `$ACCORD` or of a build in the target folder."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    found = Path(os.environ.get("ACCORD", target / "debug" / "accord"))
    if not found.is_file():
        pytest.skip(f"there is no program at {found}; build it, or name it in $ACCORD")

    def run(*args, stdin=None):
        done = subprocess.run([found, *map(str, args)], input=stdin, capture_output=True, check=False)
        return done.returncode, done.stdout

    return run


@pytest.fixture(scope="session")
def core():
    import accord

    return accord.Validator(packages=[CORE])
