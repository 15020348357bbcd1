"""What synthesizers know of single columns: the values they can hold, levels, points to draw."""
