"""The Qt application around the window."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from karyogui.main_window import MainWindow
from karyogui.settings import Folders
from karyogui.smoothness import Smoothness
from karyogui.theme import Theme, icon

logger = logging.getLogger(__name__)

_SETTLE_MS = 300  # a screenshot waits this long after the last job, for thumbnails and layouts


def make_application() -> QApplication:
    """Return the application, with its name; the one that exists, if one does."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["karyogui"])
    app.setApplicationName("karyogui")
    app.setApplicationDisplayName("karyogui")
    app.setDesktopFileName("karyogui")
    app.setWindowIcon(icon("app"))
    return app


def run(folders: Folders, paths: Sequence[Path], *, sample: Path | None = None, screenshot: Path | None = None) -> int:
    """Show the window with the cells at `paths`; return when it is closed.

    Parameters
    ----------
    sample
        A cell to open that does not belong on the recent list.
    screenshot
        Write a picture of the window to this file once all is classified, and end.
    """
    app = make_application()
    _translate_qt(app)
    smoothness = Smoothness(app)
    app.aboutToQuit.connect(smoothness.stop)
    window = MainWindow(folders, theme=Theme(app))
    sys.excepthook = lambda kind, error, trace: _unexpected(window, kind, error, trace)
    window.show()
    window.notices.offer_leftovers()
    window.cases.take([path.absolute() for path in paths], remember=screenshot is None)
    if sample is not None:
        window.session.open_paths([sample], remember=False)
    if screenshot is None:
        window.cases.household.ask_name_once()
    else:
        Screenshot(window, screenshot, app)
    return app.exec()


class Screenshot(QObject):
    """Waits until nothing runs any more, writes a picture of the window, and ends the program."""

    def __init__(self, window: MainWindow, path: Path, app: QApplication) -> None:
        super().__init__(window)
        self._window, self._path, self._app = window, path, app
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._take)
        window.desk.changed.connect(self._timer.start)
        self._timer.start()

    def _take(self) -> None:
        if self._window.session.is_busy() or self._window.cases.is_busy():
            return  # the next change of the desk starts the timer again
        written = self._window.grab().save(str(self._path))
        if not written:
            logger.error("Screenshot not written: %s", self._path)
        self._window.close()
        self._app.exit(0 if written else 2)


def _unexpected(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """An exception in a slot: to the log, and to the user with details to copy. The program goes on."""
    logger.critical("Unexpected error", exc_info=(kind, error, trace))
    if isinstance(error, Exception):
        window.notices.failed(window.tr("That"), error)
    else:
        sys.__excepthook__(kind, error, trace)


def _translate_qt(app: QApplication) -> None:
    """Qt's own buttons and dialogs in the user's language, where Qt has it."""
    translator = QTranslator(app)
    if translator.load(QLocale(), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
