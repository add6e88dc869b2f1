import Numerics
import Representation
import Storage

/// Turns the JSON of a safetensors header into tensors, token by token: a header of a hundred thousand tensors is common.
struct SafetensorsHeaderParser {
  private(set) var header = SafetensorsHeader()
  private var reader: JSONReader
  private let bytes: [UInt8]
  private let file: String
  private let payloadStart: UInt64
  private var names = NameTable()

  /// The header begins after its length.
  private static let base: UInt64 = 8

  init(_ bytes: [UInt8], file: String, fileSize: UInt64, limits: Limits) {
    self.bytes = bytes
    self.file = file
    // A byte order mark is no `{`, which is said; what follows it is read all the same.
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    reader = JSONReader(
      mark == 0 ? bytes : Array(bytes.dropFirst(mark)), base: Self.base + UInt64(mark),
      depthLimit: limits.depth)
    payloadStart = Self.base + UInt64(bytes.count)
    header.payload = payloadStart..<fileSize
    // An entry takes about eighty bytes; a guess from the bytes that are there bounds the reservation.
    header.tensors.reserveCapacity(bytes.count / 96)
    names.reserveCapacity(bytes.count / 96)
  }

  mutating func parse(_ faults: inout FaultLog) {
    var isWhole = false
    do throws(JSONFault) {
      try entries(&faults)
      isWhole = true
      guard try reader.next() == .end else { return }
      padding(&faults)
    } catch {
      header.isComplete = false
      if !isWhole {
        // Perhaps its length is what is wrong, and the tensors lie elsewhere than they seem to.
        header.tensors = []
        header.payload = nil
      }
      faults.log(error.fault(SafetensorsFault.headerJSON, file: file))
    }
  }

  private mutating func entries(_ faults: inout FaultLog) throws(JSONFault) {
    let first = try reader.next()
    guard first == .objectStart else {
      throw reader.fault(.syntax, expected: "{", actual: Self.kind(first))
    }
    if bytes.first != UInt8(ascii: "{") {
      faults.log(
        SafetensorsFault.startsWithBrace, at: Place(file, offset: Self.base), expected: "0x7B",
        actual: "0x" + String(bytes.first ?? 0, radix: 16, uppercase: true))
    }
    while case .key(let key) = try reader.next() {
      let offset = reader.tokenOffset
      let name = reader.string(key)
      guard names.insert(name) else {
        log(.keysUnique, &faults, at: [name], offset, expected: "1 × \"\(name)\"", actual: "> 1")
        // Free texts are no tensors: the first ones stay, and no tensor is missing.
        if !reader.text(key, equals: "__metadata__") { header.isComplete = false }
        try reader.skip(reader.next())
        continue
      }
      if reader.text(key, equals: "__metadata__") {
        try metadata(&faults)
      } else {
        try tensor(name, at: offset, &faults)
      }
    }
  }

  // MARK: Metadata

  private mutating func metadata(_ faults: inout FaultLog) throws(JSONFault) {
    let token = try reader.next()
    // The format's own reader takes null for no metadata.
    if token == .null { return }
    guard token == .objectStart else {
      log(
        .metadataStrings, &faults, at: ["__metadata__"], reader.tokenOffset, expected: "object",
        actual: Self.kind(token))
      return try reader.skip(token)
    }
    var keys: Set<ExactString> = []
    while case .key(let text) = try reader.next() {
      let key = reader.string(text)
      let isNew = keys.insert(ExactString(key)).inserted
      if !isNew {
        log(
          .keysUnique, &faults, at: ["__metadata__", key], reader.tokenOffset, expected: "1 × \"\(key)\"",
          actual: "> 1")
      }
      let value = try reader.next()
      if case .string(let text) = value {
        if isNew { header.metadata.append(Property(key: key, value: reader.string(text))) }
      } else {
        log(
          .metadataStrings, &faults, at: ["__metadata__", key], reader.tokenOffset, expected: "string",
          actual: Self.kind(value))
        try skip(value, at: ["__metadata__", key], &faults)
      }
    }
  }

  // MARK: Tensors

  /// What an entry was found to hold.
  private struct Entry {
    /// A member that was seen; nil inside where its value could not be understood.
    var type: ElementType??
    var shape: [Dimension]??
    var range: Range<UInt64>??
  }

