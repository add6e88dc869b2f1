"""Signatures and encryption of a package (profile 8.2, sections 8 to 10), by the openssl command line wherever it can.

Only the two chunk ciphers come from the Python package `cryptography`: `openssl enc` knows no AEAD and takes keys as arguments only.
"""

import hashlib
import hmac
import os
import pathlib
import re
import struct
import subprocess
import tempfile

from package_format import CHUNK, LABEL, Refused

AES, SM = 1, 2
TAG = {AES: 16, SM: 32}
CMS, SM2_WRAP = 1, 2
SM2_ID = ["-pkeyopt", "distid:1234567812345678"]

# number: name, what a public key (SubjectPublicKeyInfo) begins with, its length, options of pkeyutl, order of the group
ALGORITHMS = {
    1: ("ed25519", "302a300506032b6570032100", 44, [], None),
    2: ("ecdsa-p256", "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91, ["-digest", "sha256"],
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    3: ("sm2-sm3", "3059301306072a8648ce3d020106082a811ccf5501822d03420004", 91, ["-digest", "sm3", *SM2_ID],
        0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123),
}


def openssl(*arguments, data=None):
    """Standard output of a run of openssl that succeeds; None of one that does not."""
    run = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)
    return run.stdout if run.returncode == 0 else None


class Files:
    """Bytes as files of a private folder, since pkeyutl takes no pipe."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def __call__(self, name, data):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


# ------------------------------------------------------------------------------------------------------------ keys

def public_key(path):
    """The SubjectPublicKeyInfo, DER, of a PEM file: a certificate, a public key or a private key."""
    with open(path, "rb") as file:
        pem = file.read()
    if b"CERTIFICATE" in pem:
        pem = openssl("x509", "-in", path, "-noout", "-pubkey")
        return openssl("pkey", "-pubin", "-pubout", "-outform", "DER", data=pem)
    options = ["-pubin"] if b"PUBLIC KEY" in pem else []
    return openssl("pkey", "-in", path, *options, "-pubout", "-outform", "DER")


def key_identifier(key):
    return hashlib.sha256(key).hexdigest()


def algorithm_of(key):
    for number, (_, prefix, length, _, _) in ALGORITHMS.items():
        if len(key) == length and key.hex().startswith(prefix):
            return number
    raise Refused("package-signature-key-kind", actual=key[:26].hex())


# ------------------------------------------------------------------------------------------------------ signatures

def der_pair(signature):
    """r and s of the one DER encoding that SEQUENCE { INTEGER r, INTEGER s } has."""
    def integer(data):
        if len(data) < 3 or data[0] != 2 or not 0 < data[1] <= 33 or len(data) < 2 + data[1]:
            raise Refused("package-signature-encoding")
        return int.from_bytes(data[2:2 + data[1]], "big", signed=True), data[2 + data[1]:]

    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        raise Refused("package-signature-encoding")
    r, rest = integer(signature[2:])
    s, rest = integer(rest)
    if rest or signature != pair_der(r, s):
        raise Refused("package-signature-encoding")
    return r, s


def pair_der(r, s):
    def integer(value):
        body = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
        return b"\x02" + bytes([len(body)]) + body

    body = integer(r) + integer(s)
    return b"\x30" + bytes([len(body)]) + body


def sign(message, private):
    """Algorithm, public key and signature; the smaller of the two s that ECDSA has, so that there is one encoding."""
    key = public_key(private)
    algorithm = algorithm_of(key)
    with Files() as file:
        signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", private, "-in", file("message", message), *ALGORITHMS[algorithm][3])
    if algorithm == 2:
        r, s = der_pair(signature)
        signature = pair_der(r, min(s, ALGORITHMS[2][4] - s))
    return algorithm, key, signature


def verify(message, algorithm, key, signature):
    """Refuses a signature that is not this key's over the message, or not in its one encoding."""
    if algorithm not in ALGORITHMS:
        raise Refused("package-signature-algorithm-known", actual=algorithm)
    if algorithm_of(key) != algorithm:
        raise Refused("package-signature-key-kind")
    order = ALGORITHMS[algorithm][4]
    if order is None and len(signature) != 64:
        raise Refused("package-signature-encoding", actual=len(signature))
    if order is not None:
        r, s = der_pair(signature)
        if not 0 < r < order or not 0 < s <= (order // 2 if algorithm == 2 else order - 1):
            raise Refused("package-signature-encoding", actual="r, s")
    with Files() as file:
        pem = openssl("pkey", "-pubin", "-inform", "DER", "-pubout", data=key)
        if pem is None or openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", file("key", pem), "-in", file("message", message),
                                  "-sigfile", file("signature", signature), *ALGORITHMS[algorithm][3]) is None:
            raise Refused("package-signature-valid", actual=key_identifier(key))


