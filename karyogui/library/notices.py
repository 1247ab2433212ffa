"""What the user hears of the library: that it cannot be opened or written to, that somebody else was quicker."""

from PySide6.QtCore import QObject, Signal

from karyogui.library.link import LibraryLink
from karyogui.message_area import MessageArea
from karyogui.session import Session


class LibraryNotices(QObject):
    """Strips that stay while the trouble lasts, each with the way out of it."""

    choice_requested = Signal()  # another library is to be chosen

    def __init__(self, link: LibraryLink, session: Session, area: MessageArea, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._session, self._area = link, session, area
        self._conflicts: set[int] = set()  # cells in the session
        link.opened.connect(lambda: area.remove("library"))
        link.unavailable.connect(self._on_unavailable)
        link.writes.stuck.connect(self._on_stuck)
        link.writes.freed.connect(lambda: area.remove("library"))
        link.cell_conflicted.connect(self._on_conflicted)
        session.cell_removed.connect(self._on_removed)

    def _on_unavailable(self, error: Exception) -> None:
        text = self.tr("%s Cells can be looked at and exported meanwhile, but no case is kept.") % error
        answers = [
            (self.tr("Try again"), lambda: self._link.open(self._link.where)),
            (self.tr("Choose another…"), self.choice_requested.emit),
        ]
        self._area.say("library", text, (), answers, symbol="warning")

    def _on_stuck(self, error: Exception) -> None:
        if not self._link.is_open():
            return  # that was said already
        text = self.tr("%s Your changes are kept here, and stored as soon as it can be.") % error
        self._area.say("library", text, (), [(self.tr("Try again"), self._retry)], symbol="warning")

    def _retry(self) -> None:
        self._link.writes.say_again()
        self._link.writes.retry()

    def _on_conflicted(self, entry_id: int, error: Exception) -> None:
        self._conflicts.add(entry_id)
        text = self.tr("%s Your last change of it is not stored.") % error
        answers = [(self.tr("Show it as it is now"), lambda: self._reload(entry_id))]
        self._area.say(f"conflict:{entry_id}", text, (), answers, symbol="warning")

    def _reload(self, entry_id: int) -> None:
        self._conflicts.discard(entry_id)
        if entry_id in {entry.id for entry in self._session.cells()}:
            self._link.reload(entry_id)

    def _on_removed(self, entry_id: int) -> None:
        if entry_id in self._conflicts:
            self._conflicts.discard(entry_id)
            self._area.remove(f"conflict:{entry_id}")