  private mutating func tensor(
    _ name: String, at offset: UInt64, _ faults: inout FaultLog
  ) throws(JSONFault) {
    let token = try reader.next()
    guard token == .objectStart else {
      log(
        .entryComplete, &faults, at: [name], reader.tokenOffset, expected: "object", actual: Self.kind(token))
      header.isComplete = false
      return try reader.skip(token)
    }
    var entry = Entry()
    var others: Set<ExactString> = []
    while case .key(let key) = try reader.next() {
      let place = reader.tokenOffset
      if reader.text(key, equals: "dtype") {
        if entry.type == nil {
          entry.type = .some(try elementType(of: name, &faults))
        } else {
          try skipSecond("dtype", of: name, at: place, &faults)
        }
      } else if reader.text(key, equals: "shape") {
        if entry.shape == nil {
          entry.shape = .some(try shape(of: name, &faults))
        } else {
          try skipSecond("shape", of: name, at: place, &faults)
        }
      } else if reader.text(key, equals: "data_offsets") {
        if entry.range == nil {
          entry.range = .some(try range(of: name, &faults))
        } else {
          try skipSecond("data_offsets", of: name, at: place, &faults)
        }
      } else {
        log(
          .entryKeysKnown, &faults, at: [name, reader.string(key)], place,
          expected: "dtype, shape, data_offsets", actual: reader.string(key))
        let key = reader.string(key)
        if !others.insert(ExactString(key)).inserted { twice([name, key], at: place, &faults) }
        try skip(reader.next(), at: [name, key], &faults)
      }
    }
    finish(entry, name, at: offset, &faults)
  }

  private mutating func finish(
    _ entry: Entry, _ name: String, at offset: UInt64, _ faults: inout FaultLog
  ) {
    guard let type = entry.type, let shape = entry.shape, let range = entry.range else {
      let members = [
        ("dtype", entry.type == nil), ("shape", entry.shape == nil), ("data_offsets", entry.range == nil),
      ]
      let missing = members.filter(\.1).map(\.0)
      log(
        .entryComplete, &faults, at: [name], offset, expected: "dtype, shape, data_offsets",
        actual: "− " + missing.joined(separator: ", "))
      header.isComplete = false
      return
    }
    guard let type, let shape, let range else {
      header.isComplete = false
      return
    }
    let tensorType = TensorType(type, dims: shape)
    if let bits = type.bits, bits % 8 != 0, let count = tensorType.elementCount,
      (count % 8) * UInt64(bits) % 8 != 0
    {
      log(
        .wholeBytes, &faults, at: [name, "shape"], offset, expected: "n × \(bits) bit = 8 k bit",
        actual: "\(count) × \(bits) bit")
    }
    header.tensors.append(
      SafetensorsHeader.Tensor(name: name, type: tensorType, range: range, place: offset))
  }

  /// The first of two counts; which one was meant, nobody knows.
  private mutating func skipSecond(
    _ member: String, of name: String, at offset: UInt64, _ faults: inout FaultLog
  ) throws(JSONFault) {
    twice([name, member], at: offset, &faults)
    header.isComplete = false
    try reader.skip(reader.next())
  }

  /// - Parameter steps: the names that lead to what stands twice, its own last.
  private func twice(_ steps: [String], at offset: UInt64, _ faults: inout FaultLog) {
    let name = steps.last ?? ""
    log(.keysUnique, &faults, at: steps, offset, expected: "1 × \"\(name)\"", actual: "> 1")
  }

  /// Skips a value that is not kept; that a name stands twice in one of its objects is said there too.
  private mutating func skip(
    _ first: JSONToken, at steps: [String], _ faults: inout FaultLog
  ) throws(JSONFault) {
    var repeated: [(steps: [String], offset: UInt64)] = []
    try reader.skip(first) { repeated.append((steps + $0, $1)) }
    for name in repeated { twice(name.steps, at: name.offset, &faults) }
  }

