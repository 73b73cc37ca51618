"""`mapInArrow` for real: in Spark's local mode, and in Sail, where one of them is installed."""

import importlib.util
import os
import shutil
import sys

import pytest

from conftest import US_CORE, US_CORE_PATIENT, patient

pyarrow = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")


def local():
    """Spark in this process; its workers are forked by a daemon of Python."""
    if shutil.which("java") is None or importlib.util.find_spec("py4j") is None:
        pytest.skip("Spark's local mode needs pyspark with py4j, and Java")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate(), None


def sail():
    """Sail, which speaks Spark Connect without Java."""
    pytest.importorskip("pysail")
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    return SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate(), server


@pytest.fixture(params=[local, sail], ids=["spark", "sail"])
def spark(request):
    session, server = request.param()
    yield session
    session.stop()
    if server is not None:
        server.stop()


def test_map_in_arrow(spark):
    from accord import arrow

    rows = [(n, patient(n, birthDate="1970" if n % 3 else "never")) for n in range(300)]
    rows += [(300, None), (301, ""), (302, "{"), (303, "[" * 100_000)]
    check = arrow.validator(packages=[US_CORE], profiles=[US_CORE_PATIENT])
    frame = spark.createDataFrame(rows, "id bigint, resource string").repartition(4)
    found = frame.mapInArrow(check, f"id bigint, resource string, {arrow.SPARK_COLUMNS}").collect()
    by_id = {row.id: row for row in found}
    assert len(by_id) == len(found) == len(rows)
    assert [(row.id, row.resource) for row in sorted(found, key=lambda r: r.id)] == rows
    batch = pyarrow.RecordBatch.from_pylist([{"resource": text} for _, text in rows])
    expected = check.batch(batch).to_pylist()
    for (number, _), wanted in zip(rows, expected):
        row = by_id[number]
        assert (row.verdict, row.reason, row.errors) == (wanted["verdict"], wanted["reason"], wanted["errors"])
        assert [i.asDict() for i in row.issues] == wanted["issues"]
    assert by_id[300].reason == "null" and by_id[0].verdict == "invalid"
