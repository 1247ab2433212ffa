"""For all tests: Qt draws into memory (pytest-qt asks for nothing else), unless the caller chose a platform."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
