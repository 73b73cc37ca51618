"""Arrow batches."""

import pickle

import pytest

import accord
from conftest import CORE, US_CORE, US_CORE_PATIENT, patient

pa = pytest.importorskip("pyarrow")
arrow = pytest.importorskip("accord.arrow")

ROWS = [patient(1), patient(2, birthDate="x"), None, "", patient(3, gender="y", birthDate="z")]


def batch(rows, kind=None, **columns):
    return pa.RecordBatch.from_pydict({**columns, "resource": pa.array(rows, kind or pa.string())})


def check(**settings):
    return arrow.validator(packages=[CORE], **settings)


def test_columns_pass_through_and_results_are_added():
    given = batch(ROWS, number=list(range(5)))
    (found,) = check()([given])
    assert found.schema.names[:2] == ["number", "resource"] and found.schema == check().schema(given.schema)
    assert found.column(0) == given.column(0) and found.column(1) == given.column(1)
    rows = found.to_pylist()
    assert [r["verdict"] for r in rows] == ["valid", "invalid", "undetermined", "invalid", "invalid"]
    assert [r["reason"] for r in rows] == [None, None, "null", None, None]
    assert [r["errors"] for r in rows] == [0, 1, 0, 1, 2]
    assert [[i["rule"] for i in r["issues"]] for r in rows][:3] == [[], ["primitive-format"], []]
    reports = [accord.Validator(packages=[CORE]).validate(r) for r in ROWS if r is not None]
    told = [[(i.path, i.line, i.column, i.message) for i in r.issues] for r in reports]
    listed = [[(i["path"], i["line"], i["column"], i["message"]) for i in r["issues"]] for r in rows]
    assert told == listed[:2] + listed[3:]


@pytest.mark.parametrize("name", ["string", "large_string", "binary", "large_binary", "string_view", "binary_view"])
def test_text_and_bytes_of_every_kind(name):
    kind = getattr(pa, name, None)
    if kind is None:
        pytest.skip(f"this pyarrow has no {name}")
    given = pa.RecordBatch.from_pydict({"resource": pa.array(ROWS, pa.string())})
    cast = given.column(0).cast(kind()) if name != "binary_view" else pa.array([r and r.encode() for r in ROWS], kind())
    (found,) = check()([pa.RecordBatch.from_arrays([cast], ["resource"])])
    (plain,) = check()([given])
    assert found.columns[1:] == plain.columns[1:]


def test_dictionaries_slices_and_nothing():
    coded = pa.array(ROWS * 2, pa.string()).dictionary_encode()
    (found,) = check()([pa.RecordBatch.from_arrays([coded], ["resource"]).slice(1, 3)])
    assert found.column("verdict").to_pylist() == ["invalid", "undetermined", "invalid"]
    (none,) = check()([pa.RecordBatch.from_arrays([pa.nulls(2)], ["resource"])])
    assert none.column("reason").to_pylist() == ["null", "null"]
    (empty,) = check()([batch([])])
    assert empty.num_rows == 0 and "issues" in empty.schema.names


def test_dirty_rows_end_no_job():
    broken = b'{"resourceType":"Patient","name":[{"family":"\xff\xfe"}]}'
    deep = b'{"resourceType":"Parameters","parameter":[' + b'{"part":[' * 10_000
    rows = [broken, deep, b"\x00" * 5_000, b"[" * 500_000, b"{}", b"<a>", patient().encode()]
    # Text that is no UTF-8, as other programs write it into columns of text.
    offsets = pa.array([0, len(broken)], pa.int32()).buffers()[1]
    text = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(broken)])
    (found,) = check()([batch(rows, pa.binary())])
    verdicts = found.column("verdict").to_pylist()
    assert verdicts[-1] == "valid" and "valid" not in verdicts[:-1]
    (found_text,) = check()([pa.RecordBatch.from_arrays([text], ["resource"])])
    assert found_text.column("issues")[0].as_py() == found.column("issues")[0].as_py()
    assert found_text.column("issues")[0].as_py()[0]["rule"] == "json-utf8"


def test_a_row_beyond_a_bound_has_its_reason():
    large = patient(name=[{"family": str(n)} for n in range(1_000)])
    (found,) = check(limits={"elements": 500})([batch([large, patient()])])
    assert found.column("verdict").to_pylist() == ["undetermined", "valid"]
    assert found.column("reason").to_pylist() == ["limit-nodes", None]


def test_issues_of_a_row_are_bounded_and_counted():
    many = patient(name=[{"family": n} for n in range(50)])
    (found,) = check(max_issues=7)([batch([many])])
    row = found.to_pylist()[0]
    assert (row["errors"], row["unlisted"]) == (50, 43)
    rules = [i["rule"] for i in row["issues"]]
    assert len(rules) == 8 and rules.count("limit-issues") == 1, "that there are more is an issue, too"


def test_large_batches_come_in_parts(monkeypatch):
    monkeypatch.setattr(arrow, "MAX_ROWS", 4)
    table = pa.Table.from_batches([batch(ROWS * 3)])
    found = check().table(table)
    assert found.num_rows == 15 and found.column("verdict").num_chunks == 4
    assert found.column("resource") == table.column("resource")


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="no column `body`; there are resource"):
        list(check(column="body")([batch(ROWS)]))
    with pytest.raises(TypeError, match="int64"):
        list(check()([batch([1, 2], pa.int64())]))
    with pytest.raises(ValueError, match="`verdict` already"):
        list(check()([batch(ROWS, verdict=["a"] * 5)]))
    (found,) = check(prefix="fhir_")([batch(ROWS, verdict=["a"] * 5)])
    assert found.schema.names[2:4] == ["fhir_verdict", "fhir_reason"]
    with pytest.raises(accord.PackageError, match="no.such.package"):
        list(arrow.validator(packages=["no.such.package"])([batch(ROWS)]))


def test_settings_travel():
    made = arrow.validator(packages=[US_CORE], profiles=[US_CORE_PATIENT])
    (before,) = made([batch([patient()])])
    again = pickle.loads(pickle.dumps(made))
    (after,) = again([batch([patient()])])
    assert before == after and before.column("verdict").to_pylist() == ["invalid"]
    assert len(pickle.dumps(made)) < 2_000


def test_the_schema_for_spark_names_the_same_columns():
    names = [part.split()[0] for part in arrow.SPARK_COLUMNS.split(", issues")[0].split(", ")]
    assert [*names, "issues"] == [f.name for f in arrow.FIELDS]
