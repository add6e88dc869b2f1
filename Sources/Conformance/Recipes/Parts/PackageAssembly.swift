import Configuration
import Storage

/// A package taken apart into units, to be put together again: everything that follows from something else is computed anew, but for
/// what edits set (conformance/vectors.md). Written from profile clause 8.2 for recipes alone, apart from what the tool reads packages with.
struct PackageAssembly: Sendable {
  static let magic = Array("\u{89}PMP\r\n\u{1A}\n".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
  static let chunk = 1 << 20

  /// The units, and what stands behind the last one.
  var units: [Part] = []
  var rest = Part(PartLayout([.bytes("rest", .rest)]))
  /// Whether the entries of the index are made from the units; no longer once an entry was changed.
  private(set) var entriesFollow = true
  private var nextTag = 0

  /// Takes a valid package apart.
  init(_ bytes: [UInt8]) throws(RecipeError) {
    var offset = 0
    repeat {
      let unit = try unit(bytes, &offset)
      units.append(unit)
    } while offset < bytes.count && units.last?.type != UnitType.end
    rest.values["rest"] = Array(bytes[offset...])
    guard try written().bytes == bytes else {
      throw RecipeError(
        zh: "封装不合规程，不能拆分；改动单元须在改动字节之前",
        en: "only a valid package can be taken apart; change units before bytes")
    }
  }

  private mutating func unit(_ bytes: [UInt8], _ offset: inout Int) throws(RecipeError) -> Part {
    func take(_ count: Int) throws(RecipeError) -> ArraySlice<UInt8> {
      guard count >= 0, count <= bytes.count - offset else { throw .doesNotFit }
      defer { offset += count }
      return bytes[offset..<offset + count]
    }
    let header = try Part(.header, try take(32))
    guard let length = Int(exactly: header.number("length")) else { throw .doesNotFit }
    let layout = PartLayout.payload(ofType: header.number("type"))
    var unit = Part(.unit(layout))
    unit.tag = tag()
    unit.parts["header"] = header
    unit.values["identifier"] = Array(try take(Int(header.number("identifier-length"))))
    _ = try take(Self.padding(offset, length))
    let payload = try take(length)
    if layout == .content {
      unit.parts["payload"]?.lists["chunks"] = Part.runs(of: Self.chunk, in: payload, "content")
    } else {
      unit.parts["payload"] = try Part(layout, payload)
    }
    let chunks = (length + Self.chunk - 1) / Self.chunk
    _ = try take((chunks > 1 ? 32 * chunks : 0) + 40)
    return unit
  }

  private mutating func tag() -> Int {
    defer { nextTag += 1 }
    return nextTag
  }

  /// How many bytes of padding stand before a payload of that length.
  static func padding(_ offset: Int, _ length: Int) -> Int {
    let step = length >= 65536 ? 4096 : 64
    return (step - offset % step) % step
  }
}

/// Edits.
extension PackageAssembly {
  /// Makes a change where a path leads.
  mutating func apply(_ edit: PartEdit, at text: String, _ keys: TestKeys) throws(RecipeError) {
    let path = try PartPath(text).steps
    guard let first = path.first else { return }
    if first.name == "rest" { return try rest.apply(edit, at: path[...]) }
    if case .add(let value) = edit, path.count == 1, first.name == "units", first.selector == nil {
      let unit = try made(value, keys)
      units.append(unit)
      return
    }
    let place = try place(of: first)
    let inner = Self.inside(path.dropFirst())
    if case .sign(let name) = edit, inner.isEmpty {
      return try sign(place, name, keys)
    }
    if case .seal(let name) = edit, inner.isEmpty {
      return try seal(place, name, keys)
    }
    if inner.isEmpty, edit.isOfItems {
      var changed = units
      try changed.apply(edit, at: place) { value throws(RecipeError) in try made(value, keys) }
      units = changed
      return
    }
    if units[place].type == UnitType.index, inner.count > 1, inner.dropFirst().first?.name == "entries",
      entriesFollow
    {
      // From here on entries are what edits make of them.
      let entries = try entries(before: place)
      units[place].parts["payload"]?.lists["entries"] = entries
      entriesFollow = false
    }
    try units[place].apply(edit, at: inner)
  }

