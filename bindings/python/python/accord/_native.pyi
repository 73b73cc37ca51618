"""The compiled part of the package."""

from typing import Any, Optional, Sequence, Union, final

VERSION: str

class AccordError(Exception): ...
class PackageError(AccordError): ...
class ProfileError(AccordError): ...
class ServerError(AccordError): ...
class FileError(AccordError): ...
class SettingsError(AccordError): ...

@final
class Issue:
    """One finding about an instance."""

    @property
    def severity(self) -> str:
        """`fatal`, `error`, `warning` or `information`."""
    @property
    def rule(self) -> str:
        """The id of the rule; `accord explain RULE` tells about it."""
    @property
    def code(self) -> str:
        """The code of FHIR's IssueType."""
    @property
    def open(self) -> bool:
        """Whether it is an open question that could become an error."""
    @property
    def path(self) -> str:
        """The place as a FHIRPath expression: `Patient.name[0].family`."""
    @property
    def line(self) -> int:
        """The line, from 1."""
    @property
    def column(self) -> int:
        """The column in characters, from 1."""
    @property
    def message(self) -> str:
        """The text for people."""
    @property
    def help(self) -> Optional[str]:
        """What can be done about it, where that is known."""
    @property
    def profiles(self) -> list[str]:
        """The profiles (`url|version`) that demand it."""
    @property
    def element(self) -> Optional[str]:
        """The id of the element definition that demands it."""
    @property
    def constraint(self) -> Optional[str]:
        """The key of the invariant, where the rule is one."""

@final
class Report:
    """The result of validating one instance."""

    @property
    def verdict(self) -> str:
        """`valid`, `invalid` or `undetermined`."""
    @property
    def stopped(self) -> Optional[str]:
        """The limit that kept the instance from being examined; `None`: it was examined."""
    @property
    def errors(self) -> int:
        """How many errors there are, listed or not."""
    @property
    def warnings(self) -> int:
        """How many warnings there are, open questions included."""
    @property
    def information(self) -> int:
        """How many issues are for information only."""
    @property
    def unlisted(self) -> int:
        """How many issues are not listed: below the level, or beyond the most that are."""
    @property
    def issues(self) -> list[Issue]:
        """The issues listed, in the order of the text."""
    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, with the names of these properties."""
    def outcome(self, source: Optional[str] = None) -> str:
        """The report as an OperationOutcome (R4) in JSON; `source` is told as where the instance came from."""

@final
class Engine:
    """A validator of this process, by its settings as JSON."""

    def __new__(cls, settings: str) -> Engine: ...
    @property
    def packages(self) -> list[str]: ...
    @property
    def fhir_version(self) -> str: ...
    def validate(self, instance: object, profiles: Sequence[str]) -> Report: ...
    def validate_all(
        self, instances: Sequence[object], profiles: Sequence[str], threads: Optional[int]
    ) -> list[Report]: ...
    def columns(
        self, instances: Sequence[Optional[bytes]], profiles: Sequence[str], threads: Optional[int]
    ) -> dict[str, list[Any]]: ...

def negotiate(request: str, script: Optional[str], sources: Sequence[Optional[str]]) -> str: ...
def satisfies(
    left: str, right: str, packages: Sequence[str], fhir_version: str, both: bool, explain: bool
) -> str: ...
