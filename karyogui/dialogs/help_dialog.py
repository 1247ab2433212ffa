"""The help inside the program: topics, a search over all of them, and the keys as they are now."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from karyogui.help_text import Topic, topics
from karyogui.keymap import KeyMap
from karyogui.theme import GRID

_NAME = Qt.ItemDataRole.UserRole


class HelpDialog(QDialog):
    """Topics left, the text right. May stay open beside the window."""

    def __init__(self, keymap: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help_dialog")
        self.setWindowTitle(self.tr("Help"))
        self._keymap = keymap
        self._topics: dict[str, Topic] = {}
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search in the help"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setToolTip(self.tr("Topics that hold all the words; Enter goes to the next place"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._find_next)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Topics"))
        self.list.setFixedWidth(24 * GRID)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show_topic())
        self.nothing = QLabel(self.tr("No topic holds these words."), self, wordWrap=True)
        self.nothing.hide()
        self.page = QTextBrowser(self)
        self.page.setAccessibleName(self.tr("Text"))
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._on_link)
        self.page.document().setDocumentMargin(2 * GRID)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)  # Enter is the search's
        close.setDefault(False)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.list)
        left.addWidget(self.nothing)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addLayout(left)
        row.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        column.addLayout(row)
        column.addWidget(buttons)
        keymap.changed.connect(self._fill)
        self._fill()
        self.list.setCurrentRow(0)
        self.resize(104 * GRID, 84 * GRID)

    def show_topic(self, name: str) -> None:
        """Go to a topic; a name that is none changes nothing."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_NAME) == name:
                self.list.setCurrentRow(row)

    def topic(self) -> str:
        """Return the name of the topic that is shown."""
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    def _fill(self) -> None:
        """Read all topics, with the keys of now."""
        shown = self.topic()
        self._topics = {topic.name: topic for topic in topics(self._keymap)}
        self.list.blockSignals(True)
        self.list.clear()
        for topic in self._topics.values():
            item = QListWidgetItem(topic.title, self.list)
            item.setData(_NAME, topic.name)
        self.list.blockSignals(False)
        if shown:
            self.show_topic(shown)
        self._filter(self.search.text())

    def _show_topic(self) -> None:
        topic = self._topics.get(self.topic())
        if topic is not None:
            self.page.setMarkdown(topic.text)
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self._mark()

    def _words(self) -> list[str]:
        return self.search.text().casefold().split()

    def _filter(self, _text: str) -> None:
        """Leave the topics that hold all words, and go to the first of them."""
        words = self._words()
        hits = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            said = self._topics[item.data(_NAME)].text.casefold()
            item.setHidden(not all(word in said for word in words))
            if not item.isHidden():
                hits.append(item)
        self.nothing.setVisible(not hits)
        current = self.list.currentItem()
        if hits and current is not None and current.isHidden():
            # A title with the word is what was meant, before a text that only mentions it.
            titled = [hit for hit in hits if all(word in hit.text().casefold() for word in words)]
            self.list.setCurrentItem((titled or hits)[0])
        self._mark()

    def _mark(self) -> None:
        """Mark all places of the words in the shown text."""
        marks = []
        for word in self._words():
            cursor = QTextCursor(self.page.document())
            while not (cursor := self.page.document().find(word, cursor)).isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(self.palette().highlight())
                mark.format.setForeground(self.palette().highlightedText())
                marks.append(mark)
        self.page.setExtraSelections(marks)

    def _find_next(self) -> None:
        """Go to the next place of the first word, from the end to the beginning again."""
        words = self._words()
        if words and not self.page.find(words[0]):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(words[0], QTextDocument.FindFlag(0))

    def _on_link(self, url: QUrl) -> None:
        self.search.clear()
        self.show_topic(url.toString())
