"""A case out of the library as one file, and into it again."""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from karyogui.library.case_panel import CasePanel
from karyogui.library.export_case_dialog import ExportCaseDialog
from karyogui.library.link import LibraryLink

if TYPE_CHECKING:
    from engine.progress import Reporter
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import Case

SUFFIX = ".karyo"


class CaseFiles(QObject):
    """Asks for a file, and reads or writes it in the background."""

    exported = Signal(object)  # Path
    imported = Signal(str)  # the code of the case
    refused = Signal(str)  # a sentence: why nothing was done

    def __init__(self, link: LibraryLink, panel: CasePanel, folder: Callable[[], Path], window: QWidget) -> None:
        super().__init__(window)
        self._link, self._panel, self._folder, self._window = link, panel, folder, window
        self._numbers = count(1)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {"export_case": self.ask_export, "import_case": self.ask_import}

    def ask_export(self) -> None:
        """Ask where the shown case is to be written, and whether it must not tell whose it is."""
        case_id = self._panel.case_at_hand()
        summary = self._panel.summary(case_id) if case_id is not None else None
        if case_id is None or summary is None:
            self.refused.emit(self.tr("Choose a case in the list first."))
            return
        dialog = ExportCaseDialog(summary.case.code, self._folder(), self._window)
        dialog.setObjectName("export_case_dialog")
        dialog.accepted.connect(lambda: self.export(case_id, dialog.path(), anonymous=dialog.anonymous()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, case_id: int, path: Path, *, anonymous: bool = False) -> None:
        """Write a case into a file."""
        user = self._link.user

        def work(library: "Library", reporter: "Reporter") -> None:
            from karyogui.model.store.casefile import export_case

            export_case(library, case_id, path, user, anonymous=anonymous, reporter=reporter)

        def written(_nothing: object) -> None:
            self.exported.emit(path)
            self._link.case_changed.emit(case_id)

        self._start("export case", work, written, self.tr("Export the case"))

    def ask_import(self) -> None:
        """Ask for case files."""
        dialog = QFileDialog(self._window, self.tr("Import case files"), str(self._folder()))
        dialog.setObjectName("import_case_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Case files (*.karyo)"), self.tr("All files (*)")])
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, paths: list[Path]) -> None:
        """Take the cases in these files into the library: each whole, or not at all."""
        for path in paths:
            self._import(path)

    def _import(self, path: Path) -> None:
        user = self._link.user

        def work(library: "Library", reporter: "Reporter") -> "Case":
            from karyogui.model.store.casefile import import_case

            return import_case(library, path, user, reporter=reporter)

        def done(case: "Case") -> None:
            self._link.cases_changed.emit()
            self._link.open_case(case.id)
            self.imported.emit(case.code)

        self._start("import case", work, done, self.tr("Import %s") % path.name)

    def _start(
        self,
        kind: str,
        work: "Callable[[Library, Reporter], object]",
        done: Callable[..., None],
        tried: str,
    ) -> None:
        # Among the files, not in the library's thread: gestures are stored meanwhile.
        self._link.run(
            f"{kind}:{next(self._numbers)}",
            work,
            on_success=done,
            on_failure=partial(self._link.failed.emit, tried),
            quiet=False,
            among_files=True,
        )
