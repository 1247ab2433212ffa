"""How far a case is, over its cells: which chromosomes ask for a look, and which bundles are behind what is shown."""

from sqlalchemy import select

from engine.types import BundleRef
from karyogui.model.review import ASKING, certainty, light_of
from karyogui.model.store.database import Database
from karyogui.model.store.schema import CellRow, ClassificationRow, PlacementRow, PredictionRow


class Reviews:
    """Reads no pixels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unreviewed(self, case_id: int) -> dict[int, tuple[int, ...]]:
        """Return the chromosomes of a case that ask for a look, by cell id, least certain first; see `model.review`."""
        said = (PredictionRow.classification_id == ClassificationRow.id) & (PredictionRow.number == PlacementRow.number)
        wanted = (
            select(
                PlacementRow.cell_id,
                PlacementRow.number,
                PlacementRow.label,
                PredictionRow.label,
                PredictionRow.confidence,
            )
            .join(CellRow, CellRow.id == PlacementRow.cell_id)
            .join(ClassificationRow, (ClassificationRow.cell_id == CellRow.id) & ClassificationRow.shown.is_(True))
            .outerjoin(PredictionRow, said)  # none: a piece that was cut, and that the engine has not seen
            .where(CellRow.case_id == case_id, PlacementRow.accepted.is_(False))
        )
        found: dict[int, list[tuple[float, int]]] = {}
        with self._database.reading() as session:
            for cell_id, number, label, said_label, confidence in session.execute(wanted):
                if light_of(confidence, label, accepted=False) in ASKING:
                    found.setdefault(cell_id, []).append((certainty(said_label, confidence), number))
        return {cell_id: tuple(number for _, number in sorted(each)) for cell_id, each in found.items()}

    def bundles(self, case_id: int) -> tuple[BundleRef, ...]:
        """Return the bundles behind what is shown of the cells of a case, by name and version."""
        wanted = (
            select(ClassificationRow.bundle_name, ClassificationRow.bundle_version)
            .join(CellRow, CellRow.id == ClassificationRow.cell_id)
            .where(CellRow.case_id == case_id, ClassificationRow.shown.is_(True))
            .distinct()
        )
        with self._database.reading() as session:
            return tuple(BundleRef(*names) for names in sorted(map(tuple, session.execute(wanted))))
