"""All reviewed cells of a case approved in one go, by one person, after one question."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from karyogui.dialogs.question import Question, ask
from karyogui.library.case_panel import CasePanel
from karyogui.library.link import LibraryLink
from karyogui.model.store.values import CaseSummary, State, must_be_another

if TYPE_CHECKING:
    from karyogui.model.store.values import CellRecord


class Approving(QObject):
    """Says first how many cells it is about, and which stay as they are."""

    refused = Signal(str)  # a sentence: why nothing was done
    approved = Signal(str)  # a sentence: what was done

    def __init__(self, link: LibraryLink, panel: CasePanel, second_person: Callable[[], bool], window: QWidget) -> None:
        super().__init__(window)
        self._link, self._panel, self._second_person, self._window = link, panel, second_person, window

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {"approve_case": self.ask}

    def ask(self) -> None:
        """Ask whether the reviewed cells of the chosen case are to be approved."""
        case_id = self._panel.case_at_hand()
        summary = self._panel.summary(case_id) if case_id is not None else None
        if summary is None:
            self.refused.emit(self.tr("Choose a case in the list first."))
            return
        self._link.run(
            "reviewed of case",
            lambda library, _reporter: library.cells.records(summary.case.id),
            on_success=partial(self._offer, summary),
        )

    def _offer(self, summary: CaseSummary, records: "Sequence[CellRecord]") -> None:
        code, user = summary.case.code, self._link.user
        reviewed = [record for record in records if record.state is State.REVIEWED]
        second = self._second_person()
        own = [record for record in reviewed if must_be_another(record.reviewed_by, user, second_person=second)]
        ready = [record for record in reviewed if record not in own]
        if not ready and own:
            self.refused.emit(self.tr("You reviewed what is reviewed of %s; another person must approve it.") % code)
            return
        if not ready:
            self.refused.emit(self.tr("No cell of %s is reviewed and waits for approval.") % code)
            return
        unready = len(records) - len(reviewed) - sum(record.state is State.APPROVED for record in records)
        lines = [self.tr("An approved cell is read-only until it is reopened with a reason.")]
        if own:
            lines.append(self.tr("Reviewed by you, and so for another person to approve: %d.") % len(own))
        if unready:
            lines.append(self.tr("Not reviewed yet, and left as they are: %d.") % unready)
        question = Question(
            "approve_case_dialog",
            self.tr("Approve reviewed cells"),
            self.tr("Approve the reviewed cells of case %s: %d of %d?") % (code, len(ready), len(records)),
            self.tr("Approve"),
            self.tr("Cancel"),
            "\n".join(lines),
            destroys=False,
        )
        ask(self._window, question, partial(self.approve, summary, tuple(record.id for record in ready)))

    def approve(self, summary: CaseSummary, cells: Sequence[int]) -> None:
        """Approve these cells; one that was changed meanwhile stays as it is."""
        user, second = self._link.user, self._second_person()

        def done(records: "tuple[CellRecord, ...]") -> None:
            for record in records:
                self._link.note(record)
            sentence = (
                self.tr("%d cells of %s are approved.") if len(records) != 1 else self.tr("%d cell of %s is approved.")
            )
            self.approved.emit(sentence % (len(records), summary.case.code))

        self._link.change(
            self.tr("Approve the cells of %s") % summary.case.code,
            lambda library: library.cells.approve(cells, user, second_person=second),
            case_id=summary.case.id,
            on_success=done,
        )
