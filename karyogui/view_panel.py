"""The panel of view settings: how the karyogram is looked at. Nothing in it changes the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from karyogui.model.arrangement import Arrangement
from karyogui.model.ideogram import BAND_LEVELS, BandLevel
from karyogui.model.tone import Tone
from karyogui.model.view_settings import ViewSettings
from karyogui.theme import GRID

_STEPS = 100.0  # slider steps for 1.0


@dataclass(frozen=True, slots=True)
class _Dial:
    """A slider with its value beside it."""

    slider: QSlider
    value: QLabel


class ViewPanel(QFrame):
    """Shows `ViewSettings` and says what the user makes of them; the owner hands them back with `show_settings`."""

    settings_wanted = Signal(object)  # ViewSettings
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = ViewSettings()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName(self.tr("View settings"))
        self.setFixedWidth(38 * GRID)

        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        head = QLabel(self.tr("View"))
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        note = QLabel(self.tr("The data stay as they are."))
        note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column.addWidget(head)
        column.addWidget(note)
        column.addLayout(self._build_form())
        buttons = QHBoxLayout()
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setToolTip(self.tr("Show everything as it was scanned"))
        self.reset.clicked.connect(lambda: self.settings_wanted.emit(ViewSettings()))
        close = QPushButton(self.tr("Close"))
        close.setToolTip(self.tr("Put the settings away; they stay as they are"))
        close.clicked.connect(self.close_wanted)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column.addLayout(buttons)
        self.show_settings(self._settings)

    def show_settings(self, settings: ViewSettings) -> None:
        """Show these settings without saying anything."""
        self._settings = settings
        tone = settings.tone
        for dial, value, text in (
            (self.contrast, tone.contrast, f"{100 * tone.contrast:+.0f}".replace("-", "−") if tone.contrast else "0"),
            (self.gamma, tone.gamma, f"{tone.gamma:.2f}"),
            (self.sharpening, tone.sharpening, f"{100 * tone.sharpening:.0f} %"),
        ):
            dial.slider.blockSignals(True)
            dial.slider.setValue(round(value * _STEPS))
            dial.slider.blockSignals(False)
            dial.value.setText(text)
        for box, on in (
            (self.inverted, settings.inverted),
            (self.straightened, settings.straightened),
            (self.superresolved, settings.superresolved),
            (self.letters, settings.group_letters),
        ):
            box.setChecked(on)
        self.ideograms.setCurrentIndex(self.ideograms.findData(settings.ideograms))
        self.arrangement.setCurrentIndex(self.arrangement.findData(settings.arrangement))
        self.reset.setEnabled(settings != ViewSettings())

    def forbid_superresolution(self, reason: str) -> None:
        """Say why nothing can be super-resolved; empty: it can."""
        self.superresolved.setEnabled(not reason)
        self.superresolved.setToolTip(reason)

    def _build_form(self) -> QFormLayout:
        self.contrast = self._dial(Tone.CONTRASTS, lambda v: replace(self._settings.tone, contrast=v))
        self.gamma = self._dial(Tone.GAMMAS, lambda v: replace(self._settings.tone, gamma=v))
        self.sharpening = self._dial(Tone.SHARPENINGS, lambda v: replace(self._settings.tone, sharpening=v))
        self.inverted = self._box(self.tr("Inverted"), lambda on: replace(self._settings, inverted=on))
        self.straightened = self._box(self.tr("Straightened"), lambda on: replace(self._settings, straightened=on))
        self.superresolved = self._box(self.tr("Super-resolved"), lambda on: replace(self._settings, superresolved=on))
        self.letters = self._box(self.tr("Group letters A–G"), lambda on: replace(self._settings, group_letters=on))
        self.ideograms = QComboBox()
        self.ideograms.addItem(self.tr("None"), None)
        for level in BAND_LEVELS:
            self.ideograms.addItem(self.tr("%d bands") % level, level)
        self.ideograms.activated.connect(self._choose_ideograms)
        self.arrangement = QComboBox()
        rows: dict[Arrangement, str] = {
            "sex_last": self.tr("X and Y at the end"),
            "sex_in_groups": self.tr("X in group C, Y in group G"),
        }
        for arrangement, text in rows.items():
            self.arrangement.addItem(text, arrangement)
        self.arrangement.activated.connect(self._choose_arrangement)

        self.ideograms.setToolTip(self.tr("Show the ideogram beside each class"))
        self.arrangement.setToolTip(self.tr("Where X and Y stand"))
        self.inverted.setToolTip(self.tr("Show the karyogram bright on black"))
        self.straightened.setToolTip(self.tr("Show every chromosome along its own axis"))
        self.letters.setToolTip(self.tr("Write A to G over the groups"))
        form = QFormLayout()
        form.setSpacing(GRID)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, dial in (
            (self.tr("Contrast"), self.contrast),
            (self.tr("Gamma"), self.gamma),
            (self.tr("Sharpening"), self.sharpening),
        ):
            row = QHBoxLayout()
            row.addWidget(dial.slider, 1)
            row.addWidget(dial.value)
            label = QLabel(text)
            label.setBuddy(dial.slider)
            dial.slider.setAccessibleName(text)
            dial.slider.setToolTip(self.tr("%s of the picture; the data stay as they are") % text)
            form.addRow(label, row)
        for box in (self.inverted, self.straightened, self.superresolved, self.letters):
            form.addRow(box)
        form.addRow(self.tr("Ideograms"), self.ideograms)
        form.addRow(self.tr("Rows"), self.arrangement)
        return form

    def _dial(self, limits: tuple[float, float], change: Callable[[float], Tone]) -> _Dial:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(round(limits[0] * _STEPS), round(limits[1] * _STEPS))
        slider.setPageStep(10)
        slider.valueChanged.connect(
            lambda step: self.settings_wanted.emit(replace(self._settings, tone=change(step / _STEPS)))
        )
        value = QLabel()
        value.setFixedWidth(6 * GRID)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return _Dial(slider, value)

    def _box(self, text: str, change: Callable[[bool], ViewSettings]) -> QCheckBox:
        box = QCheckBox(text)
        box.clicked.connect(lambda on: self.settings_wanted.emit(change(on)))
        return box

    def _choose_ideograms(self, index: int) -> None:
        level: BandLevel | None = self.ideograms.itemData(index)
        self.settings_wanted.emit(replace(self._settings, ideograms=level))

    def _choose_arrangement(self, index: int) -> None:
        arrangement: Arrangement = self.arrangement.itemData(index)
        self.settings_wanted.emit(replace(self._settings, arrangement=arrangement))
