"""Forms as tables of fields: what is asked, how it is typed and read, and how it is laid out. Pure, no Textual."""
