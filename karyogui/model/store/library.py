"""The library as one object: what the program opens at start and closes at the end."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from karyogui.model.store import trail
from karyogui.model.store.cases import Cases
from karyogui.model.store.cells import Cells
from karyogui.model.store.database import Database
from karyogui.model.store.errors import StoreError
from karyogui.model.store.reviews import Reviews
from karyogui.model.store.schema import CaseRow, TrailHeadRow, TrailRow
from karyogui.model.store.users import Users


@dataclass(frozen=True, slots=True)
class Library:
    """All cases of a laboratory. Usable from any thread; every call is one transaction."""

    database: Database
    cases: Cases
    cells: Cells
    users: Users
    reviews: Reviews

    @classmethod
    def open(cls, where: str | Path) -> "Library":
        """Open a file (made if it is missing) or a database URL; `StoreError` as in `Database`."""
        database = Database(where)
        return cls(database, Cases(database), Cells(database), Users(database), Reviews(database))

    def close(self) -> None:
        """Close it; a library can be left open by a crash and takes no harm."""
        self.database.close()

    def check(self) -> list[str]:
        """Look at the file, its references and every trail, those of deleted cases too. Empty if all is well."""
        try:
            return self.database.damage() or self._broken_trails()
        except StoreError as error:  # too damaged to be read
            return [str(error)]

    def _broken_trails(self) -> list[str]:
        with self.database.reading() as session:
            codes = {row.chain: row.code for row in session.execute(select(CaseRow.chain, CaseRow.code))}
            chains = {*codes, *session.scalars(select(TrailRow.chain)), *session.scalars(select(TrailHeadRow.chain))}
            breaks = {chain: trail.check(session, chain) for chain in sorted(chains)}
        owned = {summary.case.code: self.cases.check_trail(summary.case.id) for summary in self.cases.find()}
        found = {codes.get(chain, "that was deleted"): place for chain, place in breaks.items() if place is not None}
        found.update((code, place) for code, place in owned.items() if place is not None)
        return [f"The trail of case {code}: {place.reason}." for code, place in found.items()]
