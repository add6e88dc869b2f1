#!/usr/bin/env python3
"""An implementation of the package of profile 8.2 of our own, written from the chapter: the standard library, `cryptography` and openssl.

    package.py pack IN OUT.pmp [--encrypt-for FILE]… [--suite aes|sm] [--rights FILE.json] [--sign-key FILE] [--certificate FILE]
    package.py unpack PKG DIR [--key FILE]           PKG may be - in unpack, verify and inspect; OUT.pmp may be - in pack
    package.py verify PKG [--trust FILE]… [--authority FILE]… [--at SECONDS] [--detached FILE] [--require-signature] [--key FILE]
    package.py sign PKG OUT.pmp --key FILE [--certificate FILE]
    package.py sign PKG --key FILE --detached OUT
    package.py statement PKG                         the text that signatures are over
    package.py inspect PKG                           units with their offsets, as JSON lines
    package.py canonical PKG                         packs the content again and compares
    package.py read PKG NAME OFFSET LENGTH           random access through the index

Exit code 1: refused, with the key of the requirement on standard error. Left to others: links in a directory, the files that a single file
names, and of the policy more than which keys and authorities count.
"""

import argparse
import contextlib
import io
import json
import os
import re
import secrets
import shutil
import struct
import sys
import tempfile
import time

import package_protection as protection
from package_format import (ASSET, CHUNK, CONTENT, CRITICAL, COMPRESSED, ENCRYPTED, END, INDEX, KNOWN, NAMES, OPTIONAL, PARAMETERS,
                            RIGHTS, SIGNATURE, START, STATEMENT, STRUCTURE, TAIL, Names, Refused, Source, Start, Text, Unit,
                            check_name, check_rights, content_root, index_payload, leaf, parse_index, read_head, read_trailer,
                            statement, tree, walk)

# The type of a file by its name, first match (section 5.2 of the chapter).
TYPES = [
    (STATEMENT, r"\.compression\.json$"),
    (STRUCTURE, r"\.pmr(\.json)?$|\.onnx$|\.mindir$|\.pdmodel$|\.index\.json$|(^|/)(adapter_)?config\.json$"),
    (PARAMETERS, r"\.(safetensors|gguf|bin|data|pdiparams|pt|pth|ckpt|npy|npz|h5|weights?)$|[._]onnx_data(_[0-9]+)?$"),
    (ASSET, ""),
]


def type_of(name):
    name = os.fsencode(name).lower().decode(errors="replace")  # of bytes: ASCII letters only
    return next(kind for kind, pattern in TYPES if re.search(pattern, name))


def listing(path):
    """(type, name, path) of the files to pack, in the order of the units."""
    if os.path.isfile(path):
        return [(type_of(os.path.basename(path)), os.path.basename(path).encode(), path)]
    found = []
    for folder, folders, files in os.walk(path):
        if folder == path:
            folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(folder, name) for name in files]
    names = [(os.path.relpath(name, path).replace(os.sep, "/"), name) for name in found]
    return sorted((type_of(name), name.encode(), file) for name, file in names)


# --------------------------------------------------------------------------------------------------------- writing

