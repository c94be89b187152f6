"""How the window looks: colours, sizes, icons and style sheet, all of them data."""