def verify_detached(message, key, signature):
    """As verify, for a signature that is kept apart: of the two s that ECDSA has either will do."""
    algorithm = algorithm_of(key)
    if algorithm == 2:
        r, s = der_pair(signature)
        signature = pair_der(r, min(s, max(ALGORITHMS[2][4] - s, 0)))
    verify(message, algorithm, key, signature)


def certificate_list(path):
    """The certificates of a PEM file as DER, in their order: the signer's own first."""
    with open(path, "rb") as file:
        blocks = re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", file.read(), flags=re.S)
    return b"".join(openssl("x509", "-outform", "DER", data=block) for block in blocks)


def certificates_pem(der):
    """The concatenated certificates of a signature unit, each as PEM."""
    result = []
    while der:
        # No certificate is shorter than 128 bytes; one of Ed25519 may be shorter than 256.
        octets = der[1] - 0x80 if len(der) > 5 and der[0] == 0x30 else 0
        length = int.from_bytes(der[2:2 + max(octets, 0)], "big")
        if not 1 <= octets <= 4 or length < 0x80 or length >> (8 * (octets - 1)) == 0:
            raise Refused("package-signature-syntax")
        size = 2 + octets + length
        pem = openssl("x509", "-inform", "DER", data=der[:size])
        if len(der) < size or pem is None:
            raise Refused("package-signature-syntax")
        result.append(pem)
        der = der[size:]
    return result


def certificate_key(pem):
    return openssl("pkey", "-pubin", "-pubout", "-outform", "DER", data=openssl("x509", "-noout", "-pubkey", data=pem))


def check_chain(pems, authorities, at):
    """Refuses certificates that lead to none of the authorities (PEM files) at that time (seconds since 1970)."""
    with Files() as file:
        authority = file("authority", b"".join(pathlib.Path(path).read_bytes() for path in authorities))
        chain = file("chain", b"".join(pems[1:]))
        # Nothing of the system's, authorities that are intermediate themselves, and nothing weaker than 112 bits.
        options = ["-no-CApath", "-no-CAstore", "-partial_chain", "-auth_level", "2"]
        options += ["-untrusted", chain] if pems[1:] else []
        options += ["-vfyopt", "distid:1234567812345678"] if b"SM2" in (openssl("x509", "-noout", "-text", data=pems[0]) or b"") else []
        leaf = file("leaf", pems[0])
        if openssl("verify", "-CAfile", authority, "-attime", at, *options, leaf) is None:
            timeless = openssl("verify", "-CAfile", authority, "-no_check_time", *options, leaf)
            raise Refused("package-certificate-chain" if timeless is None else "package-certificate-in-force")


# ------------------------------------------------------------------------------------------------------ encryption

