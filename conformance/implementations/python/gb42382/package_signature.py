"""Signature units of a package (8.2 section 8): Ed25519 is verified and made; the other algorithms are said to be unsupported."""

from __future__ import annotations

import hashlib
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, load_pem_public_key

from .faults import UNSUPPORTED, VIOLATION, FaultLog
from .package_format import Cursor

ED25519, ECDSA, SM2 = 1, 2, 3
_PREFIXES = {ED25519: bytes.fromhex("302a300506032b6570032100"),
             ECDSA: bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
             SM2: bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")}
_LENGTHS = {ED25519: 32, ECDSA: 64, SM2: 64}


def check(payload: bytes, identifier: bytes, text: bytes, offset: int, log: FaultLog) -> bytes | None:
    """The public key of a signature that verifies over the statement, as SubjectPublicKeyInfo; faults go to the log."""
    cursor = Cursor(payload)
    try:
        algorithm, form = cursor.number(2), cursor.number(2)
        key, signature = cursor.text(), cursor.text()
    except EOFError:
        log.add("P8.2-060", note="the signature unit breaks off", offset=offset)
        return None
    if not cursor.done or form not in (1, 2):
        log.add("P8.2-060", note="bytes behind the signature, or an unknown form of key", offset=offset)
        return None
    if algorithm not in _PREFIXES:
        log.add("P8.2-061", UNSUPPORTED, f"algorithm {algorithm}", offset=offset)
        return None
    if form == 2:
        log.add("P8.2-062", UNSUPPORTED, "certificates are not read here", offset=offset)
        return None
    prefix = _PREFIXES[algorithm]
    if not key.startswith(prefix) or len(key) != len(prefix) + _LENGTHS[algorithm]:
        log.add("P8.2-062", note="the key is none of the algorithm", offset=offset)
        return None
    if hashlib.sha256(key).hexdigest().encode() != identifier:
        log.add("P8.2-063", note="the identifier is not that of the key", offset=offset)
        return None
    if algorithm != ED25519:
        log.add("P8.2-061", UNSUPPORTED, "only Ed25519 is verified here", offset=offset)
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key[len(prefix):]).verify(signature, text)
    except InvalidSignature:
        log.add("P8.2-065", note="the signature does not verify", offset=offset)
        return None
    return key


def make(key_pem: bytes, text: bytes) -> tuple[bytes, bytes]:
    """Identifier and payload of the signature unit for a private key."""
    private = load_pem_private_key(key_pem, None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("the key is no Ed25519 key")
    key = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signature = private.sign(text)
    payload = struct.pack("<HHI", ED25519, 1, len(key)) + key + struct.pack("<I", len(signature)) + signature
    return hashlib.sha256(key).hexdigest().encode(), payload


def public_key(pem: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a public key in PEM."""
    return load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def apply_policy(keys: list[bytes], signatures: int, trusted: list[bytes], required: int, log: FaultLog) -> None:
    """The verifier's policy: so many different listed keys (section 8.3)."""
    counting = {key for key in keys if key in trusted}
    if not required or len(counting) >= required:
        return
    if signatures == 0:
        log.add("P8.2-068", VIOLATION, "there is no signature")
    else:
        log.add("P8.2-069", VIOLATION, f"{len(counting)} signatures count, {required} are required")
