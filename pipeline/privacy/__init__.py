"""What may leave: identifiers apart from answers, and nothing that names a person in a table."""