  private mutating func elementType(
    of name: String, _ faults: inout FaultLog
  ) throws(JSONFault) -> ElementType? {
    let token = try reader.next()
    guard case .string(let text) = token else {
      log(
        .dtypeKnown, &faults, at: [name, "dtype"], reader.tokenOffset, expected: "string",
        actual: Self.kind(token))
      try reader.skip(token)
      return nil
    }
    if let type = SafetensorsElementTypes.type(text, in: reader) { return type }
    let actual = reader.string(text)
    faults.log(
      SafetensorsFault.dtypeKnown, SafetensorsElementTypes.looksLikeType(actual) ? .unsupported : .malformed,
      at: Place(file, offset: reader.tokenOffset, path: JSONPointer.through([name, "dtype"])),
      expected: SafetensorsElementTypes.names.joined(separator: ", "), actual: actual)
    return nil
  }

  private mutating func shape(of name: String, _ faults: inout FaultLog) throws(JSONFault) -> [Dimension]? {
    let token = try reader.next()
    guard token == .arrayStart else {
      log(
        .shapeValid, &faults, at: [name, "shape"], reader.tokenOffset, expected: "[n, …]",
        actual: Self.kind(token))
      try reader.skip(token)
      return nil
    }
    var dims: [Dimension] = []
    var isValid = true
    while true {
      let element = try reader.next()
      if element == .arrayEnd { break }
      if case .number(let digits) = element, let size = reader.unsigned(digits),
        let dim = Int64(exactly: size)
      {
        dims.append(.fixed(dim))
      } else {
        log(
          .shapeValid, &faults, at: [name, "shape"], reader.tokenOffset, expected: "0…\(Int64.max)",
          actual: lexeme(element))
        isValid = false
        try reader.skip(element)
      }
    }
    return isValid ? dims : nil
  }

  private mutating func range(
    of name: String, _ faults: inout FaultLog
  ) throws(JSONFault) -> Range<UInt64>? {
    let token = try reader.next()
    let place = reader.tokenOffset
    guard token == .arrayStart else {
      log(
        .offsetsValid, &faults, at: [name, "data_offsets"], place, expected: "[begin, end]",
        actual: Self.kind(token))
      try reader.skip(token)
      return nil
    }
    var offsets: [UInt64] = []
    var wrong: String?
    var count = 0
    while true {
      let element = try reader.next()
      if element == .arrayEnd { break }
      count += 1
      if case .number(let digits) = element, count <= 2, let offset = reader.unsigned(digits) {
        offsets.append(offset)
      } else {
        wrong = wrong ?? lexeme(element)
        try reader.skip(element)
      }
    }
    guard wrong == nil, offsets.count == 2 else {
      log(
        .offsetsValid, &faults, at: [name, "data_offsets"], place, expected: "[begin, end]",
        actual: wrong ?? "\(count) / 2")
      return nil
    }
    guard offsets[0] <= offsets[1],
      let begin = ByteRange.end(offset: payloadStart, length: offsets[0]),
      let end = ByteRange.end(offset: payloadStart, length: offsets[1])
    else {
      log(
        .offsetsValid, &faults, at: [name, "data_offsets"], place, expected: "begin ≤ end < 2^64",
        actual: "[\(offsets[0]), \(offsets[1])]")
      return nil
    }
    return begin..<end
  }

  // MARK: Faults

  /// The format's own writer pads with spaces so that tensors are aligned.
  private func padding(_ faults: inout FaultLog) {
    guard let end = bytes.lastIndex(of: UInt8(ascii: "}")),
      let other = bytes[end...].dropFirst().firstIndex(where: { $0 != 0x20 })
    else { return }
    faults.log(
      SafetensorsFault.paddedWithSpaces, at: Place(file, offset: Self.base + UInt64(other)), expected: "0x20",
      actual: "0x" + String(bytes[other], radix: 16, uppercase: true))
  }

  private func log(
    _ code: SafetensorsFault, _ faults: inout FaultLog, at steps: [String], _ offset: UInt64,
    expected: String,
    actual: String
  ) {
    faults.log(
      code, at: Place(file, offset: offset, path: JSONPointer.through(steps)), expected: expected,
      actual: actual)
  }

  private func lexeme(_ token: JSONToken) -> String {
    if case .number(let digits) = token { return reader.lexeme(digits) }
    return Self.kind(token)
  }

  private static func kind(_ token: JSONToken) -> String {
    switch token {
    case .objectStart: "object"
    case .arrayStart: "array"
    case .string: "string"
    case .number, .nonFinite: "number"
    case .boolean: "boolean"
    case .null: "null"
    case .objectEnd, .arrayEnd, .key, .end: "EOF"
    }
  }
}
