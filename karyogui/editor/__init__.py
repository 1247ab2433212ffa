"""The karyogram editor.

- `commands`: every edit as an undo command, with its menu text; whatever changes the document is built there.
- `scene`: the picture of the document; selection, and mouse gestures turned into commands. `items`: what it is made of.
  `drag`: one drag with its preview. A new gesture is a module like `drag` that the scene starts and ends.
- `view`: zoom, pan, keys, and the methods that menus and toolbars call. `keyboard`: typed labels and the arrows' way.
- `painting`: the karyogram from its layout numbers, for screen, PNG and PDF. How something is shown (inverted, later
  contrast or sharpening) is a field of `painting.PaintOptions`; where it lies is `karyogui.model.layout`.
- `describe`: a chromosome in words. `hint`: the line of text over the karyogram.

Keys: arrows, Home, End walk (Shift extends); `1`..`22`, `X`, `Y`, `M` (marker) assign, `T` or Delete to the tray;
`F` flip; `R` and Shift+`R` turn 5 degrees counter-clockwise and clockwise; `U` upright as the engine had it; Ctrl+`A`
all; Esc takes back a drag, typed digits, the selection; Ctrl+wheel zooms; middle button or Space and drag pan.
"""
