"""What is written down of a specimen: the usual fields in their order, and fields of the laboratory's own."""

from collections.abc import Mapping

SPECIMEN_FIELDS: tuple[str, ...] = (
    "Patient code",
    "Specimen type",
    "Referral reason",
    "Collected",
    "Received",
    "Culture",
    "Banding",
)
"""The keys of `Case.specimen` that are always offered. Stored as they stand here, and so they are printed."""


def shown_fields(specimen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return all fields to show, with their values: the usual ones, then those of the laboratory as they came."""
    own = tuple((name, value) for name, value in specimen.items() if name not in SPECIMEN_FIELDS)
    return (*((name, specimen.get(name, "")) for name in SPECIMEN_FIELDS), *own)


def with_field(specimen: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """Return the specimen with one field changed. An empty usual field is left out; one of her own stays, empty."""
    changed = dict(shown_fields(specimen)) | {name: value.strip()}
    return {key: text for key, text in changed.items() if text or key not in SPECIMEN_FIELDS}


def without_field(specimen: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the specimen without a field."""
    return {key: text for key, text in specimen.items() if key != name}
