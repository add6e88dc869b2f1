import Numerics
import Representation
import Storage

/// ValueInfoProto, TypeProto, TensorShapeProto.
extension ONNXDecoder {
  /// Reads a named value and appends it.
  ///
  /// - Parameter isInterface: whether it is an input or output of the main graph, which says more of itself than others.
  mutating func readValue(
    _ field: WireField, in parent: WireMessage, into values: inout [Value], list: String,
    isInterface: Bool = false
  ) throws(Fault) {
    try count(Value.self, at: field)
    let depth = trail.count
    trail.append(.element(list, values.count))
    do throws(Fault) {
      var message = try wire.message(field, in: parent)
      var value = Value("")
      var lacksShape = false
      var seen: UInt64 = 0
      while let field = try wire.next(&message) {
        switch field.number {
        case 1:
          once(field, &seen, in: "ValueInfoProto")
          value.name = try text(field)
          trail[depth] = .named(list, value.name)
        case 2:
          once(field, &seen, in: "ValueInfoProto")
          trail.append(.field("type"))
          (value.type, lacksShape) = try readType(try wire.message(field, in: message))
          trail.removeLast()
        case 3:
          once(field, &seen, in: "ValueInfoProto")
          try judgeText(field)
        case 4:
          needs(10, "metadata_props", at: field.offset)
          try judge(field, in: message, as: .pair)
        default: unknown(field, in: "ValueInfoProto")
        }
      }
      if isInterface, lacksShape { log(.interfaceShape, at: field.offset, expected: "shape") }
      values.append(value)
      trail.removeLast()
    } catch {
      try recover(error, to: depth, lost: [.graphs])
    }
  }

  /// Reads a type, and tells whether it is that of a tensor without a shape; the last one of several counts.
  mutating func readType(_ whole: WireMessage) throws(Fault) -> (type: ValueType?, lacksShape: Bool) {
    var message = whole
    var result: (type: ValueType?, lacksShape: Bool) = (nil, false)
    var opaque: WireField?
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      if field.number == 6 {
        once(field, &seen, in: "TypeProto")
        try judgeText(field)
        continue
      }
      // All the others stand for one choice.
      guard [1, 4, 5, 7, 8, 9].contains(field.number) else {
        unknown(field, in: "TypeProto")
        continue
      }
      if seen & 1 != 0 { log(.repeatedField, at: field.offset, expected: "1 ×", actual: "TypeProto.value") }
      seen |= 1
      opaque = nil
      let inner = try wire.message(field, in: message)
      switch field.number {
      case 1:
        let type = try readTensorType(inner)
        result = (.tensor(type), type.dims == nil)
      case 8:
        needs(8, "sparse_tensor_type", at: field.offset)
        let type = try readTensorType(inner)
        result = (.sparseTensor(type), type.dims == nil)
      case 4: result = (.sequence(try readElementType(inner, in: "TypeProto.Sequence")), false)
      case 9:
        needs(8, "optional_type", at: field.offset)
        result = (.optional(try readElementType(inner, in: "TypeProto.Optional")), false)
      case 5: result = (try readMapType(inner), false)
      default:
        result = (nil, false)
        opaque = field
      }
    }
    if let opaque {
      log(.valueType, .unsupported, at: opaque.offset, actual: "opaque_type")
      known.subtract([.graphs])
    }
    return result
  }

  private mutating func readTensorType(_ whole: WireMessage) throws(Fault) -> TensorType {
    var message = whole
    var type = TensorType(nil, dims: nil)
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      switch field.number {
      case 1:
        once(field, &seen, in: "TypeProto.Tensor")
        type.elementType = elementType(try wire.integer32(field), at: field.offset)
      case 2:
        once(field, &seen, in: "TypeProto.Tensor")
        type.dims = try readShape(try wire.message(field, in: message), into: type.dims ?? [])
      default: unknown(field, in: "TypeProto.Tensor")
      }
    }
    return type
  }

  /// The element type of a code; logs one that there is not.
  mutating func elementType(_ code: Int32, at offset: UInt64) -> ElementType? {
    guard let type = ONNXDataType.elementType(code) else {
      log(
        .dataType, code > ONNXDataType.last ? .unsupported : .malformed, at: offset,
        expected: "1…\(ONNXDataType.last)", actual: "\(code)")
      // Something stands there that means nothing to this reader: that is said, and nothing is called missing.
      known.subtract([.graphs, .parameters])
      return nil
    }
    needs(ONNXDataType.version(code), type.rawValue, at: offset)
    return type
  }

  private mutating func readElementType(_ whole: WireMessage, in name: String) throws(Fault) -> ValueType? {
    var message = whole
    var type: ValueType?
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      if field.number == 1 {
        once(field, &seen, in: name)
        type = try readType(try wire.message(field, in: message)).type
      } else {
        unknown(field, in: name)
      }
    }
    return type
  }

  private mutating func readMapType(_ whole: WireMessage) throws(Fault) -> ValueType? {
    var message = whole
    var key: ElementType?
    var hasKey = false
    var value: ValueType?
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      switch field.number {
      case 1:
        once(field, &seen, in: "TypeProto.Map")
        hasKey = true
        key = elementType(try wire.integer32(field), at: field.offset)
      case 2:
        once(field, &seen, in: "TypeProto.Map")
        value = try readType(try wire.message(field, in: message)).type
      default: unknown(field, in: "TypeProto.Map")
      }
    }
    guard let key else {
      if !hasKey { log(.dataType, at: whole.position, expected: "key_type") }
      // A map is there, whatever its keys are.
      known.subtract([.graphs])
      return nil
    }
    return .map(key: key, value: value)
  }

  private mutating func readShape(_ whole: WireMessage, into start: [Dimension]) throws(Fault) -> [Dimension]
  {
    var message = whole
    var dims = start
    while let field = try wire.next(&message) {
      guard field.number == 1 else {
        unknown(field, in: "TensorShapeProto")
        continue
      }
      try wire.hold(UInt64(MemoryLayout<Dimension>.stride), at: field.offset)
      var inner = try wire.message(field, in: message)
      var dim = Dimension.unknown
      var seen: UInt64 = 0
      while let field = try wire.next(&inner) {
        if field.number <= 2, seen & 0b110 & ~(1 << UInt64(field.number)) != 0 {
          log(
            .repeatedField, at: field.offset, expected: "1 ×", actual: "TensorShapeProto.Dimension.value")
        } else if field.number <= 3 {
          once(field, &seen, in: "TensorShapeProto.Dimension")
        }
        switch field.number {
        case 1: dim = .fixed(try wire.integer(field))
        case 2:
          // Some exporters write an empty name where they mean that nothing is known.
          let name = try text(field)
          dim = name.isEmpty ? .unknown : .symbolic(name)
        case 3: try judgeText(field)
        default: unknown(field, in: "TensorShapeProto.Dimension")
        }
      }
      dims.append(dim)
    }
    return dims
  }
}
