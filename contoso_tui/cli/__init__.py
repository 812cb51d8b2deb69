"""The command line: one file for each group of commands; the same functions and gates as the screens."""
