import Storage

/// Putting together.
extension PackageAssembly {
  /// What is known of a unit once it is written.
  private struct Written {
    let tag: Int?
    let offset: Int
    let header: [UInt8]
    let identifier: [UInt8]
    let digest: [UInt8]
  }

  /// The package, with the place of each member.
  func written(_ keys: TestKeys? = nil) throws(RecipeError) -> PartWriter {
    var writer = PartWriter()
    var before: [Written] = []
    var statement: [UInt8]?
    for (place, original) in units.enumerated() {
      var unit = original
      let offset = writer.bytes.count
      try complete(&unit, before, offset, place, &statement, keys)
      let payload = try unit.written("payload")
      unit.parts["header"]?.values["number"] = UInt64(place).littleEndianBytes.prefix(4).map(\.self)
      unit.parts["header"]?.values["length"] = UInt64(payload.count).littleEndianBytes
      let identifier = try unit.written("identifier")
      unit.parts["header"]?.values["identifier-length"] =
        UInt64(identifier.count).littleEndianBytes.prefix(2).map(\.self)
      let header = try unit.written("header")
      // Who reads the package aligns by the length that the header gives.
      let length = Int(clamping: Part.number(header.dropFirst(16).prefix(8)))
      unit.values["padding"] = [UInt8](
        repeating: 0, count: Self.padding(offset + header.count + identifier.count, length))
      try trail(&unit, payload)
      try writer.write(unit, path: "units[\(place)]")
      let end = try unit.parts["trailer"].map { part throws(RecipeError) in
        try part.written("length") + part.written("root")
      }
      before.append(
        Written(
          tag: unit.tag, offset: offset, header: header, identifier: identifier,
          digest: try Self.digest([2] + header + identifier + (end ?? []))))
    }
    try writer.write(rest)
    return writer
  }

  /// Computes what the payload says of other units.
  private func complete(
    _ unit: inout Part, _ before: [Written], _ offset: Int, _ place: Int, _ statement: inout [UInt8]?,
    _ keys: TestKeys?
  ) throws(RecipeError) {
    guard var payload = unit.parts["payload"] else { return }
    if payload.layout == .index {
      if entriesFollow { payload.lists["entries"] = try entries(before: place) }
      var entries = payload.lists["entries"] ?? []
      for index in entries.indices {
        guard let unit = before.first(where: { $0.tag != nil && $0.tag == entries[index].tag }) else {
          continue
        }
        entries[index].values["offset"] = UInt64(unit.offset).littleEndianBytes
        entries[index].values["length"] = Array(unit.header.dropFirst(16).prefix(8))
        entries[index].values["type"] = Array(unit.header.dropFirst(8).prefix(2))
        entries[index].values["flags"] = Array(unit.header.dropFirst(10).prefix(2))
        entries[index].values["identifier"] = unit.identifier
        entries[index].values["digest"] = unit.digest
      }
      payload.lists["entries"] = entries
      var digests: [[UInt8]] = []
      for entry in entries { digests.append(try entry.written("digest")) }
      payload.values["content-root"] = try Self.root(digests)
      let count = Part.number(try payload.written("count"))
      let root = Hexadecimal.text(of: try payload.written("content-root"))
      statement = Array("GB42382-PMP statement 1\nunits \(count)\nroot sha256:\(root)\n".utf8)
    } else if payload.layout == .end {
      let index = zip(units, before).first { $0.0.type == UnitType.index }?.1.offset ?? 0
      payload.values["index-offset"] = UInt64(index).littleEndianBytes
      payload.values["end-offset"] = UInt64(offset).littleEndianBytes
      payload.values["count"] = UInt64(before.count).littleEndianBytes
      payload.values["package-root"] = try Self.root(before.map(\.digest))
    } else if payload.layout == .signature, let signer = unit.signer, let keys {
      guard let statement else {
        throw RecipeError(zh: "签名之前没有索引", en: "no index stands before the signature")
      }
      payload.values["signature"] = try keys.key(signer).signature(over: statement)
    }
    unit.parts["payload"] = payload
  }

  /// Computes the trailer of a payload as it is written; what edits set of it stays.
  private func trail(_ unit: inout Part, _ payload: [UInt8]) throws(RecipeError) {
    guard var trailer = unit.parts["trailer"] else { return }
    var leaves = Part.runs(of: Self.chunk, in: payload[...], "hash")
    let changed = trailer.lists["leaves"] ?? []
    for index in leaves.indices {
      leaves[index].values["hash"] = try Self.digest([0] + (leaves[index].values["hash"] ?? []))
      if changed.indices.contains(index) { leaves[index].changes = changed[index].changes }
    }
    trailer.lists["leaves"] = leaves.count > 1 ? leaves : []
    trailer.values["length"] = UInt64(payload.count).littleEndianBytes
    var hashes: [[UInt8]] = []
    for leaf in leaves { hashes.append(try leaf.written()) }
    trailer.values["root"] = try Self.root(hashes)
    unit.parts["trailer"] = trailer
  }
}
