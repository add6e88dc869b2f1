import Storage

/// What units say of the package, once their bytes were verified.
extension PackageScanner {
  /// Judges the payload of a unit that says something of the package.
  func interpret(_ unit: PackageUnit, _ payload: [UInt8]) throws(Fault) {
    let place = place(unit.payloadOffset)
    var open = PackageQuestions.of(unit.type)
    defer { questions.note(unit.type, open: open) }
    do throws(Fault) {
      switch unit.type {
      case .start: try interpretStart(unit, payload, at: place, &open)
      case .rights:
        scan.rights = PackageScan.Rights(payload: try RightsPayload(parsing: payload, at: place), unit: unit)
        open = []
      case .index: try interpretIndex(unit, payload, at: place, &open)
      case .signature: try interpretSignature(unit, payload, at: place, &open)
      case .end: try interpretEnd(unit, payload, at: place, &open)
      default: break
      }
    } catch {
      guard error.kind != .system else { throw error }
      log(error)
      if error.code == PackageFault.majorVersionSupported.rawValue { stop() }
    }
  }

  private func interpretStart(
    _ unit: PackageUnit, _ payload: [UInt8], at place: Place, _ open: inout Set<PackageFault>
  ) throws(Fault) {
    let parsed = Result { () throws(Fault) in try StartPayload(parsing: payload, at: place) }
    switch parsed {
    case .success(let start):
      scan.start = start
      order.start = start
      open = []
    case .failure(let fault):
      // What the bits of a header mean in another major version is not known.
      if fault.code == PackageFault.majorVersionSupported.rawValue { throw fault }
    }
    do throws(Fault) {
      try order.judgeVersioned(unit.header, at: unit.offset)
    } catch {
      log(error)
      if error.kind != .unsupported { order.shake() }
    }
    let start = try parsed.get()
    for entry in start.recipients {
      guard let scheme = WrappingScheme(rawValue: entry.scheme),
        !RecipientKey.isSound(entry.wrappedKey, scheme: scheme)
      else { continue }
      log(StartPayload.unsound(entry, scheme, file: reader.name))
    }
    if start.minor > StartPayload.minorVersion {
      scan.remarks.log(
        PackageFault.minorVersionKnown, at: self.place(unit.payloadOffset + 2),
        expected: "≤ \(StartPayload.minorVersion)", actual: "\(start.minor)")
    }
    if start.profile != StartPayload.profileVersion {
      scan.remarks.log(
        PackageFault.profileKnown, at: self.place(unit.payloadOffset + 8),
        expected: StartPayload.profileVersion, actual: start.profile)
    }
  }

  private func interpretSignature(
    _ unit: PackageUnit, _ payload: [UInt8], at place: Place, _ open: inout Set<PackageFault>
  ) throws(Fault) {
    var signature = PackageScan.Signature(
      unit: unit, payload: try SignaturePayload(parsing: payload, at: place))
    defer { scan.signatures.append(signature) }
    open.subtract([.signatureSyntax, .signatureAlgorithmKnown])
    do throws(Fault) {
      signature.signer = try SignatureJudge.signer(of: signature, file: reader.name)
    } catch {
      // The identifier is under the digest of the unit, and so under the package root.
      doubts[doubts.count - 1] = .everything
      throw error
    }
    open.subtract([.signatureKeyKind, .signatureKeyNamed])
    guard let statement = scan.statement else { return }
    signature.isValid = false
    do throws(Fault) {
      try SignatureJudge.judge(signature, over: statement, file: reader.name)
    } catch {
      if error.code == PackageFault.signatureValid.rawValue { open.remove(.signatureEncoding) }
      throw error
    }
    signature.isValid = true
    open = []
  }

  private func interpretIndex(
    _ unit: PackageUnit, _ payload: [UInt8], at place: Place, _ open: inout Set<PackageFault>
  ) throws(Fault) {
    var reader = try IndexReader(payload, at: place)
    // After a damaged header units and entries do not have to fit each other.
    if order.isShaken {
      scan.contentCount = reader.count
      scan.contentRoot = payload.count < 40 ? nil : Digest(.sha256, bytes: payload.suffix(32))
      return
    }
    let units = scan.units.dropLast()
    guard reader.count == UInt64(units.count) else {
      // Where the entries are as many as the count says, units are missing or too many; else the count itself is wrong.
      _ = try IndexPayload(parsing: payload, at: place)
      throw Fault(
        PackageFault.indexCount, at: place, expected: "\(units.count)", actual: "\(reader.count)")
    }
    var digests: [Digest] = []
    var agreed: [Digest] = []
    digests.reserveCapacity(units.count)
    agreed.reserveCapacity(units.count)
    for (number, unit) in units.enumerated() {
      let position = reader.position
      let entry = try reader.entry()
      digests.append(entry.digest)
      agreed.append(doubts[number] == .nothing ? unit.digest : entry.digest)
      if let fault = difference(entry, unit, doubts[number], { reader.place(at: position + $0) }) {
        log(fault)
        dropRefusals(ofUnit: number)
        // An identifier of another length shifts everything after it.
        if entry.identifier.count != unit.identifier.count { return }
      }
    }
    let position = reader.position
    let root = try reader.contentRoot()
    scan.contentCount = reader.count
    scan.contentRoot = root
    agreedDigests = agreed
    entryDigests = digests
    open = []
    let computed = try HashTree.root(of: agreed)
    let isOfEntries = root == computed ? true : try HashTree.root(of: digests) == root
    guard isOfEntries else {
      throw Fault(
        PackageFault.indexRoot, at: reader.place(at: position), expected: computed.hex, actual: root.hex)
    }
  }

