"""Failures the engine expects. `str(error)` is written for the user: one clear sentence, no traceback."""


class EngineError(Exception):
    """Base of every failure the engine expects."""


class InputError(EngineError):
    """The user's image, folder or data set cannot be used as it is."""


class BundleError(EngineError):
    """A bundle is damaged, of an unknown version, or does not fit this program."""


class Cancelled(BaseException):
    """The caller asked to stop. Not an Exception, so `except Exception` cannot eat it."""
