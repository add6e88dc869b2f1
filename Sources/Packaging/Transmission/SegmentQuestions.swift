public import Storage

extension TransmissionFault {
  /// What is asked of each segment, in the order in which it is judged: the first that is not met leaves open what follows.
  private static let ofSegments: [TransmissionFault] = [
    .segmentsAllPresent, .segmentFormatFirst, .segmentVersionOfManifest, .segmentIdentity,
    .segmentSequenceInRange, .segmentOffset, .segmentLength, .segmentComplete, .segmentNothingAfter,
    .segmentProof, .segmentFileName, .segmentDigest,
  ]

  /// What the faults of a folder of segments keep from being judged: neither met nor broken (profile clause 8.3, section 4).
  ///
  /// Without its manifest nothing is known of a folder.
  public static func leftOpen(by faults: FaultLog) -> Set<TransmissionFault> {
    var open: Set<TransmissionFault> = []
    for entry in faults.entries {
      let code = TransmissionFault(rawValue: entry.code)
      if code == .manifestPackageRoot || code == .segmentsAlone { continue }
      if entry.occurrences.first.place.file == SegmentName.manifest { return Set(allCases) }
      // A segment that cannot be opened is there, and nothing else is known of it.
      let judged = code.flatMap(ofSegments.firstIndex) ?? 0
      open.formUnion(ofSegments.dropFirst(judged + 1))
    }
    return open
  }
}
