import numpy as np
import pytest

from karyogui.model.tone import AS_SCANNED, Tone, blurred, curve, toned

RAMP = np.linspace(0.0, 1.0, 256, dtype=np.float32).reshape(16, 16)


def test_the_default_shows_the_very_pixels() -> None:
    assert toned(RAMP, AS_SCANNED) is RAMP


def test_the_data_are_never_written_to() -> None:
    before = RAMP.copy()
    toned(RAMP, Tone(0.4, 1.5, 2.0))
    assert np.array_equal(RAMP, before)


def test_contrast_turns_about_middle_grey() -> None:
    more, less = (toned(RAMP, Tone(contrast=c)) for c in (0.5, -0.5))
    gain = np.tan(0.375 * np.pi)
    assert more == pytest.approx(np.clip(0.5 + (RAMP - 0.5) * gain, 0, 1), abs=0.003)
    assert less == pytest.approx(0.5 + (RAMP - 0.5) / gain, abs=0.003)


def test_gamma_is_a_power() -> None:
    assert toned(RAMP, Tone(gamma=2.0)) == pytest.approx(RAMP**2, abs=0.003)
    assert toned(RAMP, Tone(gamma=0.5)) == pytest.approx(RAMP**0.5, abs=0.04)  # steep at the ground: 1024 steps


def test_sharpening_lifts_what_stands_out_and_leaves_flat_parts() -> None:
    band = np.full((21, 9), 0.4, np.float32)
    band[10] = 0.6
    shown = toned(band, Tone(sharpening=1.0))
    assert shown[10, 4] > 0.68
    assert shown[8, 4] < 0.4
    assert shown[0, 4] == pytest.approx(0.4, abs=0.001)


def test_the_blur_is_a_mean() -> None:
    point = np.zeros((21, 21), np.float32)
    point[10, 10] = 1.0
    smooth = blurred(point, 1.2)
    assert smooth.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(smooth, smooth.T)
    assert smooth[10, 10] == pytest.approx(1 / (2 * np.pi * 1.44), rel=0.02)
    flat = np.full((5, 40), 0.3, np.float32)
    assert blurred(flat, 1.2) == pytest.approx(flat, abs=1e-6)


def test_a_curve_is_made_once() -> None:
    assert curve(0.3, 1.2) is curve(0.3, 1.2)
    with pytest.raises(ValueError, match="read-only"):
        curve(0.3, 1.2)[0] = 1.0


@pytest.mark.parametrize("wrong", [{"contrast": 0.9}, {"gamma": 0.1}, {"sharpening": -0.1}])
def test_limits(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Tone(**wrong)
