"""The subcommands of `karyo`. Each module has `add_parser` and imports its machinery when it runs."""
