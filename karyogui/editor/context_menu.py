"""The menu on chromosomes: what else they may be, and everything that can be done to them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from engine.types import CLASS_LABELS, MARKER
from karyogui.actions import LABEL_KEYS, assign_id
from karyogui.document import KaryogramDocument
from karyogui.editor.commands import place_name
from karyogui.editor.describe import describe
from karyogui.editor.selection import SelectionEdits
from karyogui.model.suggestions import suggestions


def chromosome_menu(view: SelectionEdits, document: KaryogramDocument) -> QMenu:
    """Return the menu for the selected chromosomes of a view; it deletes itself when it closes."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    ids, shown = view.selected_ids(), view.keymap().shown
    title = describe(document, ids[0]) if len(ids) == 1 else _tr("%d chromosomes") % len(ids)
    menu.addAction(title).setEnabled(False)
    menu.addSeparator()
    _add_acceptance(menu, view, document, ids)
    if len(ids) == 1:
        _add_alternatives(menu, view, document, ids[0])
    assign = menu.addMenu(_tr("Move to"))
    for label in CLASS_LABELS:
        keys = shown(assign_id(label)) if assign_id(label) in LABEL_KEYS else " ".join(label)
        _add(assign, label, keys, view, label)
    _add(menu, _tr("Move to markers"), shown(assign_id(MARKER)), view, MARKER)
    tray = _add(menu, _tr("Move to tray"), shown("to_tray"), view, None)
    tray.setEnabled(any(document.placement(i).label is not None for i in ids))
    menu.addSeparator()
    for text, action_id, act in (
        (_tr("Flip upside down"), "flip", view.flip_selected),
        (_tr("Mirror"), "mirror", view.mirror_selected),
        (_tr("Turn upright"), "upright", view.upright_selected),
    ):
        menu.addAction(f"{text}\t{shown(action_id)}").triggered.connect(lambda _checked=False, act=act: act())
    return menu


def _add_acceptance(menu: QMenu, view: SelectionEdits, document: KaryogramDocument, ids: Sequence[int]) -> None:
    labels = {document.placement(i).label for i in ids}
    text = _tr("Accept") if len(labels) > 1 else _tr("Accept as %s") % place_name(next(iter(labels)))
    text = _tr("Leave in the tray") if labels == {None} else text
    accept = menu.addAction(f"{text}\t{view.keymap().shown('accept')}")
    accept.setEnabled(not all(document.placement(i).accepted for i in ids))
    accept.triggered.connect(view.accept_selected)


def _add_alternatives(menu: QMenu, view: SelectionEdits, document: KaryogramDocument, chromosome_id: int) -> None:
    cell = document.cell()
    prediction = cell.chromosome(chromosome_id).prediction if cell else None
    if prediction is None:
        return
    for other in suggestions(prediction, document.placement(chromosome_id).label):
        _add(menu, _tr("Move to %s") % other.label, f"{100 * other.probability:.0f} %", view, other.label)
    menu.addSeparator()


def _add(menu: QMenu, text: str, right: str, view: SelectionEdits, label: str | None) -> QAction:
    """Add an assignment; what stands right of the tab is shown where shortcuts are."""
    action = menu.addAction(f"{text}\t{right}")
    action.triggered.connect(lambda: view.assign_selected(label))
    return action


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChromosomeMenu", text)
