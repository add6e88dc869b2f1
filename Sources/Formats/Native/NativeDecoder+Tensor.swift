import Representation
import Storage

extension NativeDecoder {
  /// A variable; it may be without a tensor only in a broken file.
  mutating func variable(_ message: inout WireMessage) throws(Fault) -> Variable {
    var variable = Variable("", tensor: Tensor(TensorType(nil, dims: nil), .absent))
    var seen = SeenFields()
    while let field = try next(&message, &seen, .variable) {
      switch field.number {
      case 1: variable.name = try text(field)
      case 2: variable.kind = try variableKind(field)
      case 3: variable.trainable = try boolean(field)
      case 4: variable.tiedTo = try text(field)
      default:
        let tensor = try nested(field, in: message, "tensor") { (decoder, message) throws(Fault) in
          try decoder.tensor(&message)
        }
        if let tensor { variable.tensor = tensor }
      }
    }
    if !seen.contains(5) { logMissing("tensor", message) }
    return variable
  }

  /// A tensor.
  mutating func tensor(_ message: inout WireMessage) throws(Fault) -> Tensor {
    var tensor = Tensor(TensorType(nil, dims: nil), .absent)
    var seen = SeenFields()
    while let field = try next(&message, &seen, .tensor) {
      switch field.number {
      case 1:
        let type = try nested(field, in: message, "type") { (decoder, message) throws(Fault) in
          try decoder.tensorType(&message)
        }
        if let type { tensor.type = type }
      case 2:
        let range = try nested(field, in: message, "stored") { (decoder, message) throws(Fault) in
          try decoder.byteRange(&message)
        }
        if let range { tensor.content = .stored(range) }
      case 3:
        tensor.content = .inline(try wire.bytes(field))
      case 4:
        let texts = try nested(field, in: message, "strings") { (decoder, message) throws(Fault) in
          try decoder.texts(&message)
        }
        if let texts { tensor.content = .strings(texts) }
      case 5:
        let content = try nested(field, in: message, "sparse") { (decoder, message) throws(Fault) in
          try decoder.sparseContent(&message)
        }
        if let content { tensor.content = content }
      case 6:
        tensor.digest = try digest(field, in: message)
      case 8:
        // A reader of the version that the file states does not know the field.
        guard minor >= NativeForm.minorOfCompression else {
          isDamaged = true
          log(.fieldsKnown, field, expected: "minor ≥ \(NativeForm.minorOfCompression)", actual: "8")
          tensor.content = .withheld
          continue
        }
        tensor.content = .withheld
        let content = try nested(field, in: message, "compressed") { (decoder, message) throws(Fault) in
          try decoder.compressedContent(&message)
        }
        if let content { tensor.content = content }
      default:
        tensor.compressionChain = try text(field)
      }
    }
    if !seen.contains(1) { logMissing("type", message) }
    return tensor
  }

  /// The type of a tensor.
  mutating func tensorType(_ message: inout WireMessage) throws(Fault) -> TensorType {
    var type = TensorType(nil, dims: nil)
    var seen = SeenFields()
    while let field = try next(&message, &seen, .tensorType) {
      if field.number == 1 {
        type.elementType = try elementType(field)
      } else {
        type.dims = try nested(field, in: message, "shape") { (decoder, message) throws(Fault) in
          try decoder.shape(&message)
        }
      }
    }
    return type
  }

  private mutating func shape(_ message: inout WireMessage) throws(Fault) -> [Dimension] {
    var sizes: [Int64] = []
    var dims: [Dimension] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .shape) {
      if field.number == 1 {
        try appendSigned(field, to: &sizes)
      } else {
        let dimension = try nested(field, in: message, "dims", dims.count) {
          (decoder, message) throws(Fault) in try decoder.dimension(&message)
        }
        // One that is broken keeps its place, so that the others keep theirs.
        dims.append(dimension ?? .unknown)
      }
    }
    if dims.isEmpty { return sizes.map(Dimension.fixed) }
    if !sizes.isEmpty {
      faults.log(NativeFault.shapeForms, at: place(message.end), actual: "sizes, dims")
    }
    // Canonical encoding is not asked of JSON.
    if json == nil, dims.allSatisfy({ if case .fixed = $0 { true } else { false } }) {
      faults.log(NativeFault.canonicalShapes, at: place(message.end), expected: "sizes", actual: "dims")
    }
    return dims
  }

  private mutating func dimension(_ message: inout WireMessage) throws(Fault) -> Dimension {
    var dimension = Dimension.unknown
    var seen = SeenFields()
    while let field = try next(&message, &seen, .dimension) {
      dimension = field.number == 1 ? .fixed(try signed(field)) : .symbolic(try text(field))
    }
    return dimension
  }

  private mutating func byteRange(_ message: inout WireMessage) throws(Fault) -> ByteRange {
    var range = ByteRange(file: 0, offset: 0, length: 0)
    var seen = SeenFields()
    while let field = try next(&message, &seen, .byteRange) {
      switch field.number {
      case 1: range.file = Int(try unsigned32(field))
      case 2: range.offset = try unsigned(field)
      default: range.length = try unsigned(field)
      }
    }
    return range
  }

  /// A list of byte strings.
  mutating func texts(_ message: inout WireMessage) throws(Fault) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .list) {
      try wire.hold(UInt64(MemoryLayout<[UInt8]>.stride), at: field.offset)
      texts.append(try wire.bytes(field))
    }
    return texts
  }

  private mutating func sparseContent(_ message: inout WireMessage) throws(Fault) -> TensorContent {
    var values: Tensor?
    var indices: Tensor?
    var seen = SeenFields()
    while let field = try next(&message, &seen, .sparseContent) {
      let isValues = field.number == 1
      let tensor = try nested(field, in: message, isValues ? "values" : "indices") {
        (decoder, message) throws(Fault) in try decoder.tensor(&message)
      }
      if isValues { values = tensor } else { indices = tensor }
    }
    if !seen.contains(1) { logMissing("values", message) }
    if !seen.contains(2) { logMissing("indices", message) }
    guard let values, let indices else { return .absent }
    return .sparse(values: values, indices: indices)
  }

  /// A declared digest.
  mutating func digest(_ field: WireField, in parent: WireMessage) throws(Fault) -> DeclaredDigest? {
    try nested(field, in: parent, "digest") { (decoder, message) throws(Fault) in
      var digest = DeclaredDigest(algorithm: "", value: "")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .digest) {
        if field.number == 1 {
          digest.algorithm = try decoder.text(field)
        } else {
          digest.value = try decoder.text(field)
        }
      }
      return digest
    }
  }
}
