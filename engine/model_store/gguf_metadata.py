"""Reads the key/value part of an untrusted GGUF header, keeping only what is asked for later."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterable

import msgspec

from engine.errors import ModelFileInvalid
from engine.model_store.gguf_bytes import HeaderBytes

# Far above what models have (a few dozen keys, 700,000 strings, 20 MB of them), and low enough that
# the slowest hostile file is refused well within two seconds.
_MAXIMUM_PAIRS = 65_536
_MAXIMUM_STRINGS = 1_500_000
_MAXIMUM_STRING_BYTES = 64 << 20
_MAXIMUM_KEY_BYTES = 1024
_MAXIMUM_ONE_STRING_BYTES = 1 << 20

_STRING, _ARRAY = 8, 9
_SCALARS = {
    number: struct.Struct(code)
    for number, code in {
        0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i",
        6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d",
    }.items()
}  # fmt: skip
_BOOLEAN = 7
_INTEGERS = frozenset({0, 1, 2, 3, 4, 5, 10, 11})

TOKENS_KEY = "tokenizer.ggml.tokens"
_KEPT_STRINGS = frozenset(
    {
        "general.architecture",
        "general.type",
        "general.name",
        "general.license",
        "general.license.name",
        "tokenizer.ggml.model",
        "tokenizer.ggml.pre",
        "tokenizer.chat_template",
    }
)
# The only arrays whose numbers matter: heads may differ from block to block.
_KEPT_ARRAY_ENDINGS = (".attention.head_count", ".attention.head_count_kv")
_MAXIMUM_KEPT_NUMBERS = 4096
_MAXIMUM_MARKERS = 8192
_MAXIMUM_MARKER_BYTES = 64


class MarkerToken(msgspec.Struct, frozen=True):
    """A token whose text looks like a marker, such as `<|fim_prefix|>` or `[SUFFIX]`."""

    id: int
    text: str


class Metadata:
    """The key/value pairs that were kept: numbers, a few strings, and lengths of arrays."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.numbers: dict[str, int | float | bool] = {}
        self.strings: dict[str, bytes] = {}
        self.arrays: dict[str, tuple[int, ...]] = {}
        self.lengths: dict[str, int] = {}
        self.uint32_keys: set[str] = set()
        self.markers: tuple[MarkerToken, ...] = ()

    def whole_number(self, key: str) -> int | None:
        """The integer under `key`; None where there is none; refused where it is no integer."""
        value = self.numbers.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise ModelFileInvalid(f"{key} is not a whole number.")
        return value

    def text(self, key: str) -> str:
        """The string under `key`, empty where there is none; undecodable bytes are replaced."""
        return self.strings.get(key, b"").decode("utf-8", "replace")


def read_metadata(header: HeaderBytes, pairs: int) -> Metadata:
    """Reads `pairs` key/value pairs."""
    if pairs > _MAXIMUM_PAIRS:
        raise ModelFileInvalid(f"The file claims {pairs} keys; {_MAXIMUM_PAIRS} is the limit.")
    found = Metadata()
    reader = _PairReader(header, found)
    for _ in range(pairs):
        key = _key(header)
        if key in found.keys:
            raise ModelFileInvalid(f"The key {key} is there twice.")
        found.keys.add(key)
        reader.read_value(key)
    return found


def _key(header: HeaderBytes) -> str:
    raw = header.string(_MAXIMUM_KEY_BYTES, "a key")
    try:
        key = raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise ModelFileInvalid("A key of the header is not ASCII text.") from error
    if not key or not key.isprintable():
        raise ModelFileInvalid("A key of the header is empty or not printable.")
    return key


class _PairReader:
    def __init__(self, header: HeaderBytes, found: Metadata) -> None:
        self._header = header
        self._found = found
        self._strings_left = _MAXIMUM_STRINGS
        self._string_bytes_left = _MAXIMUM_STRING_BYTES

    def read_value(self, key: str) -> None:
        value_type = self._header.u32(f"the type of {key}")
        if value_type == _STRING:
            self._read_string(key)
        elif value_type == _ARRAY:
            self._read_array(key)
        elif value_type in _SCALARS:
            self._read_scalar(key, value_type)
        else:
            raise ModelFileInvalid(f"The value of {key} has the unknown type {value_type}.")

    def _read_scalar(self, key: str, value_type: int) -> None:
        layout = _SCALARS[value_type]
        value = layout.unpack(self._header.take(layout.size, key))[0]
        if value_type == _BOOLEAN:
            if value > 1:
                raise ModelFileInvalid(f"The value of {key} is neither true nor false.")
            value = bool(value)
        if value_type == 4:
            self._found.uint32_keys.add(key)
        self._found.numbers[key] = value

    def _read_string(self, key: str) -> None:
        if key in _KEPT_STRINGS:
            self._found.strings[key] = self._header.string(_MAXIMUM_ONE_STRING_BYTES, key)
            return
        length = self._header.u64(key)
        self._header.skip(length, key)

    def _read_array(self, key: str) -> None:
        element_type = self._header.u32(f"the element type of {key}")
        count = self._header.u64(f"the length of {key}")
        if element_type == _STRING:
            self._read_strings(key, count)
        elif element_type in _SCALARS:
            self._read_numbers(key, element_type, count)
        else:
            kind = "nested arrays" if element_type == _ARRAY else f"the unknown type {element_type}"
            raise ModelFileInvalid(f"The array {key} has {kind}.")
        self._found.lengths[key] = count

    def _read_numbers(self, key: str, element_type: int, count: int) -> None:
        layout = _SCALARS[element_type]
        size = layout.size * count
        wanted = key.endswith(_KEPT_ARRAY_ENDINGS) and element_type in _INTEGERS
        if not wanted or count > _MAXIMUM_KEPT_NUMBERS:
            self._header.skip(size, key)
            return
        raw = self._header.take(size, key)
        self._found.arrays[key] = tuple(value for (value,) in layout.iter_unpack(raw))

    def _read_strings(self, key: str, count: int) -> None:
        self._strings_left -= count
        if self._strings_left < 0:
            raise ModelFileInvalid(
                f"{key} brings the header above {_MAXIMUM_STRINGS} strings, the limit."
            )
        begin = self._header.position
        each = self._header.strings(count, self._string_bytes_left, key)
        if key == TOKENS_KEY:
            self._found.markers = _markers(each)
        else:
            deque(each, maxlen=0)  # walked only to find where the array ends
        self._string_bytes_left -= self._header.position - begin - 8 * count


# The first bytes of `<`, `[`, and of the word-begin sign of SentencePiece (U+2581) before them.
_MARKER_BEGINNINGS = (b"<", b"[", b"\xe2\x96\x81<", b"\xe2\x96\x81[", b"|<")
_MARKER_ENDINGS = (b">", b"]", b">|")
_FILLING = b"[PAD"  # converters fill a vocabulary up with [PAD1], [PAD2], …


def _markers(tokens: Iterable[bytes]) -> tuple[MarkerToken, ...]:
    found: list[MarkerToken] = []
    for number, token in enumerate(tokens):
        if (
            2 < len(token) <= _MAXIMUM_MARKER_BYTES
            and token.endswith(_MARKER_ENDINGS)
            and token.startswith(_MARKER_BEGINNINGS)
            and not token.startswith(_FILLING)
            and len(found) < _MAXIMUM_MARKERS
        ):
            found.append(MarkerToken(number, token.decode("utf-8", "replace")))
    return tuple(found)