  /// The first thing, by its place, in which an entry differs from its unit.
  private func difference(
    _ entry: IndexEntry, _ unit: PackageUnit, _ doubt: Doubt, _ place: (Int) -> Place
  ) -> Fault? {
    func fault(_ code: PackageFault, _ position: Int, _ expected: String, _ actual: String) -> Fault {
      Fault(code, at: place(position), expected: expected, actual: actual)
    }
    if entry.offset != unit.offset {
      return fault(.indexOffsets, 0, "\(unit.offset)", "\(entry.offset)")
    }
    if entry.length != unit.length {
      return fault(.indexHeaders, 8, "\(unit.length) B", "\(entry.length) B")
    }
    if entry.type != unit.type { return fault(.indexHeaders, 16, unit.type.name, entry.type.name) }
    if entry.flags != unit.flags { return fault(.indexHeaders, 18, unit.flags.hex, entry.flags.hex) }
    if entry.identifier.count != unit.identifier.count {
      return fault(.indexIdentifiers, 20, "\(unit.identifier.count) B", "\(entry.identifier.count) B")
    }
    if entry.digest != unit.digest, doubt == .nothing {
      return fault(.indexDigests, 24, unit.digest.hex, unit.name)
    }
    if entry.identifier != unit.identifier {
      return fault(
        .indexIdentifiers, 56, unit.name, String(decoding: entry.identifier, as: UTF8.self))
    }
    return nil
  }

  private func interpretEnd(
    _ unit: PackageUnit, _ payload: [UInt8], at place: Place, _ open: inout Set<PackageFault>
  ) throws(Fault) {
    let end = try EndPayload(parsing: payload, at: place)
    scan.packageRoot = end.packageRoot
    open.remove(.endSyntax)
    guard !order.isShaken, let index = scan.units.firstIndex(where: { $0.type == .index }) else { return }
    let units = scan.units.dropLast()
    let fields: [(code: PackageFault, position: UInt64, expected: UInt64, actual: UInt64)] = [
      (.endIndexOffset, 0, units[index].offset, end.indexOffset),
      (.endOwnOffset, 8, unit.offset, end.endOffset),
      (.endCount, 16, UInt64(units.count), end.count),
    ]
    for field in fields where field.expected != field.actual {
      log(
        Fault(
          field.code, at: self.place(unit.payloadOffset + field.position), expected: "\(field.expected)",
          actual: "\(field.actual)"))
    }
    open = [.endRoot]
    // Where a unit and its entry do not agree, which was told, the writer may have meant either.
    guard doubts[index..<units.count].allSatisfy({ $0 == .nothing }) else { return }
    let isWhole = doubts[..<index].allSatisfy { $0 == .nothing }
    guard let before = agreedDigests ?? (isWhole ? units[..<index].map(\.digest) : nil) else { return }
    open = []
    let after = units[index...].map(\.digest)
    let computed = try HashTree.root(of: before + after)
    if let entryDigests, try HashTree.root(of: entryDigests + after) == end.packageRoot { return }
    guard computed == end.packageRoot else {
      throw Fault(
        PackageFault.endRoot, at: self.place(unit.payloadOffset + 24), expected: computed.hex,
        actual: end.packageRoot.hex)
    }
  }

  /// Judges what only the whole of the units tells.
  func concludeContent() {
    guard scan.isComplete, !order.isShaken, let start = scan.start else {
      return questions.leaveOpen([.suiteUsed, .encryptionComplete])
    }
    guard start.suite > 0 else { return }
    if !scan.units.contains(where: { $0.flags.contains(.encrypted) }), let first = scan.units.first {
      log(
        Fault(
          PackageFault.suiteUsed, at: place(first.payloadOffset + 4), expected: "0", actual: "\(start.suite)"
        ))
      return
    }
    for unit in scan.units
    where UnitType.structure <= unit.type && unit.type <= .parameters && !unit.flags.contains(.encrypted) {
      scan.remarks.log(
        PackageFault.encryptionComplete, at: place(unit.offset + 10),
        expected: unit.flags.union(.encrypted).hex, actual: "\(unit.name) \(unit.flags.hex)")
    }
  }
}