def derive(suite, secret, info, length):
    """HKDF (RFC 5869) with the hash of the suite."""
    name = "sha256" if suite == AES else "sm3"
    key = hmac.new(LABEL, secret, name).digest()
    result = block = b""
    while len(result) < length:
        block = hmac.new(key, block + info + bytes([len(result) // 32 + 1]), name).digest()
        result += block
    return result[:length]


def commitment(suite, secret):
    return derive(suite, secret, b"commitment", 32)


class UnitCipher:
    """Seals and opens the chunks of one unit, under a key of the unit's own."""

    def __init__(self, suite, secret, unit):
        self.suite = suite
        self.key = derive(suite, secret, b"unit" + struct.pack("<I", unit.number), 32 if suite == AES else 48)
        # The length is left out, so that a package that was cut and put right again fails at its last chunk and nowhere else.
        self.bound = unit.fixed(length=0) + unit.identifier

    def _nonce(self, number, final):
        return struct.pack("<B3xQ", final, number)

    def _sm4(self, nonce, data):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        cipher = Cipher(algorithms.SM4(self.key[:16]), modes.CTR(nonce + bytes(4))).encryptor()
        return cipher.update(data) + cipher.finalize()

    def seal(self, number, final, data):
        nonce = self._nonce(number, final)
        if self.suite == AES:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            return AESGCM(self.key).encrypt(nonce, data, self.bound)
        data = self._sm4(nonce, data)
        return data + hmac.new(self.key[16:], self.bound + nonce + data, "sm3").digest()

    def _open(self, number, final, stored):
        nonce = self._nonce(number, final)
        if self.suite == AES:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            try:
                return AESGCM(self.key).decrypt(nonce, stored, self.bound)
            except InvalidTag:
                return None
        data, tag = stored[:-32], stored[-32:]
        if not hmac.compare_digest(tag, hmac.new(self.key[16:], self.bound + nonce + data, "sm3").digest()):
            return None
        return self._sm4(nonce, data)

    def open(self, number, final, stored):
        """The content of a chunk; refused, with the reason where it can be told, unless its tag verifies."""
        content = self._open(number, final, stored)
        if content is not None:
            return content
        if self._open(number, not final, stored) is not None:
            raise Refused("package-final-chunk-in-place", actual=number)
        # In suite 2 each try hashes the chunk again: two numbers at each distance, each with two final bytes, in 64 MiB.
        reach = 64 if self.suite == AES else min(64, (1 << 26) // (4 * len(stored)))
        for other in range(max(0, number - reach), number + reach + 1):
            if other != number and any(self._open(other, flag, stored) is not None for flag in (False, True)):
                raise Refused("package-chunk-in-place", expected=number, actual=other)
        raise Refused("package-chunk-authentic", actual=number)


def wrap(secret, recipient):
    """Scheme, key identifier and wrapped secret for a certificate (RSA, P-256) or an SM2 public key."""
    key = public_key(recipient)
    with Files() as file:
        if key.hex().startswith(ALGORITHMS[3][1]):
            pem = openssl("pkey", "-pubin", "-inform", "DER", data=key)
            wrapped = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", file("key", pem), "-in", file("secret", secret))
            return SM2_WRAP, hashlib.sha256(key).digest(), wrapped
        options = ["ecdh_kdf_md:sha256"] if key.hex().startswith(ALGORITHMS[2][1]) else \
            ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"]
        options = [word for option in options for word in ("-keyopt", option)]
        wrapped = openssl("cms", "-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER", "-recip", recipient, *options, data=secret)
        return CMS, hashlib.sha256(key).digest(), wrapped


def is_sm2_cipher_text(data):
    """Whether bytes are SEQUENCE { INTEGER, INTEGER, OCTET STRING of 32, OCTET STRING } in DER; short ones, as a wrapped key is."""
    def value(data, tag):
        if len(data) < 2 or data[0] != tag or not 0 < data[1] < 0x80 or len(data) < 2 + data[1]:
            return None, b""
        return data[2:2 + data[1]], data[2 + data[1]:]

    head = 3 if data[1:2] == b"\x81" else 2
    if data[:1] != b"\x30" or len(data) < head + 1 or data[head - 1] != len(data) - head or (data[head - 1] >= 0x80) != (head == 3):
        return False
    rest = data[head:]
    for _ in range(2):
        number, rest = value(rest, 2)
        if number is None or number[0] >= 0x80 or len(number) > 33 or number[0] == 0 and len(number) > 1 and number[1] < 0x80 \
                or len(number) == 33 and number[0]:
            return False
    digest, rest = value(rest, 4)
    text, rest = value(rest, 4)
    return digest is not None and len(digest) == 32 and text is not None and not rest


def unwrap(start, private):
    """The content key of a package for the owner of a private key."""
    identifier = hashlib.sha256(public_key(private)).digest()
    entry = next((entry for entry in start.recipients if entry[1] == identifier), None)
    if entry is None:
        raise Refused("package-recipient-found", actual=identifier.hex())
    with Files() as file:
        if entry[0] == SM2_WRAP:
            if not is_sm2_cipher_text(entry[2]):
                raise Refused("package-wrapping-sound")
            secret = openssl("pkeyutl", "-decrypt", "-inkey", private, "-in", file("wrapped", entry[2]))
        else:
            form = openssl("asn1parse", "-inform", "DER", data=entry[2]) or b""
            if b"authEnvelopedData" not in form or b":rsaesOaep" not in form and b"stdDH-sha256kdf" not in form:
                raise Refused("package-wrapping-sound")
            secret = openssl("cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", private, data=entry[2])
    if secret is None or len(secret) != 32:
        raise Refused("package-content-key-unwrapped")
    if not hmac.compare_digest(commitment(start.suite, secret), start.commitment):
        raise Refused("package-content-key-committed")
    return secret


def content_size(stored, suite):
    """Bytes of content in so many stored bytes of an encrypted payload."""
    chunks, last = stored // CHUNK, stored % CHUNK
    tag = TAG[suite]
    if stored < tag or 0 < last <= tag and chunks:
        raise Refused("package-encrypted-length", actual=stored)
    return stored - tag * (chunks + (last > 0))
