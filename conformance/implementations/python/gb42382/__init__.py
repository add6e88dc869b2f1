"""A second implementation of the profile, in plain Python and NumPy, written from its text alone."""

__version__ = "0.1.0"
