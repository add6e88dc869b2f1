import Numerics
import Representation
import Storage

/// Compressed content (profile clause 7.1, section 6).
extension NativeDecoder {
  /// What a chain left, and its stages; withheld where something of it could not be read, which has a fault of its own then.
  mutating func compressedContent(_ message: inout WireMessage) throws(Fault) -> TensorContent {
    let wasDamaged = isDamaged
    let unknownBefore = unknownMethods
    isDamaged = false
    var content = CompressedContent(stages: [], payload: nil)
    var seen = SeenFields()
    while let field = try next(&message, &seen, .compressedContent) {
      if field.number == 1 {
        try append(field, in: message, "stages", to: &content.stages) { (decoder, message) throws(Fault) in
          try decoder.stage(&message)
        }
      } else {
        content.payload = try side(field, in: message, "payload")
      }
    }
    let isReadable = !isDamaged
    isDamaged = isDamaged || wasDamaged || unknownMethods > unknownBefore
    return isReadable ? .compressed(content) : .withheld
  }

  private mutating func stage(_ message: inout WireMessage) throws(Fault) -> Stage {
    let wasDamaged = isDamaged
    isDamaged = false
    var stage: Stage?
    var seen = SeenFields()
    while let field = try next(&message, &seen, .stage) {
      stage = try method(field, in: message)
    }
    if let stage {
      isDamaged = isDamaged || wasDamaged
      return stage
    }
    guard seen.hasUnknown else {
      if !isDamaged { logMissing("a method", message) }
      isDamaged = true
      return .unknown(0)
    }
    // A method of another version leaves the chain as it is: what it comes to is for who decodes it to say.
    isDamaged = wasDamaged
    unknownMethods += 1
    return .unknown(UInt64(seen.highest))
  }

  private mutating func method(_ field: WireField, in parent: WireMessage) throws(Fault) -> Stage? {
    switch field.number {
    case 1:
      let stage = try nested(field, in: parent, "permute") { (decoder, message) throws(Fault) in
        PermuteStage(axes: try decoder.numbers(&message))
      }
      return stage.map(Stage.permute)
    case 2: return try empty(field, in: parent, "parts", .parts)
    case 3: return try empty(field, in: parent, "codes", .codes)
    case 4: return try empty(field, in: parent, "planes", .planes)
    case 5:
      let stage = try nested(field, in: parent, "pack") { (decoder, message) throws(Fault) in
        PackStage(width: try decoder.number32(&message))
      }
      return stage.map(Stage.pack)
    case 6: return try empty(field, in: parent, "trits", .trits)
    case 7:
      let stage = try nested(field, in: parent, "reshape") { (decoder, message) throws(Fault) in
        ReshapeStage(sizes: try decoder.numbers(&message))
      }
      return stage.map(Stage.reshape)
    case 10: return try descriptor(field, in: parent, "sparse", Self.sparse).map(Stage.sparse)
    case 11: return try descriptor(field, in: parent, "outliers", Self.outliers).map(Stage.outliers)
    case 12: return try descriptor(field, in: parent, "lowRank", Self.lowRank).map(Stage.lowRank)
    case 13: return try descriptor(field, in: parent, "circulant", Self.circulant).map(Stage.circulant)
    case 14: return try descriptor(field, in: parent, "reference", Self.reference).map(Stage.reference)
    case 20: return try descriptor(field, in: parent, "uniform", Self.uniform).map(Stage.uniform)
    case 21: return try descriptor(field, in: parent, "codebook", Self.codebook).map(Stage.codebook)
    case 22: return try descriptor(field, in: parent, "scaledFloat", Self.scaledFloat).map(Stage.scaledFloat)
    case 23: return try descriptor(field, in: parent, "sign", Self.sign).map(Stage.sign)
    case 30: return try descriptor(field, in: parent, "entropy", Self.entropy).map(Stage.entropy)
    case 31: return try empty(field, in: parent, "zstd", .zstd)
    case 40: return try descriptor(field, in: parent, "delta", Self.delta).map(Stage.delta)
    default: return try descriptor(field, in: parent, "adapter", Self.adapter).map(Stage.adapter)
    }
  }

  // MARK: Parts of descriptors

  private mutating func descriptor<Descriptor>(
    _ field: WireField, in parent: WireMessage, _ name: StaticString,
    _ read: (inout NativeDecoder, inout WireMessage) throws(Fault) -> Descriptor
  ) throws(Fault) -> Descriptor? {
    try nested(field, in: parent, name) { (decoder, message) throws(Fault) in
      try read(&decoder, &message)
    }
  }

  private mutating func empty(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, _ stage: Stage
  ) throws(Fault) -> Stage? {
    try nested(field, in: parent, name) { (decoder, message) throws(Fault) in
      var seen = SeenFields()
      while try decoder.next(&message, &seen, .emptyStage) != nil {}
      return stage
    }
  }

  /// The one list of numbers of a message.
  private mutating func numbers(_ message: inout WireMessage) throws(Fault) -> [Int64] {
    var numbers: [Int64] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .numbersStage) { try appendSigned(field, to: &numbers) }
    return numbers
  }

  /// The one number of a message.
  private mutating func number32(_ message: inout WireMessage) throws(Fault) -> UInt64 {
    var number: UInt64 = 0
    var seen = SeenFields()
    while let field = try next(&message, &seen, .numberStage) { number = UInt64(try unsigned32(field)) }
    return number
  }

  /// A side tensor, or a payload.
  mutating func side(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, _ index: Int = -1
  ) throws(Fault) -> Tensor? {
    try nested(field, in: parent, name, index) { (decoder, message) throws(Fault) in
      try decoder.tensor(&message)
    }
  }

  /// A code of an enumeration with so many values, from one; one that is not listed is logged.
  mutating func code(_ field: WireField, of count: UInt64) throws(Fault) -> UInt64 {
    try wire.expect(field, .varint)
    if field.value > count { logUnknownCode(field, expected: "1–\(count)") }
    return field.value
  }

  /// A base; it may be without a name or digest only in a broken file.
  mutating func base(_ field: WireField, in parent: WireMessage) throws(Fault) -> BaseTensor? {
    try nested(field, in: parent, "base") { (decoder, message) throws(Fault) in
      var base = BaseTensor(model: nil, variable: "", digest: nil)
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .baseTensor) {
        switch field.number {
        case 1: base.model = try decoder.digest(field, in: message)
        case 2: base.variable = try decoder.text(field)
        default: base.digest = try decoder.digest(field, in: message)
        }
      }
      if !seen.contains(2) { decoder.logMissing("variable", message) }
      if !seen.contains(3) { decoder.logMissing("digest", message) }
      return base
    }
  }
}
