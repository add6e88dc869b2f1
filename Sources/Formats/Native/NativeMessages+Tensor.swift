import Representation
import Storage

extension PMRVariable {
  /// The message for a variable of a list of the model or of a graph.
  init(_ variable: Variable, in parent: ModelPath, list: String) throws(NativeWriter.Failure) {
    self.init()
    name = variable.name
    kind = PMRVariableKind(variable.kind)
    if let value = variable.trainable { trainable = value }
    if let value = variable.tiedTo { tiedTo = value }
    tensor = try PMRTensor(variable.tensor, at: parent.named(list, variable.name))
  }
}

extension PMRTensor {
  /// The message for a tensor.
  init(_ tensor: Tensor, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    type = PMRTensorType(tensor.type)
    switch tensor.content {
    case .stored(let range):
      stored = try PMRByteRange(range, at: path)
    case .compressed(let content):
      compressed = try PMRCompressedContent(content, at: path)
    case .encoded:
      throw NativeWriter.Failure(at: path, reason: .encodedContent)
    case .inline(let bytes):
      inline = NativeWriter.data(bytes)
    case .strings(let elements):
      strings = PMRTexts(elements)
    case .sparse(let values, let indices):
      var message = PMRSparseContent()
      message.values = try PMRTensor(values, at: path.field("values"))
      message.indices = try PMRTensor(indices, at: path.field("indices"))
      sparse = message
    case .absent, .withheld:
      break
    }
    if let value = tensor.digest { digest = PMRDigest(value) }
    if let value = tensor.compressionChain { compressionChain = value }
  }
}

extension PMRTensorType {
  /// The message for a tensor type.
  init(_ type: TensorType) {
    self.init()
    elementType = PMRElementType(type.elementType)
    if let dims = type.dims { shape = PMRShape(dims) }
  }
}

extension PMRShape {
  /// The canonical message for dims: sizes where all are numbers, dims otherwise.
  fileprivate init(_ source: [Dimension]) {
    self.init()
    sizes.reserveCapacity(source.count)
    for dim in source {
      guard case .fixed(let size) = dim else {
        sizes = []
        dims = source.map(PMRDimension.init)
        return
      }
      sizes.append(size)
    }
  }
}

extension PMRDimension {
  fileprivate init(_ source: Dimension) {
    self.init()
    switch source {
    case .fixed(let value): fixed = value
    case .symbolic(let value): symbolic = value
    case .unknown: break
    }
  }
}

extension PMRByteRange {
  fileprivate init(_ range: ByteRange, at path: ModelPath) throws(NativeWriter.Failure) {
    guard let index = UInt32(exactly: range.file) else {
      throw NativeWriter.Failure(at: path, reason: .fileIndex)
    }
    self.init()
    file = index
    offset = range.offset
    length = range.length
  }
}

extension PMRTexts {
  /// The message for a list of byte strings.
  init(_ elements: [[UInt8]]) {
    self.init()
    values = elements.map(NativeWriter.data)
  }
}

extension Float {
  /// The number, with the one bit pattern that the native form has for NaN.
  var canonical: Float { isNaN ? Float(bitPattern: NativeForm.nan32) : self }
}

extension Double {
  /// The number, with the one bit pattern that the native form has for NaN.
  var canonical: Double { isNaN ? Double(bitPattern: NativeForm.nan64) : self }
}

extension NativeForm {
  /// The canonical NaN of a 32-bit number: positive, quiet, no payload.
  static let nan32: UInt32 = 0x7fc0_0000
  /// The canonical NaN of a 64-bit number: positive, quiet, no payload.
  static let nan64: UInt64 = 0x7ff8_0000_0000_0000
}
