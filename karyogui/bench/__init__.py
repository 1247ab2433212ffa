"""How the window feels, in numbers: `karyo bench gui`.

- `watch`: how long the GUI thread keeps an event waiting. `hands`: drags with real mouse events, frame by frame.
- `run`: opens a window on drawn cells, drags, classifies, trains, and returns the figures; an entry point names it.
"""
