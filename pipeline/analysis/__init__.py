"""Tables, figures and the report's pages; notebooks import this room alone."""
