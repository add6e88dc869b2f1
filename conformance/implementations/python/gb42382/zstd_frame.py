"""The stage `zstd` (7.5, section 8): one frame of Zstandard. What a frame says of itself is read here; the module
`zstandard` undoes it, and without it a sample that needs it is not supported."""

from __future__ import annotations

from typing import NamedTuple

from .chain import Context
from .elements import Elements
from .faults import UNSUPPORTED

try:
    import zstandard
except ImportError:
    zstandard = None  # type: ignore[assignment]

MAGIC, MAXIMUM_WINDOW = 0xFD2FB528, 1 << 23


class Frame(NamedTuple):
    """The header of a frame, and where the frame ends."""

    window: int
    content: int | None
    dictionary: int
    checksum: bool
    end: int


class Broken(Exception):
    """The bytes are no whole frame."""


def parse(data: bytes) -> Frame:
    """The frame at the beginning of the bytes (RFC 8878, section 3.1.1)."""
    def number(at: int, size: int) -> int:
        if at + size > len(data):
            raise Broken("cut off")
        return int.from_bytes(data[at:at + size], "little")

    if number(0, 4) != MAGIC:
        raise Broken("no frame")
    descriptor = number(4, 1)
    single, checksum = bool(descriptor & 0x20), bool(descriptor & 4)
    if descriptor & 8:
        raise Broken("a reserved bit")
    at, window = 5, 0
    if not single:
        byte = number(at, 1)
        base = 1 << 10 + (byte >> 3)
        window, at = base + (base >> 3) * (byte & 7), at + 1
    size = (0, 1, 2, 4)[descriptor & 3]
    dictionary, at = number(at, size), at + size
    size = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
    content = number(at, size) + (256 if size == 2 else 0) if size else None
    at += size
    if single:
        window = content or 0
    last = False
    while not last:
        header = number(at, 3)
        last, kind, length = bool(header & 1), header >> 1 & 3, header >> 3
        if kind == 3:
            raise Broken("a reserved kind of block")
        at += 3 + (1 if kind == 1 else length)
        if at > len(data):
            raise Broken("a block is cut off")
    if checksum:
        number(at, 4)
        at += 4
    return Frame(window, content, dictionary, checksum, at)


def forward(context: Context) -> tuple[str, tuple[int | None, ...]]:
    """The stage takes all that has bytes of its own."""
    return "u8", (None,)


def backward(context: Context, left: Elements) -> Elements:
    """The bytes of the elements, out of the frame."""
    data, wanted = left.codes.tobytes(), context.form.bytes
    if len(data) >= 4 and int.from_bytes(data[:4], "little") & ~15 == 0x184D2A50:
        context.refuse("P7.3-050", "a skippable frame")
    try:
        frame = parse(data)
    except Broken as broken:
        context.refuse("P7.3-046", str(broken))
    if frame.dictionary:
        context.refuse("P7.3-049", f"dictionary {frame.dictionary}")
    if frame.content != wanted:
        context.refuse("P7.3-047", f"{frame.content} bytes, {wanted} are needed")
    if frame.window > MAXIMUM_WINDOW:
        context.refuse("P7.3-048", f"a window of {frame.window} bytes")
    if frame.end < len(data):
        context.refuse("P7.3-050", "bytes behind the frame")
    if not frame.checksum:
        context.decoder.log.add("P7.3-051", "violation", "no checksum", path=context.path)
    if zstandard is None:
        context.refuse("P7.3-046", "the module zstandard is not there", UNSUPPORTED)
    try:
        out = zstandard.ZstdDecompressor(max_window_size=MAXIMUM_WINDOW).decompress(data, max_output_size=wanted) if wanted else b""
    except zstandard.ZstdError as error:
        context.refuse("P7.3-046", str(error))
    if len(out) != wanted:
        context.refuse("P7.3-046", f"{len(out)} bytes came out")
    return Elements.of(context.form, out)
