"""Validators."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, Optional, Union

from . import _native
from ._settings import PathLike, _listed, settings_text

Instance = Union[str, bytes, bytearray, memoryview]

#: The most instances, and about the most characters of several, that are validated together.
_BATCH = (2_000, 32 << 20)


def _batches(instances: Iterable[Instance]) -> Iterator[list[Instance]]:
    """Instances in lists that are bounded by number and size."""
    batch: list[Instance] = []
    size = 0
    for instance in instances:
        length = len(instance)
        if batch and (len(batch) >= _BATCH[0] or size + length > _BATCH[1]):
            yield batch
            batch, size = [], 0
        batch.append(instance)
        size += length
    if batch:
        yield batch


class Validator:
    """Instances are held against the base specification, the profiles that they claim, and those asked for.

    Opening one loads the packages. Within a process validators of the same settings share one engine, so opening a
    second costs nothing; a process that is forked opens its own when it first validates. Threads may share one. It
    can be pickled: only its settings travel.

    :param packages: `ID#VERSION`, `ID`, or paths of archives, folders or files; without any, all embedded guides.
    :param fhir_version: `R4`, `4.0.1` and the like; without one that of the packages, else that of the profiles,
        else R4.
    :param profiles: canonicals of profiles that every instance must conform to, beside those in `meta.profile`.
    :param policies: how severe findings are that the specification leaves to policy, by the names of the options of
        `accord validate` with underscores: `{"best_practice": "warn", "vital_signs": "off"}`.
    :param preset: the policies to start from: `hl7`.
    :param json_comments: accept comments in JSON.
    :param limits: bounds on the work for one instance: `visits`, `expression`, `expressions`, `elements`. Reaching
        one makes the verdict undetermined.
    :param level: the lowest severity that is listed: `information`, `warning` (default) or `error`.
    :param max_issues: the most issues that are listed of an instance (1000); the verdict does not depend on it.
    :param rules: Rhai scripts with your own rules, or folders of them.
    :param resources: files and folders with the resources that references lead to.
    :param terminology: the folder of imported terminology; without one that of `accord terminology import`.
    :param tx: the base URL of a terminology server, which is asked about each instance by itself.
    :param fetch: download packages that are not installed.
    :param now: what `now()` and `today()` give in constraints: `2026-11-28T12:00:00Z`; without one the clock's time.
    :raises AccordError: where a package, a profile or a file cannot be had, or a setting is not understood.
    """

    __slots__ = ("_engine", "_settings")

    def __init__(
        self,
        *,
        packages: Iterable[PathLike] = (),
        fhir_version: Optional[str] = None,
        profiles: Iterable[str] = (),
        policies: Optional[Mapping[str, Any]] = None,
        preset: Optional[str] = None,
        json_comments: bool = False,
        limits: Optional[Mapping[str, int]] = None,
        level: Optional[str] = None,
        max_issues: Optional[int] = None,
        rules: Iterable[PathLike] = (),
        resources: Iterable[PathLike] = (),
        terminology: Optional[PathLike] = None,
        tx: Optional[str] = None,
        fetch: bool = False,
        now: Optional[str] = None,
    ) -> None:
        self._settings = settings_text(
            packages=packages,
            fhir_version=fhir_version,
            profiles=profiles,
            policies=policies,
            preset=preset,
            json_comments=json_comments,
            limits=limits,
            level=level,
            max_issues=max_issues,
            rules=rules,
            resources=resources,
            terminology=terminology,
            tx=tx,
            fetch=fetch,
            now=now,
        )
        self._engine: Optional[_native.Engine] = _native.Engine(self._settings)

    @classmethod
    def _of(cls, settings: str) -> Validator:
        """One that opens its packages when it is first asked for something."""
        made = cls.__new__(cls)
        made._settings, made._engine = settings, None
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return (_of, (self._settings,))

    def __repr__(self) -> str:
        return f"<Validator {self._settings}>"

    def _opened(self) -> _native.Engine:
        if self._engine is None:
            self._engine = _native.Engine(self._settings)
        return self._engine

    @property
    def packages(self) -> list[str]:
        """The loaded packages as `id#version`, those that others depend on included."""
        return self._opened().packages

    @property
    def fhir_version(self) -> str:
        """The FHIR version of the instances, such as `R4`."""
        return self._opened().fhir_version

    def validate(self, instance: Instance, profiles: Optional[Iterable[str]] = None) -> _native.Report:
        """The report on one instance, JSON or XML. Other Python threads run meanwhile.

        :param profiles: profiles that this instance must conform to, beside those of the validator.
        :raises ProfileError: where one of them is unknown.
        :raises TypeError: where the instance is neither text nor bytes.
        """
        return self._opened().validate(instance, _listed("profiles", profiles))

    def validate_many(
        self,
        instances: Iterable[Instance],
        profiles: Optional[Iterable[str]] = None,
        threads: Optional[int] = None,
    ) -> Iterator[_native.Report]:
        """The reports on many instances, in their order, as an iterator: of an iterable without an end, too.

        Instances are taken and validated by the batch, and a batch is done before the next one is taken.

        :param threads: how many threads work; without a number one for each core.
        :raises ProfileError: where one of the profiles is unknown.
        """
        engine, asked = self._opened(), _listed("profiles", profiles)
        return (report for batch in _batches(instances) for report in engine.validate_all(batch, asked, threads))


def _of(settings: str) -> Validator:
    return Validator._of(settings)