class Writer:
    """Writes units one after the other and never goes back."""

    def __init__(self, stream):
        self.stream, self.offset, self.units, self.stated = stream, 0, [], False

    def put(self, data):
        self.stream.write(data)
        self.offset += len(data)

    def unit(self, kind, payload, identifier=b"", length=None, flags=None, seal=None):
        """One unit, of bytes or of a readable stream of the given length."""
        if isinstance(payload, bytes):
            payload, length = io.BytesIO(payload), len(payload)
        if flags is None:
            self.stated |= kind == STATEMENT
            compressed = kind == PARAMETERS and self.stated
            flags = (kind not in OPTIONAL) * CRITICAL | bool(seal) * ENCRYPTED | compressed * COMPRESSED
        tag = protection.TAG[seal[0]] if seal else 0
        chunks = max(1, -(-length // (CHUNK - tag)))
        unit = Unit(kind, flags, len(self.units), length + tag * chunks, identifier, self.offset)
        self.put(unit.head())
        cipher = protection.UnitCipher(*seal, unit) if seal else None
        for number in range(chunks):
            size = min(CHUNK - tag, length - number * (CHUNK - tag))
            data = Source(payload).exactly(size)
            if cipher:
                data = cipher.seal(number, number + 1 == chunks, data)
            unit.leaves.append(leaf(data))
            self.put(data)
        unit.root = tree(unit.leaves)
        self.put(unit.trailer())
        unit.leaves = []
        self.units.append(unit)

    def index(self):
        self.unit(INDEX, index_payload(self.units))

    def signature(self, message, private, certificate=None):
        self.unit(SIGNATURE, *signature_unit(message, private, certificate))

    def end(self):
        index = next(unit.offset for unit in self.units if unit.type == INDEX)
        payload = TAIL.pack(index, self.offset, len(self.units), content_root(self.units))
        self.unit(END, payload)


def pack(path, stream, recipients=(), suite=protection.AES, rights=None, key=None, certificate=None):
    """Packs a file or a directory; with recipients, everything but names, sizes and rights is encrypted."""
    writer, seal, start = Writer(stream), None, Start()
    if recipients:
        secret = secrets.token_bytes(32)
        start.suite, start.commitment = suite, protection.commitment(suite, secret)
        start.recipients = [protection.wrap(secret, recipient) for recipient in recipients]
        seal = (suite, secret)
    files, names = listing(path), Names()
    for kind, name, _ in files:
        unit = Unit(kind, 0, 0, 0, name)
        check_name(unit)
        names.add(unit)
    if not any(kind in (STRUCTURE, PARAMETERS) for kind, *_ in files):
        raise Refused("package-content-present")
    writer.unit(START, start.payload())
    if rights:
        writer.unit(RIGHTS, rights_payload(rights))
    for kind, name, file in files:
        with open(file, "rb") as payload:
            writer.unit(kind, payload, name, os.fstat(payload.fileno()).st_size, seal=seal)
            if payload.read(1):
                raise Refused("files-stable-while-read", actual=name)
    writer.index()
    if key:
        writer.signature(statement(writer.units[:-1]), key, certificate)
    writer.end()


def rights_payload(rights):
    def text(value):
        data = value.encode()
        return struct.pack("<I", len(data)) + data

    grants = sorted(rights["grants"], key=lambda grant: grant["subject"].encode())
    return struct.pack("<HH", 1, len(grants)) + text(rights["issuer"]) + b"".join(
        text(grant["subject"]) + struct.pack("<III", grant["actions"], grant.get("from", 0), grant.get("until", 0)) for grant in grants
    ) + text(rights.get("terms", ""))


# --------------------------------------------------------------------------------------------------------- reading

class Visitor:
    """Opens chunks, and leaves what is done with the content to begin_file, content and end_file."""

    def __init__(self, private=None):
        self.private, self.secret, self.cipher, self.rights, self.signatures = private, None, None, None, []

    def begin(self, unit, start):
        self.cipher = None
        if unit.flags & ENCRYPTED:
            protection.content_size(unit.length, start.suite)
            if self.private:
                self.secret = self.secret or protection.unwrap(start, self.private)
                self.cipher = protection.UnitCipher(start.suite, self.secret, unit)
        if unit.type in CONTENT:
            self.begin_file(unit)

    def chunk(self, unit, number, final, data):
        if self.cipher:
            data = self.cipher.open(number, final, data)
        if unit.type in CONTENT:
            self.content(unit, data)

    def done(self, unit):
        if unit.type == RIGHTS:
            self.rights = check_rights(unit)
        elif unit.type == SIGNATURE:
            self.signatures.append(parse_signature(unit))

    def begin_file(self, unit):
        pass

    def content(self, unit, data):
        pass


class Unpacking(Visitor):
    """Writes the files into a folder that nobody takes for the result."""

    def __init__(self, folder, private):
        super().__init__(private)
        self.folder, self.file = folder, None

    def begin_file(self, unit):
        if unit.flags & ENCRYPTED and not self.private:
            raise Refused("package-recipient-found", unit.offset, actual="no key")
        self.close()
        path = os.path.join(self.folder, unit.name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.file = open(path, "xb")

    def content(self, unit, data):
        self.file.write(data)

    def close(self):
        if self.file:
            self.file.close()


def unpack(stream, folder, private=None, **policy):
    """Unpacks; the folder appears, under its name, only once the whole package was verified."""
    if os.path.exists(folder):
        raise FileExistsError(folder)
    parent = os.path.dirname(os.path.abspath(folder))
    staging = tempfile.mkdtemp(prefix=".unpack-", dir=parent)
    try:
        visitor = Unpacking(staging, private)
        with contextlib.closing(visitor):
            units, _ = walk(stream, visitor)
        check_policy(visitor, units, **policy)
        os.rename(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def verify(stream, private=None, **policy):
    """Reads everything; returns units, start and the visitor, with rights and signatures."""
    visitor = Visitor(private)
    units, start = walk(stream, visitor)
    check_policy(visitor, units, **policy)
    return units, start, visitor


def signed_part(units):
    return units[:next(number for number, unit in enumerate(units) if unit.type == INDEX)]


def check_policy(visitor, units, trust=(), authorities=(), at=None, require=False, detached=None):
    """Verifies every signature, and asks of them what the policy asks."""
    message, trusted = statement(signed_part(units)), 0
    at = int(time.time()) if at is None else at
    keys = [protection.public_key(path) for path in trust]
    for offset, algorithm, key, chain, signature in visitor.signatures:
        try:
            protection.verify(message, algorithm, key, signature)
        except Refused as fault:
            raise Refused(fault.key, offset) from None
        if chain and authorities and key not in keys:
            protection.check_chain(chain, authorities, at)
            trusted += 1
        trusted += key in keys
    if detached is not None:
        for key in keys:
            with contextlib.suppress(Refused):
                protection.verify_detached(message, key, detached)
                trusted += 1
                break
        else:
            raise Refused("package-detached-signature-valid")
    require = require or bool(keys or authorities)
    if (require or visitor.rights) and not visitor.signatures and detached is None:
        raise Refused("package-signature-present" if require else "package-rights-signed")
    if require and not trusted:
        raise Refused("package-signature-trusted")
    if visitor.rights:
        today = int(time.strftime("%Y%m%d", time.gmtime(at)))
        if not any(first <= today and (not last or today <= last) for _, _, first, last in visitor.rights[1]):
            raise Refused("package-rights-in-force", actual=today)


# ------------------------------------------------------------------------------------------------------ signatures

def signature_unit(message, private, certificate):
    """Payload and identifier of a signature unit."""
    algorithm, key, signature = protection.sign(message, private)
    form, data = 1, key
    if certificate:
        form, data = 2, protection.certificate_list(certificate)
    payload = struct.pack("<HHI", algorithm, form, len(data)) + data + struct.pack("<I", len(signature)) + signature
    return payload, protection.key_identifier(key).encode()


def parse_signature(unit):
    text = Text(unit, "package-signature-syntax")
    algorithm, form = text.take("HH")
    key, signature = text.data(), text.data()
    text.finish()
    if algorithm not in protection.ALGORITHMS:
        raise Refused("package-signature-algorithm-known", unit.payload_offset, actual=algorithm)
    if form not in (1, 2):
        raise text.refuse(form)
    chain = protection.certificates_pem(key) if form == 2 else []
    if form == 2:
        if not chain:
            raise text.refuse()
        key = protection.certificate_key(chain[0])
    if protection.key_identifier(key) != unit.name:
        raise Refused("package-signature-key-named", unit.offset, unit.name)
    return unit.payload_offset, algorithm, key, chain, signature


def sign(path, stream, private, certificate=None):
    """Writes the package again with one more signature, or another one of the same key; units before the index stay as they are."""
    with open(path, "rb") as package:
        units, _, _ = verify(package)
        number = next(number for number, unit in enumerate(units) if unit.type == INDEX)
        payload, identifier = signature_unit(statement(units[:number]), private, certificate)
        signatures = {unit.identifier: unit.payload for unit in units if unit.type == SIGNATURE} | {identifier: payload}
        package.seek(0)
        shutil.copyfileobj(Limited(package, units[number].end), stream)
    writer = Writer(stream)
    writer.offset, writer.units = units[number].end, units[:number + 1]
    for name in sorted(signatures):
        writer.unit(SIGNATURE, signatures[name], name)
    writer.end()


class Limited(io.RawIOBase):
    """The first so many bytes of a stream."""

    def __init__(self, stream, left):
        self.stream, self.left = stream, left

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self.stream.read(min(len(buffer), self.left))
        buffer[:len(data)] = data
        self.left -= len(data)
        return len(data)


# --------------------------------------------------------------------------------------------------- random access

class Index:
    """A package opened through its end: nothing is read but what is asked for, and nothing is given before it is verified."""

    def __init__(self, package):
        self.package = package
        size = package.seek(0, os.SEEK_END)
        tail = self._at(max(0, size - TAIL.size - 40), min(size, TAIL.size + 40))
        if len(tail) < TAIL.size + 40 or tail[TAIL.size:] != struct.pack("<Q", TAIL.size) + leaf(tail[:TAIL.size]):
            raise Refused("package-complete", size)
        index, end, count, root = TAIL.unpack(tail[:TAIL.size])
        last = self._unit(end)
        if last.type != END or last.end != size or last.number != count:
            raise Refused("package-end-own-offset", end)
        unit = self._unit(index)
        if unit.type != INDEX:
            raise Refused("package-end-index-offset", index)
        unit.payload = b"".join(self._chunks(unit, 0, unit.length))
        self.entries = parse_index(unit)
        digests, following = [digest for _, digest in self.entries] + [unit.digest], unit
        while following.end < end:
            following = self._unit(following.end)
            following.payload = b"".join(self._chunks(following, 0, following.length))
            digests.append(following.digest)
        if tree(digests) != root or len(digests) != count:
            raise Refused("package-end-root", end)

    def _at(self, offset, size):
        self.package.seek(offset)
        return Source(self.package, offset).exactly(size)

    def _unit(self, offset, digest=None):
        """Header and trailer of a unit; held against the digest that the index has of it."""
        self.package.seek(offset)
        unit = read_head(Source(self.package, offset), later=True)
        chunks = max(1, -(-unit.length // CHUNK))
        trailer = self._at(unit.payload_offset + unit.length, unit.end - unit.payload_offset - unit.length)
        unit.root = trailer[-32:]
        unit.leaves = [trailer[at:at + 32] for at in range(0, 32 * chunks, 32)] if chunks > 1 else [unit.root]
        if unit.trailer() != trailer or tree(unit.leaves) != unit.root or digest not in (None, unit.digest):
            raise Refused("package-index-digests", offset)
        return unit

    def _chunks(self, unit, first, end):
        """The stored chunks that hold the bytes from first to end, each verified."""
        for number in range(first // CHUNK, max(1, -(-end // CHUNK))):
            data = self._at(unit.payload_offset + number * CHUNK, min(CHUNK, unit.length - number * CHUNK))
            if leaf(data) != unit.leaves[number]:
                raise Refused("package-chunk-digest", unit.payload_offset + number * CHUNK)
            yield data

    def read(self, name, offset, length, private=None):
        """Bytes of a file in the package."""
        entry, digest = next((pair for pair in self.entries if pair[0].type in CONTENT and pair[0].identifier == name.encode()),
                             (None, None))
        if entry is None:
            raise KeyError(name)
        unit, size = self._unit(entry.offset, digest), CHUNK
        cipher = None
        if unit.flags & ENCRYPTED:
            first = self._unit(self.entries[0][0].offset, self.entries[0][1])
            first.payload = b"".join(self._chunks(first, 0, first.length))
            start = Start.parse(first)
            size -= protection.TAG[start.suite]
            cipher = protection.UnitCipher(start.suite, protection.unwrap(start, private), unit)
        first, result = offset // size, b""
        last = -(-unit.length // CHUNK) - 1
        stored = self._chunks(unit, first * CHUNK, min(unit.length, -(-(offset + length) // size) * CHUNK))
        for number, data in enumerate(stored, first):
            result += cipher.open(number, number == last, data) if cipher else data
        return result[offset - first * size:][:length]


# -------------------------------------------------------------------------------------------------- the command line

def canonical(path):
    """Writes the content of an unencrypted package again; whether every byte is the same."""
    with open(path, "rb") as package, tempfile.TemporaryFile() as again:
        units, start, _ = verify(package)
        if start.suite:
            raise Refused("package-canonical", actual="encrypted")
        writer = Writer(again)
        for unit in units[:-1]:
            package.seek(unit.payload_offset)
            if unit.type == INDEX:
                writer.index()
            elif unit.type == START:
                writer.unit(START, start.payload())
            else:
                flags = None if unit.type in KNOWN else unit.flags
                writer.unit(unit.type, package, unit.identifier, unit.length, flags)
        writer.end()
        package.seek(0)
        again.seek(0)
        while block := package.read(CHUNK):
            if again.read(CHUNK) != block:
                return False
        return not again.read(1)


def inspect(stream, out):
    units, start, visitor = verify(stream)
    for unit in units:
        print(json.dumps({"number": unit.number, "type": NAMES.get(unit.type, unit.type), "flags": unit.flags, "offset": unit.offset,
                          "identifier": unit.name, "payload": unit.payload_offset, "length": unit.length, "end": unit.end,
                          "digest": unit.digest.hex()}, ensure_ascii=False), file=out)
    print(json.dumps({"version": [1, start.minor], "profile": start.profile, "suite": start.suite, "rights": visitor.rights,
                      "recipients": [key.hex() for _, key, _ in start.recipients], "root": content_root(signed_part(units)).hex()},
                     ensure_ascii=False), file=out)


@contextlib.contextmanager
def written(path):
    """A file that appears complete or not at all; - is standard output."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    aside = f"{path}.{os.getpid()}.partial"
    try:
        with open(aside, "xb") as file:
            yield file
        os.replace(aside, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside)


def opened(path):
    return contextlib.nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["pack", "unpack", "verify", "sign", "statement", "inspect", "canonical", "read"])
    parser.add_argument("paths", nargs="+")
    for name in ("key", "sign-key", "certificate", "rights", "detached"):
        parser.add_argument(f"--{name}")
    for name in ("encrypt-for", "trust", "authority"):
        parser.add_argument(f"--{name}", action="append", default=[])
    parser.add_argument("--suite", choices=["aes", "sm"], default="aes")
    parser.add_argument("--at", type=int)
    parser.add_argument("--require-signature", action="store_true")
    return parser.parse_intermixed_args()


def main():
    given = arguments()
    first, rest = given.paths[0], given.paths[1:]
    if given.command == "pack":
        rights = json.load(open(given.rights, encoding="utf-8")) if given.rights else None
        suite = protection.SM if given.suite == "sm" else protection.AES
        with written(rest[0]) as out:
            pack(first, out, given.encrypt_for, suite, rights, given.sign_key, given.certificate)
    elif given.command == "sign" and given.detached:
        with open(first, "rb") as package, written(given.detached) as out:
            out.write(protection.sign(statement(signed_part(verify(package)[0])), given.key)[2])
    elif given.command == "sign":
        with written(rest[0]) as out:
            sign(first, out, given.key, given.certificate)
    elif given.command == "canonical":
        if not canonical(first):
            raise Refused("package-canonical")
    elif given.command == "read":
        with open(first, "rb") as package:
            sys.stdout.buffer.write(Index(package).read(rest[0], int(rest[1]), int(rest[2]), given.key))
    else:
        policy = {"trust": given.trust, "authorities": given.authority, "at": given.at, "require": given.require_signature}
        if given.detached:
            policy["detached"] = open(given.detached, "rb").read()
        with opened(first) as stream:
            if given.command == "unpack":
                unpack(stream, rest[0], given.key, **policy)
            elif given.command == "inspect":
                inspect(stream, sys.stdout)
            else:
                units, *_ = verify(stream, given.key, **policy)
                if given.command == "statement":
                    sys.stdout.buffer.write(statement(signed_part(units)))


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
