"""What is exported says which pixels it shows: on the chromosome, and below the karyogram, in every format."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.options import ExportFormat, ExportOptions
from karyogui.export.pdf import export_pdf
from karyogui.export.picture import render_image
from karyogui.export.save import export_file
from karyogui.model.enlarged import Enlarged
from karyogui.model.view_settings import ViewSettings

OpenCell = Callable[..., KaryogramDocument]
pytestmark = pytest.mark.usefixtures("qapp")


def twice(document: KaryogramDocument, ids: Sequence[int]) -> dict[int, Enlarged]:
    """Looks with four pixels for each, black all over: not to be mistaken for the original."""
    cell = document.cell()
    assert cell is not None
    found = {}
    for chromosome in (cell.chromosome(i) for i in ids):
        mask = np.kron(chromosome.mask, np.ones((2, 2))) > 0
        found[chromosome.id] = Enlarged(chromosome.pixels, mask.astype(np.float32), mask, "enlarger 2.5")
    return found


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], "original pixels"),
        ([0, 3], "2 of 7 chromosomes super-resolved (SR) by enlarger 2.5"),
        (range(7), "super-resolved by enlarger 2.5"),
    ],
)
@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_which_pixels_are_shown_is_printed_with_a_header_and_without(
    tmp_path: Path, open_cell: OpenCell, ids: Sequence[int], words: str, kind: ExportFormat
) -> None:
    document = open_cell()
    content = content_of(document, ViewSettings(superresolved=True), None, twice(document, ids))
    assert content.pixels() == words
    for header in (True, False):
        path = tmp_path / f"{header}.{kind}"
        export_file(path, content, ExportOptions(format=kind, header=header))
        text = path.read_text("utf-8") if kind == "svg" else PdfReader(path).pages[0].extract_text()
        # The description of an SVG, which nobody sees, says it too: what is drawn is a label of its own.
        drawn = text.partition("</desc>")[2] if kind == "svg" else " ".join(text.split())
        assert (words in drawn) == (header or bool(ids))
        if kind == "svg":
            assert text.count('aria-label="SR"') == len(ids)


def test_super_resolved_ones_are_exported_as_they_are_shown_and_at_their_own_resolution(
    tmp_path: Path, open_cell: OpenCell
) -> None:
    document, path = open_cell(), tmp_path / "cell.pdf"
    cell = document.cell()
    assert cell is not None
    export_pdf(path, content_of(document, None, None, twice(document, [1])))
    images = [image.get_object() for image in PdfReader(path).pages[0]["/Resources"]["/XObject"].values()]
    shapes = {(image["/Height"], image["/Width"]) for image in images if image["/Subtype"] == "/Image"}
    height, width = cell.chromosome(1).pixels.shape
    assert (2 * height, 2 * width) in shapes
    assert len(shapes) == 1 + len({c.pixels.shape for c in cell.chromosomes})

    plain = render_image(content_of(document), ExportOptions(dpi=144, header=True))
    mixed = render_image(content_of(document, None, None, twice(document, [1])), ExportOptions(dpi=144, header=True))
    assert plain.size() == mixed.size()
    assert plain != mixed


def test_a_look_of_other_pixels_is_not_exported(open_cell: OpenCell) -> None:
    document, other = open_cell(), open_cell()
    content = content_of(document, None, None, twice(other, range(7)))
    assert content.pixels() == "original pixels"
    assert content.shown_enlargements() == {}