  /// The unit that the first step of a path means: `units[…]`, `signatures[…]`, or the only one of a type.
  private func place(of step: PartPath.Step) throws(RecipeError) -> Int {
    if step.name == "units" { return try units.place(step.selector, of: step.name) }
    if step.name == "signatures", case .number(let index)? = step.selector {
      let places = units.indices.filter { units[$0].type == UnitType.signature }
      if places.indices.contains(index) { return places[index] }
    } else if let type = UnitType.names[step.name], step.selector == nil,
      let place = units.firstIndex(where: { $0.type == type })
    {
      return place
    }
    throw RecipeError(zh: "封装中没有 \(step.name)", en: "the package has no \(step.name)")
  }

  /// What a path means inside a unit; members of the payload need not say so.
  private static func inside(_ steps: ArraySlice<PartPath.Step>) -> ArraySlice<PartPath.Step> {
    guard let first = steps.first else { return steps }
    let own = ["header", "identifier", "padding", "payload", "trailer"]
    return own.contains(first.name) ? steps : [.init(name: "payload", selector: nil)] + steps
  }

  /// A path as marks call it.
  func mark(_ text: String) throws(RecipeError) -> String {
    let path = try PartPath(text).steps
    guard let first = path.first, first.name != "rest" else { return text }
    var mark = "units[\(try place(of: first))]"
    for step in Self.inside(path.dropFirst()) {
      mark += ".\(step.name)"
      if case .number(let index)? = step.selector { mark += "[\(index)]" }
    }
    return mark
  }

  /// A new unit.
  private mutating func made(_ value: YAMLValue, _ keys: TestKeys) throws(RecipeError) -> Part {
    let description = try UnitDescription(value)
    var unit = Part(.unit(description.layout))
    unit.tag = tag()
    unit.parts["header"]?.values["magic"] = Self.magic
    unit.parts["header"]?.values["type"] = description.type.littleEndianBytes.prefix(2).map(\.self)
    unit.parts["header"]?.values["flags"] = description.flags.littleEndianBytes.prefix(2).map(\.self)
    unit.parts["header"]?.values["reserved"] = [UInt8](repeating: 0, count: 6)
    unit.values["identifier"] = description.identifier
    unit.parts["payload"] = try description.payload()
    if let name = description.signer {
      let key = try keys.key(name)
      unit.signer = name
      unit.values["identifier"] = Array(try key.identifier().utf8)
      unit.parts["payload"]?.values["algorithm"] = [1, 0]
      unit.parts["payload"]?.values["key-form"] = [1, 0]
      unit.parts["payload"]?.values["key"] = key.publicKey
    }
    return unit
  }

  private mutating func sign(_ place: Int, _ name: String, _ keys: TestKeys) throws(RecipeError) {
    guard units[place].parts["payload"]?.layout == .signature else {
      throw RecipeError(zh: "只有签名单元可以签名", en: "only a signature unit can be signed")
    }
    _ = try keys.key(name)
    units[place].signer = name
  }

  /// Entries of the index, still without what follows from the units.
  func entries(before place: Int) throws(RecipeError) -> [Part] {
    guard case .list(let layout) = try PartLayout.index.member("entries").kind else { return [] }
    return units[..<place].map { unit in
      var entry = Part(layout)
      entry.tag = unit.tag
      entry.values["identifier"] = unit.values["identifier"]
      return entry
    }
  }
}

/// Hashes of section 2.3.
extension PackageAssembly {
  static func digest(_ bytes: [UInt8]) throws(RecipeError) -> [UInt8] {
    do throws(Fault) {
      return try Digest.of(bytes, .sha256).bytes
    } catch {
      throw RecipeError(zh: "系统缺少 SHA-256", en: "the system lacks SHA-256")
    }
  }

  /// The root of a tree, from above: the left part has the largest power of two of hashes that leaves a right part.
  static func root(_ hashes: [[UInt8]]) throws(RecipeError) -> [UInt8] {
    guard hashes.count > 1 else { return hashes.first ?? [UInt8](repeating: 0, count: 32) }
    var cut = 1
    while cut * 2 < hashes.count { cut *= 2 }
    return try digest([1] + root(Array(hashes[..<cut])) + root(Array(hashes[cut...])))
  }
}

/// Types of units.
enum UnitType {
  static let index: UInt64 = 0xFFF0
  static let signature: UInt64 = 0xFFF1
  static let end: UInt64 = 0xFFF2
  static let names: [String: UInt64] = [
    "start": 1, "rights": 2, "structure": 3, "statement": 4, "parameters": 5, "asset": 6, "index": index,
    "signature": signature, "end": end,
  ]
}

extension Part {
  /// The type of a unit.
  var type: UInt64? { parts["header"]?.number("type") }
}
