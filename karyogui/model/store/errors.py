"""What can go wrong with the library, each in one sentence for the user."""

from engine.errors import EngineError


class StoreError(EngineError):
    """The library cannot be opened, or refuses what was asked."""


class UnavailableError(StoreError):
    """The database does not answer, is full, locked or damaged: what was asked may work later, or elsewhere."""


class ReadOnlyError(StoreError):
    """The cell is approved: it must be reopened, with a reason, before it is changed."""


class ConflictError(StoreError):
    """Somebody else changed the cell meanwhile."""


class CaseFileError(StoreError):
    """A `.karyo` file is damaged, hostile, of another version, or holds a case that is here already."""
