"""Columns of FHIR instances in Arrow batches: for Spark's `mapInArrow`, Ray, Daft and Polars.

    >>> check = accord.arrow.validator(packages=["hl7.fhir.us.core#6.1.0"], column="resource")
    >>> frame.mapInArrow(check, f"id bigint, resource string, {accord.arrow.SPARK_COLUMNS}")

A row that holds no instance, or one that could not be examined, has the verdict `undetermined` and a `reason`; no row
raises an exception. The packages are loaded once a process.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Optional

try:
    import pyarrow as pa
except ModuleNotFoundError as e:
    raise ModuleNotFoundError("accord.arrow needs pyarrow: pip install fhir-accord[arrow]", name=e.name) from e

from . import _native
from ._settings import settings_text

__all__ = ["FIELDS", "SPARK_COLUMNS", "RecordBatchValidator", "validate", "validator"]

#: The most issues that are listed of a row, where nothing else is asked for; all are counted.
MAX_ISSUES = 100

#: The most rows that are worked on at once.
MAX_ROWS = 32_768

_ISSUE = pa.struct(
    [
        ("severity", pa.string()),
        ("rule", pa.string()),
        ("path", pa.string()),
        ("line", pa.int32()),
        ("column", pa.int32()),
        ("message", pa.string()),
    ]
)

#: The columns that are added.
FIELDS: list[Any] = [
    pa.field("verdict", pa.string()),
    pa.field("reason", pa.string()),
    pa.field("errors", pa.int64()),
    pa.field("warnings", pa.int64()),
    pa.field("unlisted", pa.int64()),
    pa.field("issues", pa.list_(_ISSUE)),
]

#: The same as Spark writes them in a schema.
SPARK_COLUMNS = (
    "verdict string, reason string, errors bigint, warnings bigint, unlisted bigint, "
    "issues array<struct<severity: string, rule: string, path: string, line: int, column: int, message: string>>"
)


def _texts(array: Any) -> list[Optional[bytes]]:
    """The instances of a column, as bytes; what is text in it need not be UTF-8."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_null(kind):
        return [None] * len(array)
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    is_view = str(kind) in ("string_view", "binary_view")
    if not (is_text or is_bytes or is_view):
        raise TypeError(f"the column holds `{kind}`; it must hold instances as text or bytes")
    if is_text:
        array = array.cast(pa.large_binary() if pa.types.is_large_string(kind) else pa.binary())
    elif str(kind) == "string_view":
        array = array.cast(pa.large_binary())
    texts: list[Optional[bytes]] = array.to_pylist()
    return texts


class RecordBatchValidator:
    """Adds what is found to Arrow batches. It can be pickled: only the settings travel."""

    def __init__(self, settings: str, column: str, prefix: str, threads: Optional[int]) -> None:
        self._settings, self._column, self._prefix, self._threads = settings, column, prefix, threads
        self._engine: Optional[_native.Engine] = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_engine": None}

    @property
    def fields(self) -> list[Any]:
        """The fields that are added."""
        return [field.with_name(self._prefix + field.name) for field in FIELDS]

    def schema(self, schema: Any) -> Any:
        """The schema of the batches that come out, where these go in.

        :raises ValueError: where the column is missing, or one that is added is there already.
        """
        if self._column not in schema.names:
            raise ValueError(f"there is no column `{self._column}`; there are {', '.join(schema.names)}")
        for field in self.fields:
            if field.name in schema.names:
                raise ValueError(f"there is a column `{field.name}` already; give `prefix`")
            schema = schema.append(field)
        return schema

    def batch(self, batch: Any) -> Any:
        """One RecordBatch with the columns added."""
        schema = self.schema(batch.schema)
        if self._engine is None:
            self._engine = _native.Engine(self._settings)
        texts = _texts(batch.column(batch.schema.get_field_index(self._column)))
        found = self._engine.columns(texts, [], self._threads)
        issues = pa.StructArray.from_arrays(
            [pa.array(found[field.name], field.type) for field in _ISSUE], fields=list(_ISSUE)
        )
        ends = pa.array([0, *found["ends"]], pa.int32())
        added = [pa.array(found[field.name], field.type) for field in FIELDS[:-1]]
        added.append(pa.ListArray.from_arrays(ends, issues))
        return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)

    def table(self, table: Any) -> Any:
        """A whole Table with the columns added, batch by batch."""
        return pa.Table.from_batches(list(self(table.to_batches())), self.schema(table.schema))

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Batches with the columns added, one by one: what `mapInArrow` asks for. Large ones come in parts."""
        for batch in batches:
            for start in range(0, max(batch.num_rows, 1), MAX_ROWS):
                yield self.batch(batch.slice(start, MAX_ROWS))


def validator(
    *,
    column: str = "resource",
    prefix: str = "",
    threads: Optional[int] = 1,
    max_issues: int = MAX_ISSUES,
    **settings: Any,
) -> RecordBatchValidator:
    """What adds verdicts and issues to batches.

    :param column: the column with the instances, as text or bytes.
    :param prefix: put before the names of the columns that are added.
    :param threads: how many threads work on a batch: 1, as Spark and Ray have a process for each core; `None`: one
        for each core.
    :param max_issues: the most issues that are listed of a row; all are counted.
    :param settings: what `accord.Validator` takes.
    """
    text = settings_text(max_issues=max_issues, **settings)
    return RecordBatchValidator(text, column, prefix, threads)


def validate(batches: Iterable[Any], **settings: Any) -> Iterator[Any]:
    """Adds verdicts and issues to batches; the settings are those of `validator`."""
    return validator(**settings)(batches)
