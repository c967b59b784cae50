"""Reading one HTTP response from a stream of bytes; strict where a lax reader could take one answer for another."""

import re
from dataclasses import dataclass

HEAD_BYTES, BODY_BYTES = 16_384, 4_194_304
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP response."""

    status: int
    body: bytes


class Reading:
    """Reads one response; `keep` says whether the connection is good for another request."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._status = 0
        self._length: int | None = None
        self._chunked = False
        self._in_body = False
        self._body = bytearray()
        self.keep = True

    def feed(self, data: bytes) -> Answer | None:
        """Take *data*; return the answer when it is complete. ValueError when it is not HTTP."""
        self._buffer += data
        if not self._in_body and not self._head():
            return None
        if self._chunked:
            return self._chunks()
        if self._length is None:  # until the end of the connection
            if len(self._buffer) > BODY_BYTES:
                raise ValueError("too much")
            return None
        if len(self._buffer) < self._length:
            return None
        if len(self._buffer) > self._length:
            self.keep = False
        return Answer(self._status, bytes(self._buffer[: self._length]))

    def end(self) -> Answer | None:
        """Return the answer that ends with the connection, None when it is cut off."""
        if self._in_body and self._length is None and not self._chunked:
            return Answer(self._status, bytes(self._buffer))
        return None

    def _head(self) -> bool:
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > HEAD_BYTES:
                    raise ValueError("too long a head")
                return False
            lines = bytes(self._buffer[:end]).split(b"\r\n")
            del self._buffer[: end + 4]
            self._status_of(lines[0])
            if self._status < 200:  # "continue" and the like: the answer comes after it
                continue
            self._headers(lines[1:])
            self._in_body = True
            return True

    def _status_of(self, line: bytes) -> None:
        version, _, rest = line.partition(b" ")
        code = rest[:3]
        if version not in (b"HTTP/1.1", b"HTTP/1.0") or not code.isdigit() or len(code) != 3:
            raise ValueError("not HTTP")
        self._status, self.keep = int(code), version == b"HTTP/1.1"

    def _headers(self, lines: list[bytes]) -> None:
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"content-length":
                if not value.isdigit() or self._length not in (None, int(value)) or int(value) > BODY_BYTES:
                    raise ValueError("bad length")
                self._length = int(value)
            elif name == b"transfer-encoding":
                if value.lower() != b"chunked":
                    raise ValueError("unknown encoding")
                self._chunked = True
            elif name == b"connection" and value.lower() == b"close":
                self.keep = False
        if self._status in (204, 304):
            self._length, self._chunked = 0, False
        if self._chunked:
            self._length = None
        elif self._length is None:
            self.keep = False

    def _chunks(self) -> Answer | None:
        while True:
            end = self._buffer.find(b"\r\n")
            if end < 0:
                return None
            digits = bytes(self._buffer[:end]).split(b";")[0].strip()
            size = int(digits, 16) if _HEX.fullmatch(digits) else BODY_BYTES + 1
            if len(self._body) + size > BODY_BYTES:
                raise ValueError("too much")
            if len(self._buffer) < end + 2 + size + 2:
                return None
            if size == 0:
                self.keep = self.keep and len(self._buffer) == end + 4  # trailers: read no further on it
                return Answer(self._status, bytes(self._body))
            self._body += self._buffer[end + 2 : end + 2 + size]
            del self._buffer[: end + 2 + size + 2]
