"""What the actions do that speak to the chromosomes in front: a karyogram, or the composite."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from karyogui.cell_pages import CellPages
from karyogui.editor.edit_target import EditTarget
from karyogui.editor.selection import ROTATION_STEP
from karyogui.model.annotation import AnnotationKind


class KaryogramSlots(QObject):
    """Hands each action to what is in front; without anything nothing happens.

    Parameters
    ----------
    composite
        Gives the composite while it is in front; else the karyogram is.
    """

    def __init__(
        self, pages: CellPages, composite: Callable[[], EditTarget | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pages, self._composite = pages, composite
        self.assign = self._in_front(lambda v, label: v.assign_selected(label))

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        act = self._in_front
        return {
            "add_arrow": lambda: self._annotate("arrow"),
            "add_text": lambda: self._annotate("text"),
            "select_all": act(lambda v: v.select_all()),
            "flip": act(lambda v: v.flip_selected()),
            "mirror": act(lambda v: v.mirror_selected()),
            "rotate_left": act(lambda v: v.rotate_selected(ROTATION_STEP)),
            "rotate_right": act(lambda v: v.rotate_selected(-ROTATION_STEP)),
            "upright": act(lambda v: v.upright_selected()),
            "move_left": act(lambda v: v.shift_selected(-1)),
            "move_right": act(lambda v: v.shift_selected(1)),
            "centromere_up": act(lambda v: v.nudge_centromere(-1.0)),
            "centromere_down": act(lambda v: v.nudge_centromere(1.0)),
            "to_tray": act(lambda v: v.assign_selected(None)),
            "next_uncertain": act(lambda v: v.review()),
            "previous_uncertain": act(lambda v: v.review(-1)),
            "accept": act(lambda v: v.accept_selected()),
            "zoom_in": act(lambda v: v.zoom_in()),
            "zoom_out": act(lambda v: v.zoom_out()),
            "zoom_fit": act(lambda v: v.fit()),
            "zoom_100": act(lambda v: v.zoom_actual()),
        }

    def focus(self) -> None:
        """Give the shown karyogram the keyboard."""
        view = self._pages.view()
        if view is not None:
            view.setFocus()

    def _annotate(self, kind: AnnotationKind) -> None:
        layer = self._pages.annotations()
        if layer is not None:
            layer.add(kind)

    def _in_front(self, act: Callable[..., object]) -> Callable[..., None]:
        def acted(*arguments: object) -> None:
            target: EditTarget | None = self._composite() or self._pages.view()
            if target is not None:
                act(target, *arguments)

        return acted
