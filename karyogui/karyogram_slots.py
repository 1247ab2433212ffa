"""What the actions do that speak to the shown karyogram."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from karyogui.cell_pages import CellPages
from karyogui.editor.selection import ROTATION_STEP
from karyogui.editor.view import KaryogramView
from karyogui.model.annotation import AnnotationKind


class KaryogramSlots(QObject):
    """Hands each action to the karyogram that is shown; without one nothing happens."""

    def __init__(self, pages: CellPages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self.assign = self._with_view(KaryogramView.assign_selected)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        view = KaryogramView
        return {
            "add_arrow": lambda: self._annotate("arrow"),
            "add_text": lambda: self._annotate("text"),
            "select_all": self._with_view(view.select_all),
            "flip": self._with_view(view.flip_selected),
            "mirror": self._with_view(view.mirror_selected),
            "rotate_left": self._with_view(lambda v: v.rotate_selected(ROTATION_STEP)),
            "rotate_right": self._with_view(lambda v: v.rotate_selected(-ROTATION_STEP)),
            "upright": self._with_view(view.upright_selected),
            "move_left": self._with_view(lambda v: v.shift_selected(-1)),
            "move_right": self._with_view(lambda v: v.shift_selected(1)),
            "centromere_up": self._with_view(lambda v: v.nudge_centromere(-1.0)),
            "centromere_down": self._with_view(lambda v: v.nudge_centromere(1.0)),
            "to_tray": self._with_view(lambda v: v.assign_selected(None)),
            "next_uncertain": self._with_view(view.review),
            "previous_uncertain": self._with_view(lambda v: v.review(-1)),
            "accept": self._with_view(view.accept_selected),
            "zoom_in": self._with_view(view.zoom_in),
            "zoom_out": self._with_view(view.zoom_out),
            "zoom_fit": self._with_view(view.fit),
            "zoom_100": self._with_view(view.zoom_actual),
        }

    def _annotate(self, kind: AnnotationKind) -> None:
        layer = self._pages.annotations()
        if layer is not None:
            layer.add(kind)

    def _with_view(self, act: Callable[..., object]) -> Callable[..., None]:
        def acted(*arguments: object) -> None:
            view = self._pages.view()
            if view is not None:
                act(view, *arguments)

        return acted
