"""The way through a review: from the least certain chromosome onward, accepting on the way."""

from PySide6.QtCore import QCoreApplication

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.describe import describe
from karyogui.editor.scene import KaryogramScene
from karyogui.model import review


def step_review(scene: KaryogramScene, step: int) -> str:
    """Select the next chromosome that asks for a look (step -1: the one before); return what to say of it."""
    document = scene.document()
    cell = document.cell()
    if cell is None:
        return ""
    left = document.ids_to_review()
    target = review.next_to_review(review.by_certainty(cell), left, scene.current_id(), step)
    if target is not None:
        scene.select([target], target)
    return review_text(document, target)


def accept_and_step(scene: KaryogramScene) -> str:
    """Accept the selected chromosomes, as one command, and go on; return what to say."""
    ids = scene.selected_ids()
    if ids:
        commands.push(scene.undo_stack(), commands.accept(scene.document(), ids))
    return step_review(scene, 1)


def review_text(document: KaryogramDocument, chromosome_id: int | None) -> str:
    """Return the line for a review that has come to this chromosome; None: to its end."""
    if chromosome_id is None:
        return _tr("Nothing left to review") if document.reviewed else ""
    left = len(document.ids_to_review())
    return _tr("%s   ·   %d left   ·   Enter accepts, a label moves it") % (describe(document, chromosome_id), left)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Review", text)
