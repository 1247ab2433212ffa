"""The karyogram editor.

- `commands`: every edit as an undo command, with its menu text; whatever changes the document is built there.
- `scene`: the picture of the document; selection, and mouse gestures turned into commands. `items`, `ideogram_item`,
  `handles`: what it is made of. `display`: how the document is shown in it (view settings, straightened look).
- `gesture`: what a mouse gesture is to the scene. `drag`: chromosomes with the preview of their landing. `turning`: the
  handles. A new gesture is a module like these that the scene begins and ends.
- `view`: zoom, pan, keys. `selection`: the edits that keys, menus and toolbars call. `key_table`, `keyboard`: which key
  does what; typed labels and the arrows' way. `reviewing`: the way through a review. `context_menu`: the right click.
  `hand`: panning. `lens`: the magnifier.
- `painting`: the karyogram from its layout numbers, for screen, PNG and PDF. How something is shown is a field of
  `painting.PaintOptions`; where it lies is `karyogui.model.layout`, what lies under a point `karyogui.model.hits`.
- `annotations` and its parts: texts and arrows over the karyogram. `cut_canvas`, `cut_window`, `cutting`: the shapes of
  chromosomes mended in a window of their own.
- `describe`: a chromosome in words. `hint`: the line of text over the karyogram.

Keys: arrows, Home, End walk (Shift extends); `1`..`22`, `X`, `Y`, `M` (marker) assign, `T` or Delete to the tray;
Space and Shift+Space lead through the review, Enter accepts and goes on; `F` flip, `H` mirror; `R` and Shift+`R` turn
5 degrees counter-clockwise and clockwise; `U` upright as the engine had it; Ctrl+Left and Right reorder, Ctrl+Up and
Down move the centromere; `L` lens; Ctrl+`A` all; Esc takes back a gesture, typed digits, the lens, the selection.
Mouse: drag moves, Ctrl on another chromosome swaps; a label below the baseline is a handle for its whole class; double
click flips; right click opens the menu; Ctrl+wheel zooms; middle button or Space and drag pan.
"""
