"""From answers as they came to answers that tables can rest on, with every cell accounted for."""
