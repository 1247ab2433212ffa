"""From in review to reviewed to approved and back; an approved cell is locked until it is reopened with a reason."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from karyogui.library.link import LibraryLink
from karyogui.message_area import MessageArea
from karyogui.model.store.values import State
from karyogui.session import OpenCell, Session

if TYPE_CHECKING:
    from karyogui.model.store.values import CellRecord

_BANNER = "approved"


class CellStates(QObject):
    """Brings the shown cell a step further, and keeps approved cells as they are."""

    refused = Signal(str)  # a sentence: why nothing was done
    reached = Signal(str)  # a sentence: what the cell is now

    def __init__(
        self,
        link: LibraryLink,
        session: Session,
        area: MessageArea,
        second_person: Callable[[], bool],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._link, self._session, self._area, self._window = link, session, area, window
        self._second_person = second_person
        link.cell_linked.connect(self._on_state_known)
        link.cell_state_changed.connect(self._on_state_known)
        session.current_changed.connect(lambda _id: self._show_banner())

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {"review_done": self.mark_reviewed, "approve": self.approve, "reopen": self.ask_reopen}

    def mark_reviewed(self) -> None:
        """The review of the shown cell is over."""
        found = self._shown()
        if found is None:
            return
        entry, record = found
        left = len(entry.document.ids_to_review())
        if record.state in (State.REVIEWED, State.APPROVED):
            self.refused.emit(self.tr("%s is %s already.") % (entry.name, record.state.value))
        elif left:
            sentence = self.tr("%d chromosomes of %s still ask for a look; Space goes to the next one.")
            self.refused.emit(sentence % (left, entry.name))
        elif record.state is State.NEW:  # arranged by hand from the beginning
            self._set(record, State.IN_REVIEW)
            self._set(record, State.REVIEWED)
        else:
            self._set(record, State.REVIEWED)

    def approve(self) -> None:
        """Approve the shown cell, which somebody has reviewed."""
        found = self._shown()
        if found is None:
            return
        entry, record = found
        if record.state is State.APPROVED:
            self.refused.emit(self.tr("%s is approved already.") % entry.name)
        elif record.state is not State.REVIEWED:
            self.refused.emit(self.tr("%s must be marked as reviewed before it is approved.") % entry.name)
        else:
            self._set(record, State.APPROVED)

    def ask_reopen(self) -> None:
        """Put the shown cell into review again; an approved one needs a reason."""
        found = self._shown()
        if found is None:
            return
        entry, record = found
        if record.state is State.REVIEWED:
            self._set(record, State.IN_REVIEW)
        elif record.state is not State.APPROVED:
            self.refused.emit(self.tr("%s is open for changes.") % entry.name)
        else:
            dialog = QInputDialog(self._window)
            dialog.setObjectName("reopen_dialog")
            dialog.setWindowTitle(self.tr("Reopen %s") % entry.name)
            dialog.setLabelText(self.tr("Why is the approved cell changed? The trail keeps the reason."))
            dialog.setOkButtonText(self.tr("Reopen"))
            dialog.textValueSelected.connect(lambda reason: self._set(record, State.IN_REVIEW, reason))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _shown(self) -> "tuple[OpenCell, CellRecord] | None":
        entry = self._session.current()
        record = self._link.record(entry.id) if entry is not None else None
        if entry is None or record is None:
            self.refused.emit(self.tr("Only a cell of a case has a state; move it to a case first."))
            return None
        return entry, record

    def _set(self, record: "CellRecord", state: State, reason: str = "") -> None:
        user, second = self._link.user, self._second_person()

        def reached(after: "CellRecord") -> None:
            self._link.note(after)
            self.reached.emit(self.tr("%s is %s.") % (after.name, after.state.value))

        self._link.change(
            self.tr("Change the state of %s") % record.name,
            lambda library: library.cells.set_state(record.id, state, user, reason=reason, second_person=second),
            case_id=record.case_id,
            on_success=reached,
        )

    def _on_state_known(self, entry_id: int) -> None:
        record, entry = self._link.record(entry_id), self._session.cell(entry_id)
        approved = record is not None and record.state is State.APPROVED
        sentence = self.tr("%s is approved; reopen it, with a reason, to change it.") % entry.name
        entry.undo_stack.lock(sentence if approved else "")
        self._show_banner()

    def _show_banner(self) -> None:
        entry = self._session.current()
        record = self._link.record(entry.id) if entry is not None else None
        if entry is None or record is None or record.state is not State.APPROVED:
            self._area.remove(_BANNER)
            return
        reviewed = self.tr("reviewed by %s, ") % record.reviewed_by if record.reviewed_by else ""
        text = self.tr("%s is approved (%sapproved by %s) and read-only.")
        text %= (entry.name, reviewed, record.approved_by or self.tr("somebody"))
        self._area.say(_BANNER, text, (), [(self.tr("Reopen…"), partial(self._reopen_again))])

    def _reopen_again(self) -> None:
        self._show_banner()  # it goes when an answer is pressed; it stays until the cell is really open
        self.ask_reopen()
