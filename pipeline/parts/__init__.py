"""Forms of which more came back than is cleaned at once: the same tables, part by part."""
