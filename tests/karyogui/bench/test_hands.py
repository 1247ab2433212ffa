"""The hand of the bench drags what a real one would, and times each event."""

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from karyogui.bench.hands import Hand, along
from karyogui.document import KaryogramDocument
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView


def test_a_way_passes_its_corners_and_rests_there() -> None:
    points = along([QPoint(0, 0), QPoint(24, 0)], step=12.0, rest=2)
    assert [(p.x(), p.y()) for p in points] == [(0, 0), (1, 0), (12.5, 0), (24, 0), (24, 0), (25, 0)]


def test_a_drag_moves_a_chromosome_and_every_event_is_timed(qtbot: QtBot, open_cell: object) -> None:
    document: KaryogramDocument = open_cell()  # type: ignore[operator]
    stack = QUndoStack()
    scene = KaryogramScene(document, stack)
    view = KaryogramView(scene)
    qtbot.addWidget(view)
    view.resize(900, 800)
    with qtbot.waitExposed(view):
        view.show()

    def middle(chromosome_id: int) -> QPoint:
        return view.mapFromScene(scene.chromosome_item(chromosome_id).sceneBoundingRect().center())

    hand = Hand(view)
    way = along([middle(0), middle(3)], rest=1)
    with qtbot.waitSignal(hand.finished, timeout=20_000):
        hand.drag(way)
    assert stack.count() == 1
    assert document.placement(0).label == document.placement(3).label == "21"
    assert len(hand.frames) == len(way) - 1
    assert all(frame.wall > 0 and frame.wall >= 0.5 * frame.work for frame in hand.frames)
    assert hand.drop.work > 0
    assert isinstance(way[0], QPointF)
