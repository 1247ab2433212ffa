"""Options check themselves."""

import pytest

from karyogui.export.options import ExportOptions


@pytest.mark.parametrize(
    ("values", "named"),
    [({"format": "gif"}, "gif"), ({"page": "A5"}, "A5"), ({"dpi": 10}, "10"), ({"dpi": 5000}, "5000")],
)
def test_what_cannot_be_exported_is_refused(values: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ExportOptions(**values)  # type: ignore[arg-type]
