"""Several processes: forked while others work, spawned, and what is mapped in each."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading

import pytest

import accord
from conftest import CORE, bundle, patient

HELD = {}


def verdict(text):
    return HELD["validator"].validate(text).verdict, os.getpid()


def given(validator, text):
    return validator.validate(text).verdict, [r.verdict for r in validator.validate_many([text, text])]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_child_validates_that_is_forked_while_threads_do(core):
    HELD["validator"] = core
    large, done = bundle(100), threading.Event()

    def busy():
        while not done.is_set():
            core.validate(large)
            list(core.validate_many([large, large]))
            accord.Validator(packages=[CORE])

    threads = [threading.Thread(target=busy) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            with multiprocessing.get_context("fork").Pool(2) as pool:
                asked = pool.map_async(verdict, [patient(birthDate="1970"), patient(birthDate="x")] * 3, chunksize=1)
                found = asked.get(timeout=120)
            assert [v for v, _ in found] == ["valid", "invalid"] * 3
            assert os.getpid() not in {p for _, p in found}
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_a_validator_goes_to_processes_that_are_spawned(core):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply_async(given, (core, patient(birthDate="x"))).get(timeout=120)
    assert found == ("invalid", ["invalid", "invalid"])


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="there is no /proc")
def test_validators_of_the_same_settings_map_an_image_once(tmp_path):
    own = tmp_path / "own.json"
    definition = {
        "resourceType": "StructureDefinition", "url": "http://test.example/mapped", "name": "M", "status": "draft",
        "kind": "resource", "abstract": False, "type": "Patient", "derivation": "constraint", "fhirVersion": "4.0.1",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [{"id": "Patient.gender", "path": "Patient.gender", "min": 1}]},
    }
    own.write_text(json.dumps(definition), encoding="utf-8")
    script = (
        "import accord, sys\n"
        "made = [accord.Validator(packages=[sys.argv[1]], max_issues=1 + n % 2) for n in range(10)]\n"
        "assert all(v.validate('{\"resourceType\": \"Patient\"}').verdict == 'valid' for v in made)\n"
        "lines = [l for l in open('/proc/self/maps', encoding='utf-8') if sys.argv[2] in l]\n"
        "print(len(lines), len({l.split()[-1] for l in lines}))\n"
    )
    images = tmp_path / "images"
    environment = {**os.environ, "ACCORD_IMAGES": str(images)}
    for _ in range(2):  # The first builds the image, the second maps it.
        done = subprocess.run(
            [sys.executable, "-c", script, own, str(images)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    lines, files = map(int, done.stdout.split())
    assert lines == files > 0, "each file is mapped once, by ten validators of two settings"
