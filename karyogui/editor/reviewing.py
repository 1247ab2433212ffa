"""The way through a review: from the least certain chromosome onward, accepting on the way."""

from PySide6.QtCore import QCoreApplication

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.describe import describe
from karyogui.editor.scene import KaryogramScene
from karyogui.keymap import KeyMap
from karyogui.model import review


def step_review(scene: KaryogramScene, step: int, keymap: KeyMap) -> str:
    """Select the next chromosome that asks for a look (step -1: the one before); return what to say of it."""
    document = scene.document()
    cell = document.cell()
    if cell is None:
        return ""
    left = document.ids_to_review()
    target = review.next_to_review(review.by_certainty(cell), left, scene.current_id(), step)
    if target is not None:
        scene.select([target], target)
    return review_text(document, target, keymap)


def accept_and_step(scene: KaryogramScene, keymap: KeyMap) -> str:
    """Accept the selected chromosomes, as one command, and go on; return what to say."""
    ids = scene.selected_ids()
    if ids:
        commands.push(scene.undo_stack(), commands.accept(scene.document(), ids))
    return step_review(scene, 1, keymap)


def review_text(document: KaryogramDocument, chromosome_id: int | None, keymap: KeyMap) -> str:
    """Return the line for a review that has come to this chromosome; None: to its end."""
    if chromosome_id is None:
        return _tr("Nothing left to review") if document.reviewed else ""
    left = len(document.ids_to_review())
    text = _tr("%s   ·   %d left") % (describe(document, chromosome_id), left)
    key = keymap.shown("accept")
    return _tr("%s   ·   %s accepts, a label moves it") % (text, key) if key else text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Review", text)
