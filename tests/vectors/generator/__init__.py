"""The tables from which tests/vectors/generate.py makes vectors: one module per provider or per kind of case."""
