"""Taking a spreadsheet in: clients through the write door, staff and teams as accounts. Whole, or not at all."""
