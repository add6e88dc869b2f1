#!/usr/bin/env python3
"""The small bases that are packages or folders of segments (profile 8.2, 8.3), made by the second implementation, package.py.

    small_packages.py --stored      (needs openssl and the Python package `cryptography`)

Plain packages and those signed with Ed25519 follow from their content, and small_bases.py makes and checks them. What random numbers go into is
made once by this command and then stored: the keys and certificates of vectors/bases/test-only, packages signed with ECDSA or SM2, encrypted
ones. Keys that are there stay as they are.
"""
import datetime
import io
import hashlib
import os
import pathlib
import struct
import sys
import tempfile

import package
import package_protection as protection
import package_segments
import small_huggingface
import small_native
import small_others
from package_format import RIGHTS, Start, START, VENDOR, statement

BASES = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "bases"
KEYS = BASES / "test-only"
RIGHTS_OF_ALL = {"issuer": "示例研究院", "grants": [{"subject": "*", "actions": 3, "from": 20260101}], "terms": "Apache-2.0"}


def lines(size):
    """So many bytes of lines that count, as recipes make them."""
    text = b"".join(b"%015d\n" % number for number in range(-(-size // 16)))
    return text[:size]


def packed(files, rights=None, key=None, certificate=None, extra=(), **sealing):
    """A package of files in memory; extra units, (type, identifier, payload, flags), stand before the index."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        stream = io.BytesIO()
        if sealing:
            package.pack(folder, stream, key=key, certificate=certificate, rights=rights, **sealing)
            return stream.getvalue()
        writer = package.Writer(stream)
        writer.unit(START, Start().payload())
        if rights:
            writer.unit(RIGHTS, package.rights_payload(rights))
        for kind, name, path in package.listing(folder):
            writer.unit(kind, pathlib.Path(path).read_bytes(), name)
        for kind, name, payload, flags in extra:
            writer.unit(kind, payload, name, flags=flags)
        writer.index()
        if key:
            writer.signature(statement(writer.units[:-1]), KEYS / key, certificate and KEYS / certificate)
        writer.end()
        return stream.getvalue()


def segments(content, chunks):
    """The folder of segments of a package: name → bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.pmp")
        path.write_bytes(content)
        package_segments.split(path, pathlib.Path(folder, "parts"), chunks)
        return {file.name: file.read_bytes() for file in pathlib.Path(folder, "parts").iterdir()}


def contents():
    """The models that are packed: name → files."""
    made = small_native.make() | small_huggingface.make()[0] | small_others.make()[0]
    file = {"model.safetensors": made["safetensors-small"]["model.safetensors"]}
    return {"bert": made["hf-small"], "sharded": made["hf-sharded"], "file": file, "native": made["native-files"],
            "names": made["hf-small"] | {"说明.md": "# 说明\n\n本模型仅用于测试。\n".encode(), "资料/空.txt": b""},
            "long": made["hf-small"] | {"notes.txt": lines(2_200_000)}}


def make():
    """Those that follow from their content: name of the base → name of the file → bytes; no metadata of their own."""
    models = contents()
    vendor = [(VENDOR, b"com.example.notes", b"what a vendor adds\n", 0)]
    made = {
        "package-small": packed(models["bert"]), "package-file": packed(models["file"]), "package-sharded": packed(models["sharded"]),
        "package-native": packed(models["native"]), "package-names": packed(models["names"]), "package-vendor": packed(models["file"], extra=vendor),
        "package-signed": packed(models["file"], key="test-ed25519.pem"),
        "package-rights": packed(models["file"], rights=RIGHTS_OF_ALL, key="test-ed25519.pem"),
        "package-certified": packed(models["file"], key="test-holder.pem", certificate="test-holder-chain.pem")}
    bases = {name: {"model.pmp": content} for name, content in made.items()}
    bases["segments-small"] = segments(made["package-small"], 1)
    bases["segments-several"] = segments(packed(models["long"]), 1)
    return bases, {}


# ------------------------------------------------------------------------------------------------------------- made once

def stored():
    """Those that random numbers go into."""
    file = contents()["file"]
    rsa, p256, sm2 = ([KEYS / name] for name in ("test-rsa.crt.pem", "test-p256.crt.pem", "test-sm2.pub.pem"))
    return {
        "package-ecdsa": packed(file, key="test-p256.pem"), "package-sm2": packed(file, key="test-sm2.pem"),
        "package-aes": packed(file, recipients=rsa + p256, suite=protection.AES),
        "package-sm4": packed(file, recipients=sm2, suite=protection.SM)}


def test_keys():
    """The keys that are not there yet; their certificates, and signatures kept apart."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    def private(name, make):
        path = KEYS / f"{name}.pem"
        if not path.exists():
            path.write_bytes(make().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (KEYS / f"{name}.pub.pem").write_bytes(public)
        return key

    def ed(name):
        return private(name, lambda: ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))

    def certificate(name, key, issuer, issuer_key, authority, until, digest=None):
        """Deterministic where an Ed25519 key signs."""
        def common(text):
            return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"test only: {text}")])

        usage = dict.fromkeys(("content_commitment", "data_encipherment", "encipher_only", "decipher_only"), False)
        usage |= {"digital_signature": not authority, "key_cert_sign": authority, "crl_sign": authority,
                  "key_encipherment": isinstance(key, rsa.RSAPrivateKey), "key_agreement": isinstance(key, ec.EllipticCurvePrivateKey)}
        builder = x509.CertificateBuilder(
            common(issuer), common(name), key.public_key(), int.from_bytes(hashlib.sha256(f"{issuer}/{name}".encode()).digest()[:8], "big"),
            datetime.datetime(2026, 1, 1), until, [])
        builder = builder.add_extension(x509.BasicConstraints(authority, None), True).add_extension(x509.KeyUsage(**usage), True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
        return builder.sign(issuer_key, digest).public_bytes(serialization.Encoding.PEM)

    ed("test-ed25519"), ed("test-other")
    root, middle, holder, other_root = ed("test-root"), ed("test-middle"), ed("test-holder"), ed("test-other-root")
    far = datetime.datetime(2099, 1, 1)
    (KEYS / "test-root.crt.pem").write_bytes(certificate("root", root, "root", root, True, far))
    (KEYS / "test-other-root.crt.pem").write_bytes(certificate("other root", other_root, "other root", other_root, True, far))
    chain = certificate("holder", holder, "middle", middle, False, datetime.datetime(2028, 1, 1))
    (KEYS / "test-holder-chain.pem").write_bytes(chain + certificate("middle", middle, "root", root, True, far))
    for name, key in (("test-rsa", private("test-rsa", lambda: rsa.generate_private_key(65537, 2048))),
                      ("test-p256", private("test-p256", lambda: ec.generate_private_key(ec.SECP256R1())))):
        path = KEYS / f"{name}.crt.pem"
        if not path.exists():
            path.write_bytes(certificate(name, key, name, key, False, far, hashes.SHA256()))
    for name in ("test-sm2", "test-other-sm2"):
        if not (KEYS / f"{name}.pem").exists():
            protection.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", KEYS / f"{name}.pem")
        protection.openssl("pkey", "-in", KEYS / f"{name}.pem", "-pubout", "-out", KEYS / f"{name}.pub.pem")


def detached():
    """Signatures over package-file that are kept apart."""
    with io.BytesIO(packed(contents()["file"])) as stream:
        units, *_ = package.verify(stream)
    message = statement(package.signed_part(units))
    return {f"package-file.{name}.sig": protection.sign(message, KEYS / f"{name}.pem")[2] for name in ("test-ed25519", "test-other")}


def content_keys():
    """The content keys of the packages that are encrypted, so that recipes can encrypt more under them."""
    for name, key in (("package-aes", "test-rsa.pem"), ("package-sm4", "test-sm2.pem")):
        with open(BASES / name / "model.pmp", "rb") as stream:
            visitor = package.Visitor(KEYS / key)
            package.walk(stream, visitor)
            yield f"{name}.content-key", visitor.secret.hex() + "\n"


def main():
    os.makedirs(KEYS, exist_ok=True)
    test_keys()
    for name, content in detached().items():
        (KEYS / name).write_bytes(content)
    for name, content in stored().items():
        path = BASES / name / "model.pmp"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    for name, text in content_keys():
        (KEYS / name).write_text(text)


if __name__ == "__main__":
    if sys.argv[1:] != ["--stored"]:
        sys.exit(__doc__)
    main()
