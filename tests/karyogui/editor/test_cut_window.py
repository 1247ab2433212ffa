"""The cut window, by mouse and keyboard: what is drawn is shown, accepted as one step, and taken back by Esc."""

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QUndoStack, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.editor.cut_canvas import CutCanvas, Tool
from karyogui.editor.cut_window import CutWindow

Open = Callable[..., CutWindow]
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def document(open_cell: Callable[..., KaryogramDocument]) -> KaryogramDocument:
    """Bars 12 wide within 16; the first 100 high within 104, the second upside down."""
    return open_cell(turns=(0.0, 180.0, 0.0, 0.0, 0.0, 0.0, 0.0))


@pytest.fixture
def stack() -> QUndoStack:
    return QUndoStack()


@pytest.fixture
def open_window(qtbot: QtBot, document: KaryogramDocument, stack: QUndoStack) -> Open:
    def opened(*ids: int) -> CutWindow:
        window = CutWindow(document, stack, ids)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
        qtbot.addWidget(window)
        window.resize(500, 700)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        return window

    return opened


def stroke(
    canvas: CutCanvas,
    points: Sequence[tuple[float, float]],
    modifier: Qt.KeyboardModifier = PLAIN,
    *,
    release: bool = True,
) -> None:
    shown = [canvas.to_widget(*point).toPoint() for point in points]
    QTest.mousePress(canvas, LEFT, modifier, shown[0])
    for point in shown[1:]:
        # QTest.mouseMove knows no modifiers.
        QTest.mouseEvent(QTest.MouseAction.MouseMove, canvas, LEFT, modifier, point)
    if release:
        QTest.mouseRelease(canvas, LEFT, modifier, shown[-1])


def sizes(window: CutWindow) -> list[int]:
    proposal = window.canvas.proposal()
    return [int(piece.mask.sum()) for piece in proposal.pieces] if proposal else []


def test_a_line_is_shown_then_accepted_with_enter(
    qtbot: QtBot, open_window: Open, document: KaryogramDocument, stack: QUndoStack
) -> None:
    window = open_window(0)
    assert not window.accept_button.isEnabled()
    stroke(window.canvas, [(0, 42), (8, 42), (16, 42)])
    assert sizes(window) == [720, 480]
    assert "60 % + 40 %" in window.message.text()
    assert stack.count() == 0
    with qtbot.waitSignal(window.cut_made) as made:
        QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert made.args == [[7, 8]]
    assert not window.isVisible()
    assert stack.undoText() == "Split chromosome"
    assert (document.placement(7).label, document.placement(8).label) == ("1", None)


def test_a_chromosome_is_cut_as_it_is_shown(open_window: Open, document: KaryogramDocument) -> None:
    window = open_window(1)
    top, bottom = window.canvas.to_widget(8, 100), window.canvas.to_widget(8, 4)
    assert top.y() < bottom.y()  # upside down, as in the karyogram
    stroke(window.canvas, [(0, 12), (16, 12)])
    proposal = window.canvas.proposal()
    assert proposal is not None
    assert proposal.pieces[1].origin == (0, 0)  # the small one is where row 12 is, whichever way it is shown
    assert sizes(window) == [1080, 120]


def test_shift_makes_the_line_straight(open_window: Open) -> None:
    window = open_window(0)
    stroke(window.canvas, [(0, 52), (8, 80), (16, 52)], Qt.KeyboardModifier.ShiftModifier)
    assert sizes(window) == [600, 600]


def test_a_line_that_does_not_cut_is_refused(open_window: Open, stack: QUndoStack) -> None:
    window = open_window(0)
    stroke(window.canvas, [(0, 0), (16, 0)])
    assert "does not cut the chromosome in two" in window.message.text()
    assert not window.accept_button.isEnabled()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert window.isVisible()
    assert stack.count() == 0


def test_lasso_by_its_key(qtbot: QtBot, open_window: Open, stack: QUndoStack) -> None:
    window = open_window(0)
    QTest.keyClick(window.canvas, Qt.Key.Key_O)
    qtbot.waitUntil(window.tools[Tool.LASSO].isChecked)
    stroke(window.canvas, [(0, 0), (16, 0), (16, 32), (0, 32)])
    assert sizes(window) == [1200 - 360, 360]
    QTest.mouseClick(window.accept_button, LEFT)
    assert stack.undoText() == "Take out a part"


def test_eraser_takes_several_strokes_of_any_size(qtbot: QtBot, open_window: Open, document: KaryogramDocument) -> None:
    window = open_window(0)
    assert not window.slider.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    qtbot.waitUntil(window.slider.isVisible)
    window.slider.setValue(2)
    stroke(window.canvas, [(3.0, -2), (3.0, 110)])
    assert sizes(window) == [1200 - 200]  # two columns
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, PLAIN,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(window.canvas, wheel)
    assert window.slider.value() == 3
    window.slider.setValue(4)
    stroke(window.canvas, [(14, 2), (14, 12)])
    assert 1000 - 30 < sizes(window)[0] < 1000 - 17
    assert "19 % is wiped away" in window.message.text()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert document.placement(7).label == "1"


def test_escape_takes_back_one_thing_after_the_other(open_window: Open, stack: QUndoStack) -> None:
    window = open_window(0)
    stroke(window.canvas, [(0, 42), (16, 42)])
    stroke(window.canvas, [(0, 52), (8, 52)], release=False)
    assert window.canvas.is_drawing()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.canvas.is_drawing()
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, QPoint(5, 5))
    assert sizes(window) == []
    stroke(window.canvas, [(0, 42), (16, 42)])
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert sizes(window) == []
    assert window.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert stack.count() == 0


def test_two_are_joined_and_can_be_shifted(open_window: Open, document: KaryogramDocument, stack: QUndoStack) -> None:
    window = open_window(3, 4)
    assert window.accept_button.isEnabled()  # a place is proposed
    height, _ = document.cell().chromosome(3).mask.shape  # type: ignore[union-attr]
    one = (height - 4) * 12
    assert sizes(window) == [2 * one]
    QTest.keyClick(window.canvas, Qt.Key.Key_Up)
    assert sizes(window) == [2 * one - 12]  # one row lies on the other
    stroke(window.canvas, [(8, 80), (8, 40), (8, 79)])  # back by the mouse, and one row further
    assert sizes(window) == [2 * one - 24]
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert stack.undoText() == "Join chromosomes"
    assert document.placement(7).label == "21"
    stack.undo()
    assert document.placement(4).label == "21"


def test_escape_during_a_shift_puts_it_back(open_window: Open) -> None:
    window = open_window(3, 4)
    before = sizes(window)
    stroke(window.canvas, [(8, 80), (8, 40)], release=False)
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert sizes(window) == before
    assert window.isVisible()


def test_it_closes_when_the_cell_becomes_another(
    open_window: Open, document: KaryogramDocument, open_cell: Callable[..., KaryogramDocument]
) -> None:
    window = open_window(0)
    state = open_cell(name="cell 2").state()
    assert state is not None
    document.restore(state)
    assert not window.isVisible()


@pytest.mark.parametrize("ids", [(), (0, 1, 2)])
def test_it_takes_one_or_two(document: KaryogramDocument, stack: QUndoStack, ids: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one chromosome"):
        CutWindow(document, stack, ids)
