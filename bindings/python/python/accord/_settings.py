"""What a validator is opened with, as one text: the same settings give the same text."""

from __future__ import annotations

import json
import os
from typing import Any, Iterable, Mapping, Optional, Union

PathLike = Union[str, "os.PathLike[str]"]


def _listed(name: str, value: Any) -> list[str]:
    """The texts of a list; a single text, which is a list of letters to Python, is refused."""
    if value is None:
        return []
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"`{name}` must be a list, found `{type(value).__name__}`; write [{value!r}]")
    return [os.fspath(one) for one in value]


def _camel(name: str) -> str:
    """`example_urls` as `exampleUrls`."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _switch(value: Any) -> Any:
    """`True` and `False` as the words that policies have for them."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def settings_text(
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
) -> str:
    """The settings as JSON; `Validator` tells what each means."""
    said = {_camel(name): _switch(value) for name, value in (policies or {}).items()}
    if preset is not None:
        said["preset"] = preset
    members = {
        "packages": _listed("packages", packages),
        "fhirVersion": fhir_version,
        "profiles": _listed("profiles", profiles),
        "policies": said,
        "jsonComments": json_comments,
        "limits": dict(limits or {}),
        "level": level,
        "maxIssues": max_issues,
        "rules": _listed("rules", rules),
        "resources": _listed("resources", resources),
        "terminology": None if terminology is None else os.fspath(terminology),
        "tx": tx,
        "fetch": fetch,
        "now": now,
    }
    return json.dumps(members, sort_keys=True)
