"""Tests read with the sources, whether or not the reader was compiled here; imported before anything of ours."""

import os

os.environ.setdefault("GEYING_PURE", "1")
