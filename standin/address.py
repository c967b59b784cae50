"""Where callbacks go, and with which keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Callback:
    url: str
    token: str
    aeskey: str
