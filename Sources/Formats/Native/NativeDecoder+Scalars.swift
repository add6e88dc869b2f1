import Numerics
import Representation
import Storage

extension NativeDecoder {
  /// A text; one that is not UTF-8 is logged and repaired, so that reading can go on.
  mutating func text(_ field: WireField) throws(Fault) -> String {
    let (text, isValid) = try wire.repairedString(field)
    if isValid { return text }
    isGarbled = true
    faults.log(wire.fault(.text, field.start, expected: "UTF-8"))
    // Texts that differ stay different, so that nobody calls two names equal for having been repaired alike.
    let bytes = try wire.bytes(field)
    let alike = repairedTexts[ExactString(text), default: [:]]
    let number = alike[bytes] ?? alike.count + 1
    repairedTexts[ExactString(text), default: [:]][bytes] = number
    return number == 1 ? text : "\(text) (\(number))"
  }

  /// A count, a size or an offset.
  mutating func unsigned(_ field: WireField) throws(Fault) -> UInt64 {
    try wire.expect(field, .varint)
    return field.value
  }

  /// A number of 32 bits.
  mutating func unsigned32(_ field: WireField) throws(Fault) -> UInt32 {
    try wire.expect(field, .varint)
    guard let value = UInt32(exactly: field.value) else {
      throw Fault(
        NativeFault.integerRange, at: place(field.offset), expected: "< 2^32", actual: "\(field.value)")
    }
    return value
  }

  /// A signed number, which is written zigzag.
  mutating func signed(_ field: WireField) throws(Fault) -> Int64 {
    try wire.expect(field, .varint)
    return Int64(zigzag: field.value)
  }

  /// A truth value.
  mutating func boolean(_ field: WireField) throws(Fault) -> Bool {
    try wire.expect(field, .varint)
    if field.value > 1 { log(.integerRange, field, expected: "0, 1", actual: "\(field.value)") }
    return field.value != 0
  }

  /// A number of 32 bits with a fraction; a NaN that is not the canonical one is logged.
  mutating func float(_ field: WireField) throws(Fault) -> Float {
    let value = try wire.float(field)
    if value.isNaN, value.bitPattern != NativeForm.nan32 {
      log(.canonicalNaN, field, expected: "7fc00000", actual: String(value.bitPattern, radix: 16))
    }
    return value
  }

  /// A number of 64 bits with a fraction; a NaN that is not the canonical one is logged.
  mutating func double(_ field: WireField) throws(Fault) -> Double {
    let value = try wire.double(field)
    if value.isNaN, value.bitPattern != NativeForm.nan64 {
      log(.canonicalNaN, field, expected: "7ff8000000000000", actual: String(value.bitPattern, radix: 16))
    }
    return value
  }

  /// Appends the signed numbers of a list, packed or alone.
  mutating func appendSigned(_ field: WireField, to list: inout [Int64]) throws(Fault) {
    guard field.type == .length else {
      let value = try signed(field)
      try wire.hold(8, at: field.offset)
      list.append(value)
      return
    }
    var packed = WireMessage(position: field.start, end: field.end, depth: 0)
    var isMinimal = true
    while !packed.isAtEnd {
      let start = packed.position
      let value = try wire.varint(&packed)
      isMinimal = isMinimal && packed.position - start == WireField.size(value)
      try wire.hold(8, at: field.offset)
      list.append(Int64(zigzag: value))
    }
    if !isMinimal { log(.minimalIntegers, field) }
  }

  /// Appends the 32-bit numbers of a list, packed or alone; a NaN that is not the canonical one is logged.
  mutating func appendFloats(_ field: WireField, to list: inout [Float]) throws(Fault) {
    let first = list.count
    try wire.floats(field, to: &list)
    for value in list[first...] where value.isNaN && value.bitPattern != NativeForm.nan32 {
      log(.canonicalNaN, field, expected: "7fc00000", actual: String(value.bitPattern, radix: 16))
    }
  }

  /// An element type; nil for UNSPECIFIED, and for a code that is not listed, which is logged.
  mutating func elementType(_ field: WireField) throws(Fault) -> ElementType? {
    try wire.expect(field, .varint)
    let type = ElementType(nativeCode: field.value)
    if type == nil, field.value != 0 {
      logUnknownCode(field, expected: "1–\(ElementType.nativeCodes.count)")
    }
    return type
  }

  /// What a variable is to the model; nil for UNSPECIFIED, and for a code that is not listed, which is logged.
  mutating func variableKind(_ field: WireField) throws(Fault) -> Variable.Kind? {
    try wire.expect(field, .varint)
    let kind = Variable.Kind(nativeCode: field.value)
    if kind == nil, field.value != 0 { logUnknownCode(field, expected: "1–3") }
    return kind
  }

  /// Logs a code that the profile does not list; it stands for something, so that nobody may say that nothing was there.
  mutating func logUnknownCode(_ field: WireField, expected: String) {
    isDamaged = true
    var actual = "\(field.value)"
    if let names = json?.unlistedValues, field.value >= NativeJSON.firstUnlistedCode,
      let index = Int(exactly: field.value - NativeJSON.firstUnlistedCode), names.indices.contains(index)
    {
      actual = names[index]
    }
    // Zero means the same in every minor version.
    let kind: Fault.Kind = isNewer && field.value != 0 ? .unsupported : .malformed
    log(.enumeratedValues, field, kind: kind, expected: expected, actual: actual)
  }
}

extension Int64 {
  /// The number that a zigzag encoding stands for: 0, −1, 1, −2, …
  init(zigzag value: UInt64) {
    self = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
