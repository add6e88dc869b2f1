#!/usr/bin/env python3
"""What the package of profile 8.2 promises, tried on the implementation in Python: python3 -m unittest test_package (in this folder)."""

import contextlib
import hashlib
import io
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import package
import package_format as form
import package_protection as protection
from package_format import CHUNK, Refused, Start, Unit

TOOL = [sys.executable, package.__file__]
DRAFT = pathlib.Path(__file__).resolve().parent.parent / "requirements-draft"
# Keys that clause 6.1 has already, and events of a receiver.
ELSEWHERE = {"file-names-safe", "file-names-distinct", "files-stable-while-read", "segment-again", "segment-refused"}


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


class Packages(unittest.TestCase):
    """A folder with a small model, keys of every kind and what packs it."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        model = cls.folder / "model"
        (model / "词表").mkdir(parents=True)
        (model / "config.json").write_text('{"model_type": "bert"}')
        (model / "model.safetensors").write_bytes(bytes(range(256)))
        (model / "empty.txt").write_bytes(b"")
        (model / "词表" / "词.txt").write_text("中\n文\n")
        for name, options in (("ed25519", ["ed25519"]), ("p256", ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                              ("sm2", ["SM2"]), ("rsa", ["RSA"]), ("other", ["ed25519"])):
            key = cls.folder / f"{name}.pem"
            run("openssl", "genpkey", "-algorithm", *options, "-out", key)
            run("openssl", "pkey", "-in", key, "-pubout", "-out", cls.folder / f"{name}.pub")
            digest = ["-sm3", "-sigopt", "distid:1234567812345678"] if name == "sm2" else []
            run("openssl", "req", "-x509", "-key", key, *digest, "-subj", f"/CN={name}", "-days", "30", "-out", cls.folder / f"{name}.crt")

    def path(self, name):
        return str(self.folder / name)

    def packed(self, path=None, **options):
        out = io.BytesIO()
        package.pack(str(path or self.folder / "model"), out, **options)
        return out.getvalue()

    def refused(self, key, data, **options):
        with self.assertRaises(Refused) as caught:
            package.verify(io.BytesIO(data), **options)
        if key:
            self.assertEqual(caught.exception.key, key)
        return caught.exception

    def units(self, data):
        return form.walk(io.BytesIO(data), package.Visitor())[0]

    def unpacked(self, data, **options):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            target = pathlib.Path(folder) / "out"
            package.unpack(io.BytesIO(data), str(target), **options)
            return {str(file.relative_to(target)): file.read_bytes() for file in target.rglob("*") if file.is_file()}

    def model(self):
        root = self.folder / "model"
        return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}

    def write(self, units, end=True, **start):
        """A package of units that are given as (type, payload, identifier, flags), with an index and an end that fit."""
        out = io.BytesIO()
        writer = package.Writer(out)
        writer.unit(form.START, Start(**start).payload())
        for kind, payload, identifier, *flags in units:
            writer.unit(kind, payload, identifier, flags=flags[0] if flags else None)
        writer.index()
        if end:
            writer.end()
        return out.getvalue()


class Encoding(Packages):
    def test_round_trip_and_equal_bytes(self):
        data = self.packed()
        self.assertEqual(self.unpacked(data), self.model())
        self.assertEqual(data, self.packed())
        target = self.folder / "a.pmp"
        target.write_bytes(data)
        self.assertTrue(package.canonical(str(target)))

    def test_the_bytes_of_the_chapter(self):
        """The example in section 12 of the chapter, byte by byte."""
        file = self.folder / "w.safetensors"
        file.write_bytes(b"abc")
        text = (DRAFT.parent / "profile" / "8.2-package.md").read_text()
        block = re.search(r"```hex\n(.*?)```", text, flags=re.S).group(1)
        written = "".join(line[6:54] for line in block.splitlines())
        self.assertEqual(bytes.fromhex(written).hex(), self.packed(file).hex())
        self.assertIn("```\n" + form.statement(self.units(self.packed(file))[:-2]).decode() + "```", text)

    def test_pipe(self):
        whole = subprocess.run([*TOOL, "pack", self.path("model"), "-"], capture_output=True, check=True).stdout
        self.assertEqual(whole, self.packed())
        target = self.folder / "through-a-pipe"
        with subprocess.Popen([*TOOL, "unpack", "-", str(target)], stdin=subprocess.PIPE) as process:
            for at in range(0, len(whole), 100):
                process.stdin.write(whole[at:at + 100])
                process.stdin.flush()
        self.assertEqual(process.returncode, 0)
        self.assertEqual((target / "model.safetensors").read_bytes(), bytes(range(256)))

    def test_sizes_around_chunks_and_pages(self):
        for size in (0, 1, 64, 65535, 65536, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 7):
            with self.subTest(size=size):
                content = os.urandom(size)
                file = self.folder / "x.bin"
                file.write_bytes(content)
                data = self.packed(file)
                self.assertEqual(self.unpacked(data), {"x.bin": content})
                unit = self.units(data)[1]
                self.assertEqual(unit.payload_offset % (4096 if size >= 65536 else 64), 0)
                reader = package.Index(io.BytesIO(data))
                for first, length in ((0, size), (size // 2, 10), (max(0, CHUNK - 5), 10), (size, 5)):
                    self.assertEqual(reader.read("x.bin", first, length), content[first:first + length])

    def test_trees(self):
        def root(hashes):  # written the other way round: pairs, the odd one moves up
            while len(hashes) > 1:
                hashes = [form.sha256(b"\1", *hashes[at:at + 2]) if at + 1 < len(hashes) else hashes[at]
                          for at in range(0, len(hashes), 2)]
            return hashes[0]

        for count in range(1, 70):
            leaves = [form.leaf(bytes([number])) for number in range(count)]
            self.assertEqual(form.tree(leaves), root(leaves))

    def test_random_access_reads_only_what_it_needs_and_verifies_it(self):
        file = self.folder / "y.bin"
        file.write_bytes(bytes(4 * CHUNK))
        data = bytearray(self.packed(file))
        data[self.units(bytes(data))[1].payload_offset + 3 * CHUNK] ^= 1
        reader = package.Index(io.BytesIO(bytes(data)))
        self.assertEqual(reader.read("y.bin", CHUNK, 2), b"\0\0")
        with self.assertRaises(Refused) as caught:
            reader.read("y.bin", 3 * CHUNK, 1)
        self.assertEqual(caught.exception.key, "package-chunk-digest")

    def test_unknown_units(self):
        model = (form.PARAMETERS, b"w", b"w.bin")
        kept = self.write([model, (0x8001, b"vendor's", b"com.example/x", 0)])
        self.assertEqual(self.unpacked(kept), {"w.bin": b"w"})
        target = self.folder / "vendor.pmp"
        target.write_bytes(kept)
        self.assertTrue(package.canonical(str(target)))
        out = io.BytesIO()
        package.sign(str(target), out, self.path("ed25519.pem"))
        self.assertIn(b"vendor's", out.getvalue())
        self.refused("package-unit-type-known", self.write([model, (0x8001, b"", b"com.example", 1)]))
        self.refused("package-vendor-identifier", self.write([model, (0x8001, b"", b"example", 0)]))
        for reserved in (7, 0x7FFF, 0xFF00):
            unit = (reserved, b"", b"com.example", 0)
            self.refused("package-unit-type-reserved", self.write([model, unit]))
            self.units(self.write([model, unit], minor=1))
        with mock.patch.object(Start, "payload", lambda self: struct.pack("<HHHHI", 2, 0, 0, 0, 0)):
            self.refused("package-major-version-supported", self.write([model]))

    def test_compressed_parameters(self):
        folder = self.folder / "compressed"
        folder.mkdir()
        for name in ("a.compression.json", "w.bin", "notes.md"):
            (folder / name).write_bytes(b"x")
        data = self.packed(folder)
        self.assertEqual([(unit.type, unit.flags) for unit in self.units(data)],
                         [(1, 1), (4, 1), (5, 5), (6, 0), (0xFFF0, 1), (0xFFF2, 1)])
        target = self.folder / "compressed.pmp"
        target.write_bytes(data)
        self.assertTrue(package.canonical(str(target)))

    def test_units_that_may_not_stand_there(self):
        model = (form.PARAMETERS, b"w", b"w.bin")
        for key, units in {
            "package-content-present": [(form.ASSET, b"", b"a")],
            "package-units-ascending": [model, model],
            "package-unit-critical-flag": [(form.PARAMETERS, b"w", b"w.bin", 0)],
            "package-unit-compressed-flag": [(form.PARAMETERS, b"w", b"w.bin", 5)],
            "package-unit-encrypted-flag": [(form.PARAMETERS, b"w", b"w.bin", 3)],
            "package-unit-flags-known": [(form.PARAMETERS, b"w", b"w.bin", 9)],
            "package-names-no-folder": [model, (form.ASSET, b"", b"w.bin/a")],
            "file-names-distinct": [model, (form.ASSET, b"", b"W.BIN")],
            "file-names-safe": [model, (form.ASSET, b"", b"../a")],
        }.items():
            with self.subTest(key):
                self.refused(key, self.write(units))

    def test_every_key_is_a_requirement(self):
        used = set()
        for file in pathlib.Path(__file__).parent.glob("package*.py"):
            used |= set(re.findall(r'"((?:package|manifest|segment|transfer|file)s?-[a-z-]+)"', file.read_text()))
        used |= {f"package-index-{kind}" for kind in ("offsets", "headers", "identifiers")}
        # Those on files stand in the catalogue, those on implementations are drafts.
        files = [*DRAFT.glob("8.*.yaml"), *(DRAFT.parent / "requirements").glob("8.*.yaml")]
        asked = set(re.findall(r"^    key: (\S+)", "".join(path.read_text() for path in files), flags=re.M))
        self.assertEqual(used - ELSEWHERE - asked, set())


class Damage(Packages):
    def test_every_bit(self):
        for name, data in (("unsigned", self.packed()), ("signed", self.packed(key=self.path("ed25519.pem")))):
            for at in range(len(data)):
                for bit in range(8):
                    damaged = bytearray(data)
                    damaged[at] ^= 1 << bit
                    with self.assertRaises(Refused, msg=f"{name} {at}.{bit}"):
                        package.verify(io.BytesIO(damaged))

    def test_every_truncation_and_addition(self):
        data = self.packed()
        for size in range(len(data)):
            with self.assertRaises(Refused, msg=size):
                package.verify(io.BytesIO(data[:size]))
        self.refused("package-nothing-after-end", data + b"\0")
        self.refused("package-nothing-after-end", data + data)

    def test_truncation_at_every_structural_boundary_names_what_is_missing(self):
        data = self.packed(key=self.path("ed25519.pem"))
        for unit in self.units(data):
            for size in {unit.offset, unit.offset + 32, unit.offset + 32 + len(unit.identifier), unit.payload_offset,
                         unit.payload_offset + unit.length, unit.end} - {len(data)}:
                self.refused("package-complete", data[:size])

    def test_every_swap_removal_and_repetition_of_units(self):
        data = self.packed(key=self.path("ed25519.pem"))
        parts = [data[unit.offset:unit.end] for unit in self.units(data)]
        for first in range(len(parts)):
            self.refused(None, b"".join(parts[:first] + parts[first + 1:]))
            self.refused(None, b"".join(parts[:first] + [parts[first]] + parts[first:]))
            for second in range(first):
                swapped = list(parts)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                self.refused(None, b"".join(swapped))

    def test_nothing_appears_of_a_damaged_package(self):
        data = bytearray(self.packed())
        data[-1] ^= 1
        before = set(os.listdir(self.folder))
        with self.assertRaises(Refused):
            package.unpack(io.BytesIO(data), self.path("never"))
        self.assertEqual(set(os.listdir(self.folder)), before)


class Forgery(Packages):
    """Fields changed by somebody who then puts all digests right."""

    def sealed_again(self, data, number, at, new):
        """The package with bytes of one small payload replaced; digests, index and end are made anew around it, but not over it."""
        out = io.BytesIO()
        writer = package.Writer(out)
        for unit in self.units(data):
            payload = data[unit.payload_offset:][:unit.length]
            if unit.type == form.INDEX:
                payload = form.index_payload(writer.units)
            elif unit.type == form.END:
                index = next(other.offset for other in writer.units if other.type == form.INDEX)
                payload = form.TAIL.pack(index, writer.offset, len(writer.units), form.content_root(writer.units))
            if unit.number == number:
                at = at % (len(payload) + 1) if at >= 0 else len(payload) + at
                payload = payload[:at] + new + payload[at + len(new):]
            writer.unit(unit.type, payload, unit.identifier, flags=unit.flags)
        return out.getvalue()

    def test_fields_of_index_and_end(self):
        data = self.packed()
        index, end = (next(unit.number for unit in self.units(data) if unit.type == kind) for kind in (form.INDEX, form.END))
        entry = 8  # the first one, of the start unit: no identifier
        for key, number, at, new in (
            ("package-index-syntax", index, 0, b"\xff\xff"), ("package-index-offsets", index, entry, b"\1"),
            ("package-index-headers", index, entry + 8, b"\1"), ("package-index-headers", index, entry + 16, b"\2"),
            ("package-index-headers", index, entry + 18, b"\0"), ("package-index-syntax", index, entry + 22, b"\1"),
            ("package-index-identifiers", index, entry + 56 + 56, b"C"), ("package-index-root", index, entry + 24, b"\0\0\0\0"),
            ("package-index-root", index, -2, b"\0\0"), ("package-end-index-offset", end, 0, b"\1"),
            ("package-end-own-offset", end, 8, b"\1"), ("package-end-count", end, 16, b"\1"), ("package-end-root", end, 24, b"\0\0\0\0"),
            ("package-end-syntax", end, -1, b"\0\0"), ("package-start-syntax", 0, 8, b"\xff\xff"), ("package-suite-known", 0, 4, b"\3"),
            ("package-recipients-present", 0, 6, b"\1"), ("package-major-version-supported", 0, 0, b"\2"), ("package-start-syntax", 0, -1, b"11"),
        ):
            with self.subTest(key, at=at):
                damaged = self.sealed_again(data, number, at, new)
                self.refused(key, damaged)

    def test_fields_of_trailers_and_headers(self):
        file = self.folder / "v.bin"
        file.write_bytes(bytes(CHUNK + 1))
        data = self.packed(file)
        unit = self.units(data)[1]
        trailer = unit.payload_offset + unit.length
        for key, at in (("package-chunk-digest", trailer), ("package-trailer-length", trailer + 64), ("package-trailer-root", trailer + 72),
                        ("package-padding-zero", unit.payload_offset - 1), ("package-unit-reserved-zero", unit.offset + 26),
                        ("package-unit-magic", unit.offset), ("package-unit-numbers-consecutive", unit.offset + 12),
                        ("package-unit-flags-known", unit.offset + 11), ("package-start-first", 0),
                        ("package-chunk-digest", unit.payload_offset)):
            with self.subTest(key, at=at):
                damaged = bytearray(data)
                damaged[at] ^= 1
                self.refused(key, damaged)

    def test_any_payload_is_read_without_a_fault_of_the_reader(self):
        grant = {"subject": "*", "actions": 1}
        data = self.packed(rights={"issuer": "A", "grants": [grant, grant | {"subject": "b"}]}, recipients=[self.path("sm2.pub")])
        for unit in self.units(data):
            if unit.type in (form.START, form.RIGHTS, form.INDEX, form.END):
                for at in range(unit.length):
                    for value in (0, 1, 0x7F, 0xFF):
                        with contextlib.suppress(Refused):
                            self.units(self.sealed_again(data, unit.number, at, bytes([value])))
        signed = self.packed(key=self.path("p256.pem"))
        unit = next(unit for unit in self.units(signed) if unit.type == form.SIGNATURE)
        for at in range(unit.length):
            with contextlib.suppress(Refused):
                package.parse_signature(Unit(unit.type, 0, 0, unit.length, unit.identifier, payload=unit.payload[:at] + b"\xff" + unit.payload[at + 1:]))
                package.parse_signature(Unit(unit.type, 0, 0, unit.length, unit.identifier, payload=unit.payload[:at]))


class Signatures(Packages):
    def test_openssl_verifies_what_is_signed_and_signs_what_is_verified(self):
        target, text, signature = self.folder / "s.pmp", self.path("text"), self.path("signature")
        target.write_bytes(self.packed())
        with open(text, "wb") as file:
            subprocess.run([*TOOL, "statement", str(target)], stdout=file, check=True)
        for name, options in (("ed25519", []), ("p256", ["-digest", "sha256"]),
                              ("sm2", ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"])):
            with self.subTest(name):
                run(*TOOL, "sign", target, "--key", self.path(f"{name}.pem"), "--detached", signature)
                run("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", self.path(f"{name}.pub"), "-in", text,
                    "-sigfile", signature, *options)
                run(*TOOL, "verify", target, "--detached", signature, "--trust", self.path(f"{name}.pub"))
                with self.assertRaises(subprocess.CalledProcessError):
                    run(*TOOL, "verify", target, "--detached", signature, "--trust", self.path("other.pub"))

    def test_signing_keeps_everything_else(self):
        data, target = self.packed(), self.folder / "t.pmp"
        target.write_bytes(data)
        index = next(unit for unit in self.units(data) if unit.type == form.INDEX)
        for name in ("ed25519", "p256", "sm2"):
            out = io.BytesIO()
            package.sign(str(target), out, self.path(f"{name}.pem"))
            target.write_bytes(out.getvalue())
            self.assertEqual(out.getvalue()[:index.end], data[:index.end])
        package.verify(io.BytesIO(target.read_bytes()), trust=[self.path("sm2.pub")], require=True)
        self.assertEqual(len(self.units(target.read_bytes())), len(self.units(data)) + 3)
        self.assertTrue(package.canonical(str(target)))

    def test_policy(self):
        plain, signed = self.packed(), self.packed(key=self.path("ed25519.pem"))
        self.assertEqual(signed, self.packed(key=self.path("ed25519.pem")))
        package.verify(io.BytesIO(signed), trust=[self.path("ed25519.pub")], require=True)
        self.refused("package-signature-present", plain, require=True)
        self.refused("package-signature-present", plain, trust=[self.path("ed25519.pub")])
        self.refused("package-signature-trusted", signed, trust=[self.path("other.pub")])
        self.refused("package-signature-trusted", signed, require=True)

    def test_a_signature_moved_to_another_package(self):
        signed, data = self.packed(key=self.path("ed25519.pem")), self.write([(form.PARAMETERS, b"w", b"w.bin")], end=False)
        signature = next(unit for unit in self.units(signed) if unit.type == form.SIGNATURE)
        out = io.BytesIO(data)
        out.seek(0, os.SEEK_END)
        writer = package.Writer(out)
        writer.offset, writer.units = len(data), self.units(self.write([(form.PARAMETERS, b"w", b"w.bin")]))[:-1]
        writer.unit(form.SIGNATURE, signature.payload, signature.identifier)
        writer.end()
        self.refused("package-signature-valid", out.getvalue())

    def test_the_other_encoding_of_an_ecdsa_signature(self):
        algorithm, key, signature = protection.sign(b"x", self.path("p256.pem"))
        protection.verify(b"x", algorithm, key, signature)
        r, s = protection.der_pair(signature)
        for other in (protection.pair_der(r, protection.ALGORITHMS[2][4] - s), signature + b"\0", b"\x30\x81" + signature[1:]):
            with self.assertRaises(Refused) as caught:
                protection.verify(b"x", algorithm, key, other)
            self.assertEqual(caught.exception.key, "package-signature-encoding")

    def test_certificates(self):
        for name in ("ed25519", "p256", "sm2"):
            with self.subTest(name):
                data = self.packed(key=self.path(f"{name}.pem"), certificate=self.path(f"{name}.crt"))
                package.verify(io.BytesIO(data), authorities=[self.path("rsa.crt"), self.path(f"{name}.crt")], require=True)
                self.refused("package-certificate-chain", data, authorities=[self.path("other.crt")])
                self.refused("package-certificate-in-force", data, authorities=[self.path(f"{name}.crt")], at=1_000_000_000)

    def test_rights(self):
        grant = {"subject": "*", "actions": 1, "from": 20260101, "until": 20261231}
        rights = {"issuer": "示例研究院", "grants": [grant], "terms": "Apache-2.0"}
        signed = self.packed(rights=rights, key=self.path("ed25519.pem"))
        _, _, visitor = package.verify(io.BytesIO(signed), at=1780000000)
        self.assertEqual(visitor.rights, ("示例研究院", [("*", 1, 20260101, 20261231)], "Apache-2.0"))
        self.refused("package-rights-in-force", signed, at=1880000000)
        self.refused("package-rights-signed", self.packed(rights=rights), at=1780000000)
        for key, change in (("dates-valid", {"until": 20260230}), ("dates-valid", {"until": 20251231}), ("actions-known", {"actions": 32}),
                            ("actions-known", {"actions": 0}), ("parties-named", {"subject": ""})):
            self.refused(f"package-rights-{key}", self.packed(rights=rights | {"grants": [grant | change]}, key=self.path("ed25519.pem")))


class Encryption(Packages):
    def test_recipients_of_every_kind(self):
        recipients = [self.path(name) for name in ("rsa.crt", "p256.crt", "sm2.pub")]
        for suite in (protection.AES, protection.SM):
            data = self.packed(recipients=recipients, suite=suite, key=self.path("ed25519.pem"))
            for name in ("rsa", "p256", "sm2"):
                with self.subTest(suite=suite, recipient=name):
                    self.assertEqual(self.unpacked(data, private=self.path(f"{name}.pem")), self.model())
            self.units(data)  # integrity and signatures need no key
            self.refused("package-recipient-found", data, private=self.path("other.pem"))
            self.assertNotEqual(data, self.packed(recipients=recipients, suite=suite))
            for content in self.model().values():
                self.assertFalse(content and content[:8] in data)

    def sealed(self, suite, content=bytes(2 * CHUNK + 5)):
        """A package of one encrypted file, and what is needed to write it again otherwise."""
        file = self.folder / "z.bin"
        file.write_bytes(content)
        data = self.packed(file, recipients=[self.path("sm2.pub")], suite=suite)
        units, start, _ = package.verify(io.BytesIO(data))
        stored = data[units[1].payload_offset:][:units[1].length]
        return data, start, [stored[at:at + CHUNK] for at in range(0, len(stored), CHUNK)]

    def again(self, start, chunks, flags=3):
        """The same package with other chunks, and everything that holds no key put right."""
        payload = start.payload()
        with mock.patch.object(Start, "payload", lambda _: payload):
            return self.write([(form.PARAMETERS, b"".join(chunks), b"z.bin", flags)])

    def test_chunks_moved_repeated_cut_and_changed(self):
        private = self.path("sm2.pem")
        for suite in (protection.AES, protection.SM):
            data, start, chunks = self.sealed(suite)
            self.assertEqual(self.again(start, chunks), data)
            changed = bytes([chunks[0][0] ^ 1]) + chunks[0][1:]
            for key, other in (("package-chunk-in-place", [chunks[1], chunks[0], chunks[2]]),
                               ("package-chunk-in-place", [chunks[0], chunks[0], chunks[2]]),
                               ("package-final-chunk-in-place", chunks[:2]),
                               ("package-chunk-authentic", [changed, *chunks[1:]])):
                damaged = self.again(start, other)
                self.units(damaged)
                self.refused(key, damaged, private=private)
            self.refused("package-encrypted-length", self.again(start, [b"x" * 7]))
            self.refused("package-suite-used", self.again(start, chunks, flags=1))
            reader = package.Index(io.BytesIO(data))
            self.assertEqual(reader.read("z.bin", CHUNK - 40, 80, private), bytes(80))

    def test_another_content_key(self):
        _, start, chunks = self.sealed(protection.AES)
        start.recipients = [protection.wrap(bytes(32), self.path("sm2.pub"))]
        self.refused("package-content-key-committed", self.again(start, chunks), private=self.path("sm2.pem"))
        weak = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-aes-256-cbc", "-outform", "DER", self.path("rsa.crt")],
                              input=bytes(32), capture_output=True, check=True).stdout
        start.recipients = [(1, hashlib.sha256(protection.public_key(self.path("rsa.pem"))).digest(), weak)]
        self.refused("package-wrapping-sound", self.again(start, chunks), private=self.path("rsa.pem"))
        key = hashlib.sha256(protection.public_key(self.path("sm2.pem"))).digest()
        start.recipients = [(2, key, b"nonsense")]
        self.refused("package-wrapping-sound", self.again(start, chunks), private=self.path("sm2.pem"))
        other = protection.wrap(bytes(32), self.path("sm2.pub"))[2]
        start.recipients = [(2, key, other[:-1] + bytes([other[-1] ^ 1]))]
        self.refused("package-content-key-unwrapped", self.again(start, chunks), private=self.path("sm2.pem"))

    def test_every_byte_of_an_encrypted_package(self):
        file = self.folder / "q.bin"
        file.write_bytes(b"weights")
        data = self.packed(file, recipients=[self.path("sm2.pub")])
        for at in range(len(data)):
            damaged = bytearray(data)
            damaged[at] ^= 1 << at % 8
            with self.assertRaises(Refused, msg=at):
                package.verify(io.BytesIO(damaged))


if __name__ == "__main__":
    unittest.main()
