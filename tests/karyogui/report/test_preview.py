"""The pages on the screen."""

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from karyogui.report.preview import PAGE_WIDTH, PagesView


def page(height: int) -> QImage:
    image = QImage(2 * PAGE_WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    return image


def test_pages_come_and_go(qtbot: QtBot) -> None:
    view = PagesView()
    qtbot.addWidget(view)
    view.show_pages([page(1000), page(1200)])
    assert [(each.width(), each.height()) for each in view.pages] == [(PAGE_WIDTH, 500), (PAGE_WIDTH, 600)]
    assert view.pages[1].accessibleName() == "Page 2"
    view.show_pages([page(1000)])
    assert len(view.pages) == 1
    assert view.message.isHidden()


def test_a_sentence_in_their_place(qtbot: QtBot) -> None:
    view = PagesView()
    qtbot.addWidget(view)
    view.show_pages([page(1000)])
    view.say("The template has a mistake.")
    assert view.pages == []
    assert (view.message.text(), view.message.isHidden()) == ("The template has a mistake.", False)
