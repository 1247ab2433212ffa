"""The installed models: which is in use, notes, going back, export, import, deletion. Knows no widget."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.types import Stain
from karyogui.jobs import shelf_tasks
from karyogui.model.teaching import ShelfRow, Trained
from karyogui.training.errands import Errands


class Models(QObject):
    """Asks for changes of the shelf of models and knows what stands on it."""

    changed = Signal()  # the list was read anew
    use_changed = Signal(str)  # a model came into use
    said = Signal(str)  # a sentence for the user: something was done

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.rows: list[ShelfRow] = []

    def refresh(self) -> None:
        """List the installed models anew."""

        def listed(rows: list[ShelfRow]) -> None:
            self.rows = rows
            self.changed.emit()

        self._errands.start("shelf", shelf_tasks.list_shelf(), self.tr("List the models"), listed, lane="files")

    def promote(self, trained: Trained, *, note: str, typed: str) -> None:
        """Bring a candidate into use."""
        verdict = trained.decision.verdict
        work = shelf_tasks.promote(trained.model, trained.stain, note=note, verdict=verdict, typed=typed)
        self._errands.start("promote", work, self.tr("Use the new model"), self._use_changed, lane="files")

    def roll_back(self, stain: Stain, to: str) -> None:
        """Bring an installed model back into use."""
        work = shelf_tasks.roll_back(stain, to)
        self._errands.start("promote", work, self.tr("Use %s") % to, self._use_changed, lane="files")

    def export_model(self, name: str, target: Path) -> None:
        """Write a model to a file."""
        done = partial(self._say, self.tr("Written: %s"))
        work = shelf_tasks.export_model(name, target)
        self._errands.start("file", work, self.tr("Export %s") % name, done, lane="files")

    def import_model(self, source: Path) -> None:
        """Install a model from a file."""
        done = partial(self._say, self.tr("%s is installed; it is used when you choose it."))
        work = shelf_tasks.import_model(source)
        self._errands.start("file", work, self.tr("Import %s") % source.name, done, lane="files")

    def set_note(self, name: str, note: str) -> None:
        """Write down words about a model."""
        done = partial(self._say, self.tr("The note on %s is kept."))
        work = shelf_tasks.set_note(name, note)
        self._errands.start("file", work, self.tr("Write a note on %s") % name, done, lane="files")

    def delete_model(self, name: str) -> None:
        """Delete a model that is not in use."""
        done = partial(self._say, self.tr("%s is deleted."))
        work = shelf_tasks.delete_model(name)
        self._errands.start("file", work, self.tr("Delete %s") % name, done, lane="files")

    def _say(self, sentence: str, name: str) -> None:
        self.said.emit(sentence % name)
        self.refresh()

    def _use_changed(self, name: str) -> None:
        self.use_changed.emit(name)
        self.refresh()
