"""All ways to open cells: dialogs, recent, samples, files dropped on the window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from karyogui.samples import sample_names, sample_path
from karyogui.session import Session
from karyogui.settings import PreferenceStore


class Opening(QObject):
    """Asks what to open and hands it on; keeps the recent list.

    Parameters
    ----------
    take
        Takes files and folders into the library. Samples stay outside: drawn cells are nobody's, and must not be
        found among a laboratory's cases, nor be learned from.
    """

    recent_changed = Signal()

    def __init__(
        self, session: Session, take: Callable[[list[Path]], object], store: PreferenceStore, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._take, self._store, self._window = session, take, store, window
        session.paths_opened.connect(self.remember)

    def ask_files(self) -> None:
        """Let the user choose images."""
        dialog = QFileDialog(self._window, self.tr("Open images"), self._store.now.last_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [self.tr("Images (*.png *.tif *.tiff *.bmp *.jpg *.jpeg)"), self.tr("All files (*)")],
        )
        self._ask(dialog)

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        dialog = QFileDialog(self._window, self.tr("Open folder"), self._store.now.last_folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog)

    def open_sample(self, name: str) -> None:
        """Open a sample cell."""
        self._session.open_paths([sample_path(name)], remember=False)

    def open_recent(self, path: str) -> None:
        """Open a path of the recent list."""
        self._take([Path(path)])

    def fill_recent(self, menu: QMenu) -> None:
        """Fill the menu of recent paths; what is gone is greyed."""
        menu.clear()
        for path in self._store.now.recent:
            action = menu.addAction(Path(path).name.replace("&", "&&") or path)
            action.setToolTip(path)
            action.setEnabled(Path(path).exists())
            action.triggered.connect(lambda _checked=False, path=path: self.open_recent(path))
        if not self._store.now.recent:
            menu.addAction(self.tr("Nothing yet")).setEnabled(False)
            return
        menu.addSeparator()
        clear = menu.addAction(self.tr("Clear list"))
        clear.setToolTip(self.tr("Forget what was opened; the files stay"))
        clear.triggered.connect(self.clear_recent)

    def fill_samples(self, menu: QMenu) -> None:
        """Fill the menu of samples."""
        for name in sample_names():
            action = menu.addAction(name)
            action.setToolTip(self.tr("Open the drawn sample cell %s") % name)
            action.triggered.connect(lambda _checked=False, name=name: self.open_sample(name))
        menu.setEnabled(not menu.isEmpty())

    def clear_recent(self) -> None:
        """Forget what was opened."""
        self._store.change(replace(self._store.now, recent=()))
        self.recent_changed.emit()

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.setObjectName("open_dialog")
        dialog.filesSelected.connect(lambda names: self._take([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def remember(self, paths: list[Path]) -> None:
        """Put what held cells on the recent list."""
        # Files chosen one by one belong together; their folder is what is found again.
        kept = paths if len(paths) == 1 or all(path.is_dir() for path in paths) else [paths[0].parent]
        folder = paths[0].absolute().parent
        self._store.change(replace(self._store.now.with_recent(kept), last_folder=str(folder)))
        self.recent_changed.emit()


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the files and folders of a drag; empty if it holds something else."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
