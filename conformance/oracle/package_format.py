"""The bytes of a package (profile 8.2): units, hash tree, index, and the walk over a stream that refuses the first thing wrong.

Every refusal carries the key of the requirement that is violated and the offset in the package.
"""

import hashlib
import re
import struct
import unicodedata
from dataclasses import dataclass, field

LABEL = b"GB42382-PMP"
MAGIC = b"\x89PMP\r\n\x1a\n"
CHUNK = 1 << 20
START, RIGHTS, STRUCTURE, STATEMENT, PARAMETERS, ASSET = 1, 2, 3, 4, 5, 6
VENDOR, RESERVED, INDEX, SIGNATURE, END = 0x8000, 0xFF00, 0xFFF0, 0xFFF1, 0xFFF2
CONTENT = (STRUCTURE, STATEMENT, PARAMETERS, ASSET)
KNOWN = (START, RIGHTS, *CONTENT, INDEX, SIGNATURE, END)
NAMES = dict(zip(KNOWN, ("start", "rights", "structure", "statement", "parameters", "asset", "index", "signature", "end")))
CRITICAL, ENCRYPTED, COMPRESSED = 1, 2, 4
OPTIONAL = (ASSET, SIGNATURE)  # the types whose units are not critical
LIMITS = {START: CHUNK, RIGHTS: CHUNK, SIGNATURE: CHUNK, INDEX: 1 << 28, END: CHUNK}
UNITS = 1_000_000
HEADER = struct.Struct("<8sHHIQHHI")  # magic, type, flags, number, length, identifier length, 0, 0
ENTRY = struct.Struct("<QQHHHH32s")  # offset, length, type, flags, identifier length, 0, digest
TAIL = struct.Struct("<QQQ32s")  # offset of the index, offset of the end unit, count, root


class Refused(Exception):
    """A violated requirement, by its key."""

    def __init__(self, key, offset=None, expected=None, actual=None):
        super().__init__(f"{key} offset={offset} expected={expected} actual={actual}")
        self.key, self.offset = key, offset


# -------------------------------------------------------------------------------------------------------- hash tree

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf(data):
    return sha256(b"\x00", data)


def tree(hashes):
    """The root over leaf hashes; the left part of each node is the largest power of two that leaves a right part."""
    if len(hashes) == 1:
        return hashes[0]
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01", tree(hashes[:cut]), tree(hashes[cut:]))


# ------------------------------------------------------------------------------------------------------------ units

