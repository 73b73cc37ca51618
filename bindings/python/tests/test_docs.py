"""The Python of the documents runs as it is written."""

import re

import pytest

from conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "bindings/python/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCUMENTS = [p.relative_to(ROOT).as_posix() for p in PAGES if "```python\n" in p.read_text(encoding="utf-8")]


def test_there_are_such_documents():
    assert {"docs/python.md", "docs/scale.md", "bindings/python/README.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_code_of_a_document_runs(name, monkeypatch):
    if name == "docs/scale.md":
        pytest.importorskip("pyarrow")
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    exec(compile("\n".join(blocks), name, "exec"), {"__name__": "document"})


def test_polars_as_documented():
    polars = pytest.importorskip("polars")
    names = document()
    found = names["of_polars"](polars.DataFrame({"resource": ['{"resourceType": "Patient"}', "{", None]}))
    assert found["verdict"].to_list() == ["valid", "invalid", "undetermined"]


def test_daft_as_documented():
    daft = pytest.importorskip("daft")
    names = document()
    found = names["of_daft"](daft.from_pydict({"resource": ['{"resourceType": "Patient"}', "{", None]}))
    assert found.to_pydict()["verdict"] == ["valid", "invalid", "undetermined"]


def document():
    text = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    names = {"__name__": "document"}
    exec("\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), names)
    return names
