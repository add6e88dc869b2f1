import Numerics
import Representation
import Storage

/// TensorProto and SparseTensorProto.
extension ONNXDecoder {
  /// The fields of a tensor as they stand in the file; none of its elements is read before all of them are known.
  struct TensorFields {
    var name = ""
    var dims: [Int64] = []
    var dataType: Int32?
    var location: Int32 = 0
    var isSegment = false
    /// The raw field, where it is not empty.
    var raw: WireField?
    /// The typed fields that are not empty, in the order of the file, strings aside.
    var runs: [WireField] = []
    var strings: [[UInt8]] = []
    /// The numbers of the fields that hold elements, as bits.
    var found: UInt32 = 0
    var external: [Property] = []
  }

  /// Reads a tensor and its name.
  ///
  /// - Parameters:
  ///   - list: the list that the tensor stands in under its name; nil for a tensor in an attribute.
  ///   - isPart: whether it is the values of a sparse tensor, so that the name is that of the whole.
  mutating func readTensor(
    _ whole: WireMessage, list: String?, isPart: Bool = false
  ) throws(Fault) -> (name: String, tensor: Tensor) {
    var message = whole
    var seen: UInt64 = 0
    var fields = TensorFields()
    while let field = try wire.next(&message) {
      switch field.number {
      case 1: try wire.integers(field, to: &fields.dims)
      case 2:
        once(field, &seen, in: "TensorProto")
        fields.dataType = try wire.integer32(field)
      case 3:
        once(field, &seen, in: "TensorProto")
        if try isMessage(field) {
          fields.isSegment = true
          try judge(field, in: message, as: .segment)
        }
      case 4, 5, 7, 10, 11: try addRun(field, to: &fields)
      case 6:
        try wire.hold(UInt64(MemoryLayout<[UInt8]>.stride), at: field.offset)
        fields.strings.append(try wire.bytes(field))
        fields.found |= 1 << field.number
      case 8:
        once(field, &seen, in: "TensorProto")
        fields.name = try text(field)
        if let list { trail[trail.count - (isPart ? 2 : 1)] = .named(list, fields.name) }
      case 9:
        once(field, &seen, in: "TensorProto")
        try wire.expect(field, .length)
        // The last one counts, and one without bytes is none.
        fields.raw = field.value > 0 ? field : nil
        fields.found &= ~(1 << field.number)
        if field.value > 0 { fields.found |= 1 << field.number }
      case 12:
        once(field, &seen, in: "TensorProto")
        try judgeText(field)
      case 13:
        try wire.hold(UInt64(MemoryLayout<Property>.stride), at: field.offset)
        fields.external.append(try readPair(field, in: message))
      case 14:
        once(field, &seen, in: "TensorProto")
        fields.location = try wire.integer32(field)
      case 16:
        needs(10, "metadata_props", at: field.offset)
        try judge(field, in: message, as: .pair)
      default: unknown(field, in: "TensorProto")
      }
    }
    for run in fields.runs {
      guard run.type == .length, let width = Self.width(run), run.value % width != 0 else { continue }
      throw wire.fault(.truncated, run.offset, expected: "k×\(width) B", actual: "\(run.value) B")
    }
    var type = TensorType(nil, shape: fields.dims)
    if let code = fields.dataType {
      type.elementType = elementType(code, at: whole.position)
    } else {
      log(.dataType, at: whole.position, expected: "1…\(ONNXDataType.last)")
      known.subtract([.graphs, .parameters])
    }
    return (fields.name, Tensor(type, try content(fields, type, at: whole.position)))
  }

  /// How many bytes each element of a typed field takes; nil for integers, which take as many as they need.
  private static func width(_ run: WireField) -> UInt64? {
    switch run.number {
    case 4: 4
    case 10: 8
    default: nil
    }
  }

  private mutating func addRun(_ field: WireField, to fields: inout TensorFields) throws(Fault) {
    let single: WireType =
      switch field.number {
      case 4: .fixed32
      case 10: .fixed64
      default: .varint
      }
    if field.type == .length {
      guard field.value > 0 else { return }
    } else {
      try wire.expect(field, single)
    }
    // A field that is not packed stands once for each element.
    try wire.hold(UInt64(MemoryLayout<WireField>.stride), at: field.offset)
    fields.runs.append(field)
    fields.found |= 1 << field.number
  }

  /// Reads a sparse tensor, whose name is that of its values.
  mutating func readSparseTensor(
    _ whole: WireMessage, list: String?
  ) throws(Fault) -> (name: String, tensor: Tensor) {
    var message = whole
    var seen: UInt64 = 0
    var name = ""
    var dims: [Int64] = []
    let none = Tensor(TensorType(nil, dims: nil), .absent)
    var values = none
    var indices: Tensor?
    while let field = try wire.next(&message) {
      switch field.number {
      case 1:
        once(field, &seen, in: "SparseTensorProto")
        trail.append(.field("values"))
        (name, values) = try readTensor(try wire.message(field, in: message), list: list, isPart: true)
        trail.removeLast()
      case 2:
        once(field, &seen, in: "SparseTensorProto")
        trail.append(.field("indices"))
        indices = try readTensor(try wire.message(field, in: message), list: nil).tensor
        trail.removeLast()
      case 3: try wire.integers(field, to: &dims)
      default: unknown(field, in: "SparseTensorProto")
      }
    }
    // Without any value the indices need not be written.
    if indices == nil, values.type.elementCount == 0 {
      indices = Tensor(TensorType(.i64, shape: [0]), .inline([]))
    }
    let type = TensorType(values.type.elementType, shape: dims)
    return (name, Tensor(type, .sparse(values: values, indices: indices ?? none)))
  }

