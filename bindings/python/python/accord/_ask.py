"""Negotiations and comparisons."""

from __future__ import annotations

import json
import os
from typing import Any, Iterable, Mapping, Optional, Union, cast

from . import _native
from ._settings import PathLike, _listed

#: A statement as a dict, `ig:ID#VERSION`, or the path of a JSON file.
Side = Union[Mapping[str, Any], PathLike]


def _file(path: PathLike) -> Any:
    """The JSON of a file."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return json.load(file)
    except OSError as e:
        raise _native.FileError(f"`{os.fspath(path)}` could not be read: {e.strerror or e}") from e
    except ValueError as e:
        raise _native.FileError(f"`{os.fspath(path)}` is not JSON: {e}") from e


def _side(given: Side) -> Any:
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, str) and given.startswith("ig:"):
        return given
    return _file(given)


def _words(given: Optional[Union[str, Iterable[str]]]) -> Optional[str]:
    """Scopes as one string."""
    return given if given is None or isinstance(given, str) else " ".join(given)


def negotiate(
    client: Side,
    server: Side,
    *,
    scopes: Optional[Union[str, Iterable[str]]] = None,
    smart: Optional[Side] = None,
    granted: Optional[Union[str, Mapping[str, Any]]] = None,
    flow: Optional[str] = None,
    client_type: Optional[str] = None,
    need: Iterable[str] = (),
    without: Iterable[str] = (),
    weigh: Optional[str] = None,
    policy: Optional[Side] = None,
    packages: Iterable[PathLike] = (),
) -> dict[str, Any]:
    """What a client and a server can do together, as `accord negotiate --format json` gives it.

    :param client: a CapabilityStatement, a Conformance or a CDS Hooks discovery document as a dict, `ig:ID#VERSION`
        for a guide, or the path of a JSON file.
    :param server: the same of the server.
    :param scopes: the scopes that the client asks for, as a string or a list; without any scopes do not weigh.
    :param smart: the server's `.well-known/smart-configuration`: a dict, or the path of a file.
    :param granted: what was granted: scopes, or a token response.
    :param flow: `ehr`, `standalone`, `backend` or `refresh`.
    :param client_type: `public`, `confidential-symmetric` or `confidential-asymmetric`.
    :param need: what counts as SHALL whatever the client says: `["Patient", "Observation.search-type"]`.
    :param without: what the app could do without: `["Provenance", "*?_lastUpdated"]`.
    :param weigh: `path` or `present`.
    :param policy: what may be assumed: a dict, the path of a JSON file, or of a script (`.rhai`) that weighs findings.
    :param packages: guides to load, by `ID#VERSION` or path; without any the embedded ones.
    :raises AccordError: where an input is no statement, or a package is not found.
    """
    script: Optional[str] = None
    terms: dict[str, Any] = {}
    if isinstance(policy, Mapping):
        terms = dict(policy)
    elif policy is not None and os.fspath(policy).endswith(".rhai"):
        script = os.fspath(policy)
        if granted is not None:
            raise TypeError("`granted` cannot be given with a script; give it in the settings of the script")
    elif policy is not None:
        terms = _file(policy)
    if granted is not None:
        terms["tokenResponse"] = {"scope": granted} if isinstance(granted, str) else dict(granted)
    request: dict[str, Any] = {"client": _side(client), "server": _side(server)}
    optional = {
        "smart": None if smart is None else _side(smart),
        "scope": _words(scopes),
        "flow": flow,
        "clientType": client_type,
        "need": _listed("need", need),
        "without": _listed("without", without),
        "weigh": weigh,
        "policy": terms,
        "packages": _listed("packages", packages),
    }
    request.update({name: value for name, value in optional.items() if value not in (None, [], {})})
    sources = [None if isinstance(side, Mapping) else os.fspath(side) for side in (client, server)]
    return cast("dict[str, Any]", json.loads(_native.negotiate(json.dumps(request), script, sources)))


def satisfies(
    a: str,
    b: str,
    *,
    packages: Iterable[PathLike] = (),
    fhir_version: str = "R4",
    both: bool = False,
    explain: bool = False,
) -> dict[str, Any]:
    """Whether every instance of one profile is valid for another, as `accord satisfies --format json` gives it.

    Each of `pairs` has a `validity`: `proven`, `partial`, `refuted` (with a `witness`) or `unknown`.

    :param a: the profile whose instances are looked at: a canonical, the file of a StructureDefinition, or
        `ID#VERSION` for all profiles of a package.
    :param b: the profile that they are held against.
    :param packages: where profiles are found; without any in the embedded guides.
    :param both: answer the other direction, too.
    :param explain: give the proof as a tree (`proof`).
    :raises AccordError: where a package or a profile is not found, or nothing can be compared.
    """
    found = _native.satisfies(os.fspath(a), os.fspath(b), _listed("packages", packages), fhir_version, both, explain)
    return cast("dict[str, Any]", json.loads(found))
