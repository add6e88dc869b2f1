/// What is asked of a package that only a certain part of it answers, and what is still open of that.
///
/// A question is open until what answers it was read: a fault has a finding of its own, and what it kept from being read is neither
/// met nor broken (profile clause 8.2, section 11).
struct PackageQuestions {
  /// What the whole of the units answers.
  static let ofTheWhole: Set<PackageFault> = [
    .nothingAfterEnd, .unitCountWithinLimit, .contentPresent, .indexPresent, .suiteUsed, .encryptionComplete,
  ]
  /// What decrypting answers.
  static let ofTheTags: Set<PackageFault> = [.chunkAuthentic, .chunkInPlace, .finalChunkInPlace]
  /// What a key answers, and what is decrypted with it.
  static let ofTheKey = ofTheTags.union([.contentKeyUnwrapped, .contentKeyCommitted])

  /// What the payload of a unit answers.
  static func of(_ type: UnitType) -> Set<PackageFault> {
    switch type {
    case .start:
      [
        .majorVersionSupported, .minorVersionKnown, .profileKnown, .startSyntax, .suiteKnown,
        .recipientsPresent,
        .recipientsAscending, .recipientSchemeKnown, .wrappingSound,
      ]
    case .rights:
      [
        .rightsSyntax, .rightsVersionSupported, .rightsPartiesNamed, .rightsSubjectsAscending,
        .rightsActionsKnown, .rightsDatesValid,
      ]
    case .index:
      [
        .indexSyntax, .indexCount, .indexOffsets, .indexHeaders, .indexIdentifiers, .indexDigests, .indexRoot,
      ]
    case .signature:
      [
        .signatureSyntax, .signatureAlgorithmKnown, .signatureKeyKind, .signatureKeyNamed, .signatureEncoding,
        .signatureValid,
      ]
    case .end: [.endSyntax, .endIndexOffset, .endOwnOffset, .endCount, .endRoot]
    default: []
    }
  }

  /// What is open for what happened while units were read.
  private(set) var ofTheReading: Set<PackageFault> = []
  /// What the units of each type left open; nil where there was none.
  private var left: [UnitType: Set<PackageFault>] = [:]

  /// Notes a unit whose bytes were read.
  ///
  /// - Parameter open: what it should have answered and did not.
  mutating func note(_ type: UnitType, open: Set<PackageFault>) {
    left[type, default: []].formUnion(open)
  }

  /// Notes what cannot be answered any more.
  mutating func leaveOpen(_ questions: Set<PackageFault>) {
    ofTheReading.formUnion(questions)
  }

  /// Everything that is open in the end.
  ///
  /// - Parameter isComplete: whether the end unit was reached.
  func open(isComplete: Bool) -> Set<PackageFault> {
    var open = left.values.reduce(ofTheReading) { $0.union($1) }
    for type in [UnitType.start, .index, .end] where left[type] == nil {
      open.formUnion(PackageQuestions.of(type))
    }
    guard !isComplete else { return open }
    // More signatures may have been to come.
    return open.union(PackageQuestions.ofTheWhole).union(PackageQuestions.of(.signature))
  }
}

extension PackageScan {
  /// Whether there is a unit of a type; nil where nobody can know, because the package ends before, or a header is damaged.
  public func holds(_ type: UnitType) -> Bool? {
    if units.contains(where: { $0.type == type }) { return true }
    // Units ascend.
    guard !isShaken, let last = units.last, last.type > type else { return nil }
    return false
  }
}