@dataclass
class Unit:
    """One unit: what its header says, where it lies, what its trailer says."""

    type: int
    flags: int
    number: int
    length: int
    identifier: bytes = b""
    offset: int = 0
    root: bytes = b""
    payload: bytes = b""  # of the types with a limit
    leaves: list = field(default_factory=list)

    def fixed(self, length=None):
        """The first 32 bytes."""
        length = self.length if length is None else length
        return HEADER.pack(MAGIC, self.type, self.flags, self.number, length, len(self.identifier), 0, 0)

    @property
    def payload_offset(self):
        """Payloads of 64 KiB and more lie on pages, others on cache lines."""
        step = 4096 if self.length >= 65536 else 64
        return -(-(self.offset + 32 + len(self.identifier)) // step) * step

    @property
    def end(self):
        chunks = -(-self.length // CHUNK)
        return self.payload_offset + self.length + (32 * chunks if chunks > 1 else 0) + 40

    @property
    def name(self):
        return self.identifier.decode()

    @property
    def digest(self):
        return sha256(b"\x02", self.fixed(), self.identifier, struct.pack("<Q", self.length), self.root)

    def head(self):
        padding = self.payload_offset - self.offset - 32 - len(self.identifier)
        return self.fixed() + self.identifier + bytes(padding)

    def trailer(self):
        listed = b"".join(self.leaves) if len(self.leaves) > 1 else b""
        return listed + struct.pack("<Q", self.length) + self.root

    def entry(self):
        return ENTRY.pack(self.offset, self.length, self.type, self.flags, len(self.identifier), 0, self.digest) + self.identifier


def content_root(units):
    return tree([unit.digest for unit in units])


def statement(units):
    """The text that is signed."""
    return f"GB42382-PMP statement 1\nunits {len(units)}\nroot sha256:{content_root(units).hex()}\n".encode()


def index_payload(units):
    return struct.pack("<Q", len(units)) + b"".join(unit.entry() for unit in units) + content_root(units)


# ------------------------------------------------------------------------------------------------- reading a stream

class Source:
    """A stream that knows its offset and is never read past what is asked for; a pipe will do."""

    def __init__(self, stream, offset=0):
        self.stream, self.offset = stream, offset

    def some(self, size):
        data = b""
        while len(data) < size and (part := self.stream.read(size - len(data))):
            data += part
        self.offset += len(data)
        return data

    def exactly(self, size):
        start, data = self.offset, self.some(size)
        if len(data) < size:
            raise Refused("package-complete", start, f"{size} B", f"{len(data)} B")
        return data


def check_name(unit):
    """The rules of file names of profile 6.1."""
    try:
        name = unit.identifier.decode()
    except UnicodeDecodeError:
        raise Refused("file-names-safe", unit.offset) from None
    if not 1 <= len(unit.identifier) <= 4096 or name[0] == "/" or re.match("[A-Za-z]:", name) or "\\" in name \
            or any(part in ("", ".", "..") for part in name.split("/")) or re.search("[\0-\x1f\x7f-\x9f]", name):
        raise Refused("file-names-safe", unit.offset, actual=name)


def read_head(source, later=False):
    """The header of the next unit and its padding; what it says is held to the rules that need no other unit."""
    offset = source.offset
    magic, kind, flags, number, length, size, zero, zero2 = HEADER.unpack(source.exactly(HEADER.size))
    if magic != MAGIC:
        raise Refused("package-start-first" if offset == 0 else "package-unit-magic", offset)
    if (zero or zero2) and not later:
        raise Refused("package-unit-reserved-zero", offset + 26)
    if flags & ~7:
        raise Refused("package-unit-flags-known", offset + 10, actual=flags)
    if length >= 1 << 63 or length > LIMITS.get(kind, length):
        raise Refused("package-unit-length-within-limit", offset + 16, LIMITS.get(kind), length)
    if kind in (START, RIGHTS, INDEX, END) and size or kind == SIGNATURE and size != 64:
        raise Refused("package-unit-identifier-form", offset + 24, actual=size)
    if size > 4096:
        raise Refused("package-unit-identifier-form", offset + 24, "≤ 4096 B", size)
    unit = Unit(kind, flags, number, length, source.exactly(size), offset)
    if kind in CONTENT or kind not in KNOWN:
        check_name(unit)
    padding = source.exactly(unit.payload_offset - source.offset)
    if any(padding):
        raise Refused("package-padding-zero", offset)
    return unit


def read_trailer(source, unit):
    """The trailer, held against the leaves that were computed from the payload as it was read."""
    offset = source.offset
    if len(unit.leaves) > 1:
        for number, computed in enumerate(unit.leaves):
            if source.exactly(32) != computed:
                raise Refused("package-chunk-digest", unit.payload_offset + number * CHUNK, actual=number)
    length, root = struct.unpack("<Q32s", source.exactly(40))
    if length != unit.length:
        raise Refused("package-trailer-length", offset, unit.length, length)
    unit.root = tree(unit.leaves)
    if root != unit.root:
        raise Refused("package-chunk-digest" if len(unit.leaves) == 1 else "package-trailer-root", offset)


class Text:
    """A payload of fields, read from its beginning to its end."""

    def __init__(self, unit, key):
        self.unit, self.key, self.at = unit, key, 0

    def refuse(self, actual=None):
        return Refused(self.key, self.unit.payload_offset + self.at, actual=actual)

    def take(self, layout):
        size = struct.calcsize("<" + layout)
        if len(self.unit.payload) - self.at < size:
            raise self.refuse()
        values = struct.unpack_from("<" + layout, self.unit.payload, self.at)
        self.at += size
        return values[0] if len(values) == 1 else values

    def data(self):
        size = self.take("I")
        if size > len(self.unit.payload) - self.at:
            raise self.refuse(size)
        return self.take(f"{size}s")

    def text(self):
        try:
            return self.data().decode()
        except UnicodeDecodeError:
            raise self.refuse() from None

    def finish(self):
        if self.at != len(self.unit.payload):
            raise self.refuse()


@dataclass
class Start:
    """The payload of the start unit."""

    minor: int = 0
    suite: int = 0
    profile: str = "2026.1"
    commitment: bytes = b""
    recipients: list = field(default_factory=list)  # (scheme, SHA-256 of the public key, wrapped key)

    def payload(self):
        profile = self.profile.encode()
        data = struct.pack("<HHHHI", 1, self.minor, self.suite, len(self.recipients), len(profile)) + profile + self.commitment
        return data + b"".join(struct.pack("<H32sI", scheme, key, len(wrapped)) + wrapped
                               for scheme, key, wrapped in sorted(self.recipients, key=lambda entry: entry[1]))

    @classmethod
    def parse(cls, unit):
        text = Text(unit, "package-start-syntax")
        major, minor, suite, count = text.take("HHHH")
        if major != 1:
            raise Refused("package-major-version-supported", unit.payload_offset, 1, major)
        if suite > 2:
            raise Refused("package-suite-known", unit.payload_offset + 4, "0, 1, 2", suite)
        if bool(suite) != bool(count):
            raise Refused("package-recipients-present", unit.payload_offset + 6, actual=count)
        start = cls(minor, suite, text.text())
        if suite:
            start.commitment = text.take("32s")
        for _ in range(count):
            scheme, key = text.take("H32s")
            if scheme not in (1, 2):
                raise Refused("package-recipient-scheme-known", unit.payload_offset + text.at, "1, 2", scheme)
            if start.recipients and start.recipients[-1][1] >= key:
                raise Refused("package-recipients-ascending", unit.payload_offset + text.at)
            start.recipients.append((scheme, key, text.data()))
        if minor == 0:
            text.finish()
        return start


def check_rights(unit):
    """Issuer, grants and terms of a rights unit: (issuer, [(subject, actions, from, until)], terms)."""
    text = Text(unit, "package-rights-syntax")
    if (version := text.take("H")) != 1:
        raise Refused("package-rights-version-supported", unit.payload_offset, 1, version)
    count, issuer, grants = text.take("H"), text.text(), []
    for _ in range(count):
        subject = text.text()
        actions, first, last = text.take("III")
        if not actions or actions & ~31:
            raise Refused("package-rights-actions-known", unit.payload_offset + text.at, actual=actions)
        if not (valid_date(first) and valid_date(last)) or last and first > last:
            raise Refused("package-rights-dates-valid", unit.payload_offset + text.at, actual=f"{first}–{last}")
        grants.append((subject, actions, first, last))
    terms = text.text()
    text.finish()
    subjects = [subject.encode() for subject, *_ in grants]
    if subjects != sorted(set(subjects)):
        raise Refused("package-rights-subjects-ascending", unit.payload_offset)
    if not issuer or not grants or b"" in subjects:
        raise Refused("package-rights-parties-named", unit.payload_offset)
    return issuer, grants, terms


def valid_date(number):
    import datetime

    try:
        return number == 0 or bool(datetime.date(number // 10000, number // 100 % 100, number % 100))
    except ValueError:
        return False


class Names:
    """Identifiers as they come: ascending, each file a file of its own on every system."""

    def __init__(self):
        self.last, self.files, self.folders = (0, b""), set(), set()

    def add(self, unit):
        if (unit.type, unit.identifier) <= self.last:
            raise Refused("package-units-ascending", unit.offset, self.last, (unit.type, unit.identifier))
        self.last = (unit.type, unit.identifier)
        if unit.type not in CONTENT:
            return
        name = unicodedata.normalize("NFD", unicodedata.normalize("NFD", unit.name).casefold())
        if name in self.files:
            raise Refused("file-names-distinct", unit.offset, actual=unit.name)
        parts = name.split("/")
        above = {"/".join(parts[:count]) for count in range(1, len(parts))}
        if name in self.folders or above & self.files:
            raise Refused("package-names-no-folder", unit.offset, actual=unit.name)
        self.files.add(name)
        self.folders |= above


def walk(stream, visitor):
    """Reads a whole package in one pass, refuses the first thing that is wrong, and gives the units and the start.

    The visitor gets begin(unit, start), chunk(unit, number, final, data) and done(unit); what it is given counts only once walk returns.
    """
    source, units, names, start, types = Source(stream), [], Names(), None, set()
    while not units or units[-1].type != END:
        if len(units) >= UNITS:
            raise Refused("package-unit-count-within-limit", source.offset)
        unit = read_head(source, later=bool(start and start.minor))
        check_place(unit, len(units), types, start)
        names.add(unit)
        types.add(unit.type)
        visitor.begin(unit, start)
        chunks = max(1, -(-unit.length // CHUNK))
        for number in range(chunks):
            data = source.exactly(min(CHUNK, unit.length - number * CHUNK))
            unit.leaves.append(leaf(data))
            if unit.type in LIMITS:
                unit.payload += data
            visitor.chunk(unit, number, number + 1 == chunks, data)
        read_trailer(source, unit)
        unit.leaves = []
        units.append(unit)
        if unit.type == START:
            start = Start.parse(unit)
        elif unit.type == RIGHTS:
            check_rights(unit)
        elif unit.type == INDEX:
            check_index(unit, units[:-1])
        elif unit.type == END:
            check_end(unit, units)
        visitor.done(unit)
    if source.some(1):
        raise Refused("package-nothing-after-end", source.offset - 1)
    if start.suite and not any(unit.flags & ENCRYPTED for unit in units):
        raise Refused("package-suite-used", 0)
    return units, start


def check_place(unit, number, types, start):
    """What a unit may be, by its type, and by the number and the types of the units before it."""
    kind, flags = unit.type, unit.flags
    if (kind == START) != (number == 0):
        raise Refused("package-start-first", unit.offset, actual=kind)
    if unit.number != number:
        raise Refused("package-unit-numbers-consecutive", unit.offset + 12, number, unit.number)
    if kind not in KNOWN:
        if not VENDOR <= kind < RESERVED and not (start and start.minor):
            raise Refused("package-unit-type-reserved", unit.offset + 8, actual=kind)
        if flags & CRITICAL:
            raise Refused("package-unit-type-known", unit.offset + 8, actual=kind)
        if VENDOR <= kind < RESERVED and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?", unit.name):
            raise Refused("package-vendor-identifier", unit.offset, actual=unit.name)
    elif bool(flags & CRITICAL) != (kind not in OPTIONAL):
        raise Refused("package-unit-critical-flag", unit.offset + 10, actual=flags)
    if flags & ENCRYPTED and (not start or not start.suite or kind in KNOWN and kind not in CONTENT):
        raise Refused("package-unit-encrypted-flag", unit.offset + 10)
    if kind in KNOWN and bool(flags & COMPRESSED) != (kind == PARAMETERS and STATEMENT in types):
        raise Refused("package-unit-compressed-flag", unit.offset + 10)
    if kind == SIGNATURE and not re.fullmatch(b"[0-9a-f]{64}", unit.identifier):
        raise Refused("package-unit-identifier-form", unit.offset + 32)
    if kind == INDEX and not types & {STRUCTURE, PARAMETERS}:
        raise Refused("package-content-present", unit.offset)
    if kind in (SIGNATURE, END) and INDEX not in types:
        raise Refused("package-index-present", unit.offset)


def parse_index(unit):
    """Units as the index tells of them, and the root over their digests; nothing is compared with the units themselves."""
    text, units = Text(unit, "package-index-syntax"), []
    for number in range(text.take("Q")):
        offset, length, kind, flags, size, zero, digest = text.take("QQHHHH32s")
        if zero:
            raise text.refuse()
        units.append((Unit(kind, flags, number, length, text.take(f"{size}s"), offset), digest))
    root = text.take("32s")
    text.finish()
    if not units:
        raise text.refuse()
    if root != tree([digest for _, digest in units]):
        raise Refused("package-index-root", unit.payload_offset + text.at - 32)
    return units


def check_index(unit, units):
    entries = parse_index(unit)
    if len(entries) != len(units):
        raise Refused("package-index-count", unit.payload_offset, len(units), len(entries))
    for (entry, digest), other in zip(entries, units):
        for name, key in (("offset", "offsets"), ("length", "headers"), ("type", "headers"), ("flags", "headers"),
                          ("identifier", "identifiers")):
            if getattr(entry, name) != getattr(other, name):
                raise Refused(f"package-index-{key}", unit.payload_offset, getattr(other, name), getattr(entry, name))
        if digest != other.digest:
            raise Refused("package-index-digests", unit.payload_offset, actual=other.name)


def check_end(unit, units):
    """The end unit tells where the index and itself lie, how many units stand before it and what their root is."""
    if unit.length != TAIL.size:
        raise Refused("package-end-syntax", unit.offset, TAIL.size, unit.length)
    index, offset, count, root = TAIL.unpack(unit.payload)
    before = units[:-1]
    if index != next(other.offset for other in before if other.type == INDEX):
        raise Refused("package-end-index-offset", unit.payload_offset, actual=index)
    if offset != unit.offset:
        raise Refused("package-end-own-offset", unit.payload_offset + 8, unit.offset, offset)
    if count != len(before):
        raise Refused("package-end-count", unit.payload_offset + 16, len(before), count)
    if root != content_root(before):
        raise Refused("package-end-root", unit.payload_offset + 24)
