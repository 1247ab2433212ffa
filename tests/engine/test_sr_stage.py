"""What the classifier of a bundle is shown: enlarged if the card says so, each chromosome by its own pixels alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, NetworkFiles
from engine.card import SUPERRESOLUTION, BundleCard, NetworkCard
from engine.errors import BundleError, Cancelled
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.pipeline import classify_cell, see
from engine.sr_stage import as_seen, cut_out, super_resolved
from engine.training.export import read_weights
from engine.training.sr_run import sr_network
from engine.types import CellImages, ChromosomeImage

Cell = Callable[..., CellImages]


@pytest.fixture(scope="module")
def sr_files() -> NetworkFiles:
    torch.manual_seed(5)
    return sr_network(Srafbn(SrafbnConfig(width=8, groups=2, steps=2)).eval())


@pytest.fixture(scope="module")
def with_sr(ruler: Bundle, sr_files: NetworkFiles) -> Bundle:
    """The ruler with a super-resolution network that its classifier sees through."""
    parameters = {"width": 8, "groups": 2, "steps": 2}
    networks = {**ruler.card.networks, SUPERRESOLUTION: NetworkCard("srafbn", parameters, batch=2)}
    card = replace(ruler.card, name="ruler-sr", networks=networks, super_resolution=True)
    return Bundle(card, {**ruler.networks, SUPERRESOLUTION: sr_files}, "ruler-sr")


def chromosome(height: int, width: int, seed: int = 0) -> ChromosomeImage:
    pixels = np.zeros((height + 20, width + 30), np.float32)
    pixels[10 : 10 + height, 5 : 5 + width] = np.random.default_rng(seed).random((height, width), np.float32) + 0.01
    return ChromosomeImage(pixels.clip(0, 1), pixels > 0, f"{seed}.png")


def test_the_cut_is_the_mask_and_a_margin_of_ground() -> None:
    cut = cut_out(chromosome(12, 7))
    assert cut.pixels.shape == cut.mask.shape == (20, 15)
    assert cut.mask[4:16, 4:11].all()
    assert cut.mask.sum() == 84
    assert not cut.pixels[:4].any()
    nothing = ChromosomeImage(np.full((3, 5), 0.5, np.float32), np.zeros((3, 5), np.bool_), "x")
    assert cut_out(nothing).pixels.shape == (11, 13)


def test_results_are_those_of_torch(with_sr: Bundle) -> None:
    """Tolerance 2e-3 of a grey scale of 1: half a grey value of 8 bits."""
    network = Srafbn(SrafbnConfig(**with_sr.card.networks[SUPERRESOLUTION].parameters)).eval()
    network.load_state_dict(read_weights(with_sr, SUPERRESOLUTION))
    for size in ((16, 16), (31, 9)):
        given = chromosome(*size)
        (made,) = super_resolved([given], with_sr)
        cut = cut_out(given)
        with torch.inference_mode():
            want = network(torch.from_numpy(cut.pixels)[None, None])[0, 0].clamp(0, 1).numpy()
        np.testing.assert_allclose(made.pixels, want, atol=2e-3)
        assert made.mask.shape == made.pixels.shape == want.shape
        assert made.mask.sum() == 4 * cut.mask.sum()
        assert made.source == given.source


def test_a_chromosome_does_not_depend_on_its_neighbours(with_sr: Bundle) -> None:
    sizes = [(15, 9), (16, 12), (30, 11), (14, 10), (15, 9)]
    all_of_them = [chromosome(*size, seed) for seed, size in enumerate(sizes)]
    together = super_resolved(all_of_them, with_sr)
    assert [c.source for c in together] == [c.source for c in all_of_them]
    for given, made in zip(all_of_them, together, strict=True):
        (alone,) = super_resolved([given], with_sr)
        np.testing.assert_allclose(made.pixels, alone.pixels, atol=1e-6)
        assert made.pixels.shape == tuple(2 * side for side in cut_out(given).pixels.shape)
        assert 0.0 <= made.pixels.min() <= made.pixels.max() <= 1.0


def test_the_card_switches_it_on(ruler: Bundle, with_sr: Bundle) -> None:
    cell = [chromosome(15, 9)]
    assert as_seen(cell, ruler)[0] is cell[0]
    shown_only = Bundle(replace(with_sr.card, super_resolution=False), with_sr.networks, "display")
    assert as_seen(cell, shown_only)[0] is cell[0]
    assert as_seen(cell, with_sr)[0].pixels.shape == (46, 34)


def test_a_card_that_asks_for_what_it_has_not_is_refused(with_sr: Bundle, ruler: Bundle) -> None:
    assert BundleCard.from_json(with_sr.card.to_json()) == with_sr.card
    text = ruler.card.to_json()
    assert '"super_resolution": false' in text
    with pytest.raises(BundleError, match="the network 'superresolution' is missing"):
        BundleCard.from_json(text.replace('"super_resolution": false', '"super_resolution": true'))
    older = text.replace('  "super_resolution": false,\n', "")
    assert older != text
    assert BundleCard.from_json(older) == ruler.card  # bundles that were shipped before the stage


def test_the_pipeline_classifies_what_was_enlarged(with_sr: Bundle, draw_cell: Cell, normal_labels: list[str]) -> None:
    cell = draw_cell(normal_labels, [17.0] * 46)
    seen = see(cell, with_sr)
    plain = see(cell, Bundle(replace(with_sr.card, super_resolution=False), with_sr.networks, "plain"))
    assert seen.adapted.scale == pytest.approx(plain.adapted.scale / 2, rel=0.02)
    assert np.abs(seen.adapted.size - plain.adapted.size).max() < 0.05
    result = classify_cell(cell, with_sr)
    assert result.karyotype == "46,XX"
    assert [c.label for c in result.chromosomes] == normal_labels
    assert all(abs(c.upright_rotation_deg + 17.0) < 6.0 for c in result.chromosomes)


def test_cancel_is_heard_between_runs(with_sr: Bundle) -> None:
    class Stop:
        asked = 0

        def report(self, done: int, total: int, message: str = "") -> None: ...

        def check_cancelled(self) -> None:
            self.asked += 1
            if self.asked == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        super_resolved([chromosome(12, 12, seed) for seed in range(6)], with_sr, Stop())
