public import Storage

/// What can be wrong with a manifest and its segments (profile clause 8.3).
public enum TransmissionFault: String, FaultCode {
  /// P8.3-001: A manifest shall begin with its magic.
  case manifestFormatFirst = "manifest-format-first"
  /// P8.3-002: The major version of a manifest shall be 1.
  case manifestMajorVersionSupported = "manifest-major-version-supported"
  /// P8.3-003: The minor version of a manifest should be one that the tool knows.
  case manifestMinorVersionKnown = "manifest-minor-version-known"
  /// P8.3-004: A segment shall have a power of two of chunks, from 1 to 1024.
  case manifestSegmentSize = "manifest-segment-size"
  /// P8.3-005: The package length in a manifest shall be above 0 and below 2⁶³.
  case manifestPackageLength = "manifest-package-length"
  /// P8.3-006: A manifest shall hold the digest of each segment.
  case manifestComplete = "manifest-complete"
  /// P8.3-007: A manifest shall hold no more digests than segments.
  case manifestSegmentCount = "manifest-segment-count"
  /// P8.3-008: The digest at the end of a manifest shall be that of its bytes.
  case manifestDigest = "manifest-digest"
  /// P8.3-009: The transfer root shall follow from the segment digests.
  case manifestTransferRoot = "manifest-transfer-root"
  /// P8.3-010: The package root in a manifest shall be that of the package.
  case manifestPackageRoot = "manifest-package-root"
  /// P8.3-020: A segment shall begin with its magic.
  case segmentFormatFirst = "segment-format-first"
  /// P8.3-021: The version of a segment shall be that of the manifest.
  case segmentVersionOfManifest = "segment-version-of-manifest"
  /// P8.3-022: A segment shall belong to the transfer.
  case segmentIdentity = "segment-identity"
  /// P8.3-023: The number of a segment shall be below the count.
  case segmentSequenceInRange = "segment-sequence-in-range"
  /// P8.3-024: The offset of a segment shall follow from its number.
  case segmentOffset = "segment-offset"
  /// P8.3-025: The length of a segment shall follow from its number.
  case segmentLength = "segment-length"
  /// P8.3-026: A segment shall be complete.
  case segmentComplete = "segment-complete"
  /// P8.3-027: Nothing shall follow the payload of a segment.
  case segmentNothingAfter = "segment-nothing-after"
  /// P8.3-028: The proof of a segment shall lead to the transfer root.
  case segmentProof = "segment-proof"
  /// P8.3-029: The payload of a segment shall have its digest.
  case segmentDigest = "segment-digest"
  /// P8.3-035: Each segment shall be in the folder.
  case segmentsAllPresent = "segments-all-present"
  /// P8.3-036: The file name of a segment shall be its number.
  case segmentFileName = "segment-file-name"
  /// P8.3-037: There should be nothing but manifest and segments in the folder.
  case segmentsAlone = "segments-alone"
}
