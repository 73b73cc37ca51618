"""FHIR profile validation and capability negotiation.

    >>> import accord
    >>> validator = accord.Validator(packages=["hl7.fhir.us.core#6.1.0"])
    >>> validator.validate('{"resourceType": "Patient", "birthDate": "yesterday"}').verdict
    'invalid'

A problem with an instance is never an exception: it is told by the report. Exceptions are for what the caller can
mend: a package that is not here, a setting that does not exist. All derive from `AccordError`.
"""

from ._ask import negotiate, satisfies
from ._native import (
    VERSION as __version__,
    AccordError,
    FileError,
    Issue,
    PackageError,
    ProfileError,
    Report,
    ServerError,
    SettingsError,
)
from ._validator import Validator

__all__ = [
    "AccordError",
    "FileError",
    "Issue",
    "PackageError",
    "ProfileError",
    "Report",
    "ServerError",
    "SettingsError",
    "Validator",
    "__version__",
    "negotiate",
    "satisfies",
]
