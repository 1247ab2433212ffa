"""The karyogram editor: commands (every edit), scene, items and view."""