  /// Where the elements of a tensor lie.
  private mutating func content(
    _ fields: TensorFields, _ type: TensorType, at offset: UInt64
  ) throws(Fault) -> TensorContent {
    if fields.isSegment { log(.segments, .unsupported, at: offset, actual: "segment") }
    if fields.location == 1 {
      if fields.found != 0 {
        let names = fieldNames(fields.found)
        log(.dataFields, at: offset, expected: "external_data", actual: "external_data, \(names)")
      }
      if type.elementType == .string {
        log(.dataFieldType, at: offset, expected: "string_data", actual: "external_data")
      }
      return externalContent(fields.external, type, isSegment: fields.isSegment, at: offset)
    }
    if fields.isSegment { return .withheld }
    if fields.location != 0 {
      log(.dataLocation, at: offset, expected: "0, 1", actual: "\(fields.location)")
    }
    if fields.found.nonzeroBitCount > 1 {
      log(.dataFields, at: offset, expected: "1", actual: fieldNames(fields.found))
    }
    guard fields.found != 0 else {
      if type.elementCount == 0 { return .inline([]) }
      // Elements in a place that is not defined are not missing: nobody knows where they are.
      return fields.location == 0 ? .absent : .withheld
    }
    let expected = type.elementType.map(ONNXDataType.field)
    if let raw = fields.raw {
      if expected == .strings {
        log(.dataFieldType, at: raw.offset, expected: "string_data", actual: "raw_data")
      }
      return .stored(raw.payload(file: 0))
    }
    if let expected, fields.found & 1 << expected.rawValue == 0 {
      log(
        .dataFieldType, at: offset,
        expected: expected == .strings ? expected.name : "\(expected.name), raw_data",
        actual: fieldNames(fields.found))
      return try misplacedContent(fields)
    }
    if expected == .strings || fields.runs.isEmpty { return .strings(fields.strings) }
    let runs = fields.runs.filter { expected == nil || $0.number == expected?.rawValue }
    return try typedContent(runs, type.elementType)
  }

  private func fieldNames(_ found: UInt32) -> String {
    let fields: [ONNXDataField] = [
      .floats, .integers32, .strings, .integers64, .raw, .doubles, .unsigned64,
    ]
    return fields.filter { found & 1 << $0.rawValue != 0 }.map(\.name).joined(separator: ", ")
  }

  /// Elements that are there, but in a field that is not theirs: counted, so that nothing else is said of them.
  private mutating func misplacedContent(_ fields: TensorFields) throws(Fault) -> TensorContent {
    guard let first = fields.runs.first else { return .strings(fields.strings) }
    var count: UInt64 = 0
    for run in fields.runs where run.number == first.number {
      if run.type != .length {
        count += 1
      } else if let width = Self.width(run) {
        count += run.value / width
      } else {
        count += try wire.countVarints(run)
      }
    }
    return .encoded(EncodedContent(.variableLengthIntegers, ranges: [], count: count))
  }

  /// The elements of a typed field: where they lie if they stand in one run, as every common writer has them; otherwise
  /// put together.
  private mutating func typedContent(
    _ runs: [WireField], _ type: ElementType?
  ) throws(Fault) -> TensorContent {
    guard let first = runs.first else { return .absent }
    let isFixed = first.number == 4 || first.number == 10
    let isSubByte = (type?.bits ?? 8) < 8
    if runs.count == 1, first.type == .length, !isSubByte {
      let range = first.payload(file: 0)
      if isFixed { return .stored(range) }
      let isPattern = type.map(ONNXDataType.isBitPattern) ?? false
      return .encoded(
        EncodedContent(
          isPattern ? .variableLengthBitPatterns : .variableLengthIntegers, ranges: [range],
          count: try wire.countVarints(first)))
    }
    // Of elements below a byte, each value holds a byte of them, the first one in the low-order bits.
    let width = isFixed ? (first.number == 4 ? 4 : 8) : isSubByte ? 1 : (type?.bits ?? 64) / 8
    var bytes: [UInt8] = []
    for run in runs {
      guard run.type == .length else {
        try wire.hold(UInt64(width), at: run.offset)
        Self.append(run.value, width, to: &bytes)
        continue
      }
      if isFixed {
        try wire.hold(run.value, at: run.offset)
        guard let count = Int(exactly: run.value) else { continue }
        bytes += try wire.source.bytes(at: run.start, count: count)
        continue
      }
      var packed = WireMessage(position: run.start, end: run.end, depth: 0)
      while !packed.isAtEnd {
        let value = try wire.varint(&packed)
        try wire.hold(UInt64(width), at: run.offset)
        Self.append(value, width, to: &bytes)
      }
    }
    return .inline(bytes)
  }

  private static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
