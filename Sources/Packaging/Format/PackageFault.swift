public import Storage

/// What can be wrong with a package (profile clause 8.2).
public enum PackageFault: String, FaultCode {
  /// P8.2-001: A package shall begin with its start unit, and have one.
  case startFirst = "package-start-first"
  /// P8.2-002: A package shall be complete up to its end unit.
  case complete = "package-complete"
  /// P8.2-003: Nothing shall follow the end unit.
  case nothingAfterEnd = "package-nothing-after-end"
  /// P8.2-004: The major version of a package shall be 1.
  case majorVersionSupported = "package-major-version-supported"
  /// P8.2-005: The minor version of a package should be one that the tool knows.
  case minorVersionKnown = "package-minor-version-known"
  /// P8.2-006: The profile version in the start unit should be one that the tool knows.
  case profileKnown = "package-profile-known"
  /// P8.2-007: The number of units shall stay within the limit.
  case unitCountWithinLimit = "package-unit-count-within-limit"
  /// P8.2-008: A package shall hold at least one unit of structure or of parameters.
  case contentPresent = "package-content-present"
  /// P8.2-009: A package shall hold an index unit.
  case indexPresent = "package-index-present"
  /// P8.2-010: Each unit shall begin with the eight bytes of the magic.
  case unitMagic = "package-unit-magic"
  /// P8.2-011: Units shall be numbered from 0 without a gap.
  case unitNumbersConsecutive = "package-unit-numbers-consecutive"
  /// P8.2-012: The type of a critical unit shall be known to the reader.
  case unitTypeKnown = "package-unit-type-known"
  /// P8.2-013: Unknown units that are not critical may be there; a reader skips them and says so.
  case unknownUnitsReported = "package-unknown-units-reported"
  /// P8.2-014: A package of version 1.0 shall not use a reserved unit type.
  case unitTypeReserved = "package-unit-type-reserved"
  /// P8.2-015: The critical flag of a known type shall be the one of its type.
  case unitCriticalFlag = "package-unit-critical-flag"
  /// P8.2-016: No flag shall be set that the version does not define.
  case unitFlagsKnown = "package-unit-flags-known"
  /// P8.2-017: Only content units shall be encrypted, and only where the start unit names a suite.
  case unitEncryptedFlag = "package-unit-encrypted-flag"
  /// P8.2-018: All parameter units of a package with a compression statement shall be flagged as compressed, and no other unit.
  case unitCompressedFlag = "package-unit-compressed-flag"
  /// P8.2-019: The reserved bytes of a unit header shall be zero.
  case unitReservedZero = "package-unit-reserved-zero"
  /// P8.2-020: The length of a payload shall stay within the limit of its type.
  case unitLengthWithinLimit = "package-unit-length-within-limit"
  /// P8.2-021: The identifier of a unit shall have the length and form of its type.
  case unitIdentifierForm = "package-unit-identifier-form"
  /// P8.2-022: The identifier of a vendor's unit shall be a reverse-DNS name.
  case vendorIdentifier = "package-vendor-identifier"
  /// P8.2-023: Padding shall be zero.
  case paddingZero = "package-padding-zero"
  /// P8.2-024: Units shall strictly ascend by type and identifier.
  case unitsAscending = "package-units-ascending"
  /// P8.2-025: No file name shall be the folder of another.
  case namesNoFolder = "package-names-no-folder"
  /// P8.2-030: The digest of each chunk shall be the one in the trailer.
  case chunkDigest = "package-chunk-digest"
  /// P8.2-031: The length in the trailer shall be that of the header.
  case trailerLength = "package-trailer-length"
  /// P8.2-032: The root in the trailer shall follow from its leaf hashes.
  case trailerRoot = "package-trailer-root"
  /// P8.2-035: The payload of the start unit shall follow its syntax.
  case startSyntax = "package-start-syntax"
  /// P8.2-036: The suite shall be one that is defined.
  case suiteKnown = "package-suite-known"
  /// P8.2-037: A package that names a suite shall have an encrypted unit.
  case suiteUsed = "package-suite-used"
  /// P8.2-038: There shall be recipients where a suite is named, and only there.
  case recipientsPresent = "package-recipients-present"
  /// P8.2-039: Recipients shall strictly ascend by key identifier.
  case recipientsAscending = "package-recipients-ascending"
  /// P8.2-040: The wrapping scheme of a recipient shall be one that is defined.
  case recipientSchemeKnown = "package-recipient-scheme-known"
  /// P8.2-045: The payload of the index shall follow its syntax.
  case indexSyntax = "package-index-syntax"
  /// P8.2-046: The index shall have an entry for each unit before it.
  case indexCount = "package-index-count"
  /// P8.2-047: The offsets in the index shall be those of the unit headers.
  case indexOffsets = "package-index-offsets"
  /// P8.2-048: Length, type and flags in the index shall be those of the header.
  case indexHeaders = "package-index-headers"
  /// P8.2-049: Identifiers in the index shall be those of the headers.
  case indexIdentifiers = "package-index-identifiers"
  /// P8.2-050: The digests in the index shall be those of the units.
  case indexDigests = "package-index-digests"
  /// P8.2-051: The content root shall follow from the unit digests.
  case indexRoot = "package-index-root"
  /// P8.2-055: The payload of the end unit shall have 56 bytes.
  case endSyntax = "package-end-syntax"
  /// P8.2-056: The end unit shall lead to the index.
  case endIndexOffset = "package-end-index-offset"
  /// P8.2-057: The end unit shall give its own offset.
  case endOwnOffset = "package-end-own-offset"
  /// P8.2-058: The number of units in the end unit shall be right.
  case endCount = "package-end-count"
  /// P8.2-059: The package root shall follow from the digests of all units.
  case endRoot = "package-end-root"
  /// P8.2-060: The payload of a signature unit shall follow its syntax.
  case signatureSyntax = "package-signature-syntax"
  /// P8.2-061: The algorithm of a signature shall be one that is defined.
  case signatureAlgorithmKnown = "package-signature-algorithm-known"
  /// P8.2-062: The kind of a key shall be that of the algorithm.
  case signatureKeyKind = "package-signature-key-kind"
  /// P8.2-063: The identifier of a signature unit shall be the digest of its key.
  case signatureKeyNamed = "package-signature-key-named"
  /// P8.2-064: A signature shall have its one encoding.
  case signatureEncoding = "package-signature-encoding"
  /// P8.2-065: Each signature shall verify by its key.
  case signatureValid = "package-signature-valid"
  /// P8.2-066: The certificates of a signer shall lead to an authority of the policy.
  case certificateChain = "package-certificate-chain"
  /// P8.2-067: The certificates of a signer shall be in force at the date of judging.
  case certificateInForce = "package-certificate-in-force"
  /// P8.2-068: A package shall be signed where the policy requires it.
  case signaturePresent = "package-signature-present"
  /// P8.2-069: As many signatures as the policy requires shall be of trusted keys.
  case signatureTrusted = "package-signature-trusted"
  /// P8.2-070: The algorithm of a signature shall be allowed by the policy.
  case signatureAlgorithmAllowed = "package-signature-algorithm-allowed"
  /// P8.2-071: A detached signature shall verify by a key of the policy.
  case detachedSignatureValid = "package-detached-signature-valid"
  /// P8.2-075: The payload of the rights unit shall follow its syntax.
  case rightsSyntax = "package-rights-syntax"
  /// P8.2-076: The version of the rights unit shall be 1.
  case rightsVersionSupported = "package-rights-version-supported"
  /// P8.2-077: Rights shall name who grants and at least one who is granted.
  case rightsPartiesNamed = "package-rights-parties-named"
  /// P8.2-078: The subjects of rights shall strictly ascend.
  case rightsSubjectsAscending = "package-rights-subjects-ascending"
  /// P8.2-079: The actions of a grant shall be some, and all defined.
  case rightsActionsKnown = "package-rights-actions-known"
  /// P8.2-080: The dates of a grant shall be real, and from not after until.
  case rightsDatesValid = "package-rights-dates-valid"
  /// P8.2-081: A package that states rights shall be signed.
  case rightsSigned = "package-rights-signed"
  /// P8.2-082: At least one grant shall be in force at the date of judging.
  case rightsInForce = "package-rights-in-force"
  /// P8.2-083: The issuer of rights shall be a signer whom the policy lets grant them.
  case rightsIssuerTrusted = "package-rights-issuer-trusted"
  /// P8.2-086: The length of an encrypted payload shall be one that some content gives.
  case encryptedLength = "package-encrypted-length"
  /// P8.2-087: The key that is given shall be a recipient's.
  case recipientFound = "package-recipient-found"
  /// P8.2-088: The wrapped key of a recipient shall unwrap.
  case contentKeyUnwrapped = "package-content-key-unwrapped"
  /// P8.2-089: The unwrapped content key shall be the one that the start unit commits to.
  case contentKeyCommitted = "package-content-key-committed"
  /// P8.2-090: The tag of each encrypted chunk shall verify.
  case chunkAuthentic = "package-chunk-authentic"
  /// P8.2-091: An encrypted chunk shall be at its own place.
  case chunkInPlace = "package-chunk-in-place"
  /// P8.2-092: An encrypted unit shall end with its final chunk.
  case finalChunkInPlace = "package-final-chunk-in-place"
  /// P8.2-093: Where a suite is named all of structure, statement and parameters should be encrypted.
  case encryptionComplete = "package-encryption-complete"
  /// P8.2-094: Keys shall be wrapped by the constructions of the profile.
  case wrappingSound = "package-wrapping-sound"
}

extension PackageFault {
  /// What the verifier's policy asks: the package is what its maker made, but not what the verifier asks for (section 11).
  public static let ofThePolicy: [PackageFault] = [
    .certificateChain, .certificateInForce, .signaturePresent, .signatureTrusted, .signatureAlgorithmAllowed,
    .detachedSignatureValid, .rightsInForce, .rightsIssuerTrusted,
  ]
}
