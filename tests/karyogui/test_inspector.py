"""The inspector by mouse: every button is a named command that undo takes back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from engine.types import KaryotypeAlternative
from karyogui.document import KaryogramDocument
from karyogui.inspector import Inspector
from karyogui.inspector_parts.chromosome_view import ChromosomeView
from karyogui.inspector_parts.confidence_view import ConfidenceView
from karyogui.model.suggestions import suggestions

OpenCell = Callable[..., KaryogramDocument]
LABELS = ("1", "1", "2", "21", "21", "X", "Y")
TRISOMY = KaryotypeAlternative("47,XY,+21", 3.1, ("1", "1", "21", "21", "21", "X", "Y"))


class Bench:
    """An inspector on a document, and the means to use it as a person does."""

    def __init__(self, qtbot: QtBot, document: KaryogramDocument) -> None:
        self.qtbot, self.document, self.stack = qtbot, document, QUndoStack()
        self.inspector = Inspector(document, self.stack)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(288, 760)
        self.inspector.show()
        qtbot.waitExposed(self.inspector)

    def texts(self) -> list[str]:
        widgets = [*self.inspector.findChildren(QLabel), *self.inspector.findChildren(QAbstractButton)]
        return [w.text() for w in widgets if w.isVisible()]

    def button(self, text: str) -> QAbstractButton:
        found = [b for b in self.inspector.findChildren(QAbstractButton) if b.isVisible() and b.text() == text]
        assert found, f"no button {text!r} in {self.texts()}"
        return found[0]

    def click(self, text: str) -> None:
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot, open_cell: OpenCell) -> Bench:
    return Bench(qtbot, open_cell(LABELS, confidences=[0.99, 0.99, 0.99, 0.62, 0.99, 0.99, 0.99], readings=[TRISOMY]))


@pytest.mark.parametrize(
    ("button", "undo_text"),
    [
        ("22  (2 %)", "Move to 22"),
        ("9  (< 1 %)", "Move to 9"),
        ("Accept", "Accept as 21"),
        ("To tray", "Move to tray"),
        ("Flip", "Flip chromosome"),
        ("↺ 5°", "Rotate chromosome by +5°"),
        ("↻ 5°", "Rotate chromosome by −5°"),
    ],
)
def test_each_button_is_one_named_command(bench: Bench, button: str, undo_text: str) -> None:
    bench.inspector.show_chromosome(3)
    before = bench.document.placements()
    bench.click(button)
    assert bench.stack.undoText() == undo_text
    after = bench.document.placements()
    assert after != before
    bench.stack.undo()
    assert bench.document.placements() == before
    bench.stack.redo()
    assert bench.document.placements() == after


def test_upright_takes_turns_back(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    before = bench.document.placements()
    bench.click("Upright")
    assert bench.stack.count() == 0  # it is upright: nothing to undo
    bench.click("Flip")
    bench.click("Upright")
    assert bench.stack.undoText() == "Turn chromosome upright"
    assert bench.document.placements() == before


def test_what_it_says_of_an_unsure_chromosome(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    assert {"Chromosome 21", "003.png", "Could also be"} <= set(bench.texts())
    assert bench.inspector.findChild(ConfidenceView).words() == "Look again"
    bench.click("Accept")
    assert bench.inspector.findChild(ConfidenceView).words() == "Accepted"
    assert not bench.button("Accept").isEnabled()


def test_after_a_move_the_models_own_label_is_offered(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    bench.click("22  (2 %)")
    assert "Chromosome 22" in bench.texts()
    assert bench.inspector.findChild(ConfidenceView).words() == "Set by hand"
    bench.click("21  (62 %)")
    assert bench.document.placement(3).label == "21"


def test_in_the_tray(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    bench.click("To tray")
    assert {"Not placed", "Could be"} <= set(bench.texts())
    assert not bench.button("To tray").isEnabled()
    bench.click("21  (62 %)")
    assert bench.document.placement(3).label == "21"


def test_pointing_at_an_alternative_shows_its_ideogram(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    view = bench.inspector.findChild(ChromosomeView)
    button = bench.button("22  (2 %)")
    bench.qtbot.mouseMove(button, button.rect().center())
    assert [drawn.label for _, drawn in view.ideogram_places()] == ["22"]
    bench.qtbot.mouseMove(bench.button("Flip"), QPoint(2, 2))
    assert [drawn.label for _, drawn in view.ideogram_places()] == ["21"]
    assert bench.stack.count() == 0


def test_another_reading_of_the_cell_is_one_click_and_one_undo(bench: Bench) -> None:
    before = bench.document.placements()
    assert {"47,XY,+21", "gap 3.1", "likeliest", "✓ shown"} <= set(bench.texts())
    bench.click("Apply")
    assert bench.stack.undoText() == "Read as 47,XY,+21"
    assert [p.label for p in bench.document.placements()] == list(TRISOMY.labels)
    bench.click("Apply")  # now the button of the first reading
    assert [p.label for p in bench.document.placements()] == list(LABELS)
    bench.stack.undo()
    bench.stack.undo()
    assert bench.document.placements() == before


def test_readings_are_made_anew_only_when_they_change(bench: Bench) -> None:
    apply = bench.button("Apply")
    bench.inspector.show_chromosome(3)
    bench.click("Flip")
    assert bench.button("Apply") is apply  # of the same readings, the same one is shown
    bench.click("22  (2 %)")
    assert bench.button("Apply") is not apply  # none of them is shown now
    assert "✓ shown" not in bench.texts()
    bench.stack.undo()
    assert "✓ shown" in bench.texts()


def test_one_reading_alone_is_not_listed(qtbot: QtBot, open_cell: OpenCell) -> None:
    bench = Bench(qtbot, open_cell())
    assert "likeliest" not in bench.texts()


def test_nothing_chosen_says_what_to_do(bench: Bench) -> None:
    assert "Choose a chromosome to see it large, beside its ideogram." in bench.texts()
    bench.inspector.show_chromosome(3)
    bench.inspector.show_chromosome(None)
    assert "Choose a chromosome to see it large, beside its ideogram." in bench.texts()
    assert not any(text == "Flip" for text in bench.texts())


def test_several_are_acted_on_together(bench: Bench) -> None:
    bench.inspector.show_chromosomes([3, 4])
    assert {"2 chromosomes", "Flip"} <= set(bench.texts())
    bench.click("Flip")
    assert bench.stack.undoText() == "Flip 2 chromosomes"
    bench.click("Accept")
    assert [bench.document.placement(i).accepted for i in (3, 4)] == [True, True]


def test_accepting_several_labels_is_one_step(bench: Bench) -> None:
    bench.inspector.show_chromosomes([0, 3, 5])
    bench.click("Accept")
    assert bench.stack.count() == 1
    assert bench.stack.undoText() == "Accept 3 chromosomes"
    assert [p.chromosome_id for p in bench.document.placements() if p.accepted] == [0, 3, 5]
    bench.stack.undo()
    assert not any(p.accepted for p in bench.document.placements())


def test_another_cell_forgets_chromosomes_it_does_not_have(bench: Bench, open_cell: OpenCell) -> None:
    bench.inspector.show_chromosomes([1, 6])
    smaller = open_cell(["1", "1"]).state()
    assert smaller is not None
    bench.document.restore(smaller)
    assert bench.inspector.shown_ids() == (1,)
    bench.document.clear()
    assert bench.inspector.shown_ids() == ()


def test_the_band_level_is_chosen_by_a_click(bench: Bench) -> None:
    bench.inspector.show_chromosome(0)
    bench.click("850")
    assert bench.inspector.findChild(ChromosomeView).ideogram_places()[0][1].level == 850


def test_nothing_is_cut_off_at_the_panels_least_width(bench: Bench) -> None:
    bench.inspector.show_chromosome(3)
    bench.inspector.resize(bench.inspector.minimumWidth(), 760)
    content = bench.inspector.widget()
    assert content.width() <= bench.inspector.viewport().width()
    for button in bench.inspector.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())


def test_an_object_that_fits_nowhere_is_offered_its_likeliest_labels(open_cell: OpenCell) -> None:
    document = open_cell(["1", None])
    cell = document.cell()
    assert cell is not None
    prediction = cell.chromosome(1).prediction
    assert prediction is not None
    assert [other.label for other in suggestions(prediction, None)] == ["22", "9"]
