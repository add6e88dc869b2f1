import Numerics
public import Storage

/// A weight of bitsandbytes in four bits: indices of a list of 16 values, scales for runs of the whole weight, which may be quantized again.
public struct BitsandbytesFourBitWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let blockSize: Int
  private let nested: Nested?

  private struct Nested {
    let blockSize: Int
    let offset: Float
  }

  /// The parts: `weight` bytes [⌈n/2⌉, 1], `absmax` f32 [blocks], or u8 with `nested_absmax` and `nested_quant_map`, `quant_map` f32 [16],
  /// and `quant_state`, the bytes of a JSON object.
  public static let parts = [
    "weight", "absmax", "quant_map", "nested_absmax", "nested_quant_map", "quant_state",
  ]

  /// The most bytes that a state may have.
  static let stateLimit = 65536

  /// A weight of these tensors; reads the state.
  ///
  /// - Throws: a fault of `VendorFault`, and what the files throw.
  public init(_ tensors: VendorTensors) throws(Fault) {
    let state = try State(tensors)
    let type = try ElementsType.decoded(state.shape, at: "quant_state")
    let weight = try Self.storage(tensors)
    guard weight.byteCount == ceiling(type.count, 2) else {
      throw .vendor(
        .dimsAgree, "weight", expected: "\(ceiling(type.count, 2)) B", actual: "\(weight.byteCount) B")
    }
    let blocks = ceiling(type.count, state.blockSize)
    let scales = try tensors.type("absmax", state.nested ? [.u8] : scaleTypes)
    guard scales.count == blocks else {
      throw .vendor(.dimsAgree, "absmax", expected: "[\(blocks)]", actual: scales.notation)
    }
    try Self.list(tensors, "quant_map", 16)
    var stages = [StageDescription("reshape")]
    if state.nested {
      try Self.list(tensors, "nested_quant_map", 256)
      let outer = try tensors.type("nested_absmax", scaleTypes)
      guard outer.count == ceiling(blocks, state.nestedBlockSize) else {
        throw .vendor(
          .dimsAgree, "nested_absmax", expected: "[\(ceiling(blocks, state.nestedBlockSize))]",
          actual: outer.notation)
      }
      nested = Nested(blockSize: state.nestedBlockSize, offset: state.offset)
      stages.append(StageDescription("codebook", bits: 4, grid: [state.blockSize]))
      stages.append(
        StageDescription(
          "scale:codebook", bits: 8, grid: [state.nestedBlockSize], scale: outer.element, origin: .offset))
    } else {
      nested = nil
      stages.append(StageDescription("codebook", bits: 4, grid: [state.blockSize], scale: scales.element))
    }
    self.type = type
    blockSize = state.blockSize
    self.stages = stages
  }

  /// The bytes may be declared as elements of any type.
  private static func storage(_ tensors: VendorTensors) throws(Fault) -> ElementsType {
    try tensors.type("weight", [.u8, .i8, .f16, .bf16, .f32])
  }

  private static func list(_ tensors: VendorTensors, _ part: String, _ entries: Int) throws(Fault) {
    let list = try tensors.type(part, [.f32])
    guard list.count == entries else {
      throw .vendor(.dimsAgree, part, expected: "[\(entries)]", actual: list.notation)
    }
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let packed = try tensors.elements("weight").bytes
    let count = type.count
    // The first code of a byte is in its high bits.
    let codes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      packed.withUnsafeBufferPointer { from in
        for place in 0..<count {
          let byte = from[place >> 1]
          buffer[place] = place & 1 == 0 ? byte >> 4 : byte & 15
        }
      }
    }
    let list = try tensors.scales("quant_map")
    let scales = try scales(tensors)
    return try ScaledCodes(
      codes: codes, rows: 1, columns: count, rowsPerBlock: 1, columnGroups: .runs(blockSize),
      groups: scales.count, scales: scales, table: (0..<256).map { list[$0 & 15] }
    ).decoded(as: type, part: "weight")
  }

  /// The scale of each run: entry · outer scale + offset where they are quantized again, each operation rounded.
  private func scales(_ tensors: VendorTensors) throws(Fault) -> [Float] {
    guard let nested else { return try tensors.scales("absmax") }
    let codes = try tensors.elements("absmax").bytes
    let list = try tensors.scales("nested_quant_map")
    let outer = try tensors.scales("nested_absmax")
    let scales = codes.enumerated().map { list[Int($1)] * outer[$0 / nested.blockSize] + nested.offset }
    guard scales.allSatisfy(\.isFinite) else {
      throw .stage(.quantizerScaleFinite, "absmax", expected: "finite")
    }
    return scales
  }
}

/// The settings that bitsandbytes stores with a weight.
private struct State {
  let shape: [Int]
  let blockSize: Int
  let nested: Bool
  let nestedBlockSize: Int
  let offset: Float

  init(_ tensors: VendorTensors) throws(Fault) {
    let part = "quant_state"
    let type = try tensors.type(part, [.u8])
    guard type.count <= BitsandbytesFourBitWeight.stateLimit else {
      throw .vendor(
        .stateReadable, part, expected: "≤ \(BitsandbytesFourBitWeight.stateLimit) B",
        actual: "\(type.count) B")
    }
    let bytes = try tensors.elements(part).bytes
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue.read(bytes, depthLimit: 8, allowsNonFinite: false) { _ in }
    } catch {
      throw .vendor(.stateReadable, part, expected: "JSON", actual: "@\(error.offset)")
    }
    func size(_ key: String) throws(Fault) -> Int {
      guard let number = value[key]?.number?.integer, let size = Int(exactly: number), size > 0 else {
        throw .vendor(.stateReadable, part, expected: "\(key) ≥ 1", actual: value[key]?.compact)
      }
      return size
    }
    var shape: [Int] = []
    for dim in value["shape"]?.elements ?? [] {
      guard let number = dim.number?.integer, let dim = Int(exactly: number), dim >= 0 else {
        throw .vendor(.stateReadable, part, expected: "shape ≥ 0", actual: dim.compact)
      }
      shape.append(dim)
    }
    guard !shape.isEmpty, shape.count <= 8 else {
      throw .vendor(.stateReadable, part, expected: "shape", actual: value["shape"]?.compact)
    }
    self.shape = shape
    guard let kind = value["quant_type"]?.string, kind == "nf4" || kind == "fp4" else {
      throw .vendor(
        .formSupported, part, .unsupported, expected: "nf4, fp4", actual: value["quant_type"]?.compact)
    }
    blockSize = try size("blocksize")
    nested = value["nested_blocksize"] != nil
    nestedBlockSize = nested ? try size("nested_blocksize") : 1
    if nested {
      guard let offset = value["nested_offset"]?.number?.double, Float(offset).isFinite else {
        throw .vendor(
          .stateReadable, part, expected: "nested_offset", actual: value["nested_offset"]?.compact)
      }
      self.offset = Float(offset)
    } else {
      offset = 0
    }
  }
}

/// A weight of bitsandbytes in eight bits: rows of signed levels, the greatest magnitude of each row.
public struct BitsandbytesEightBitWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]

  /// The parts: `weight` i8 [out, in], `SCB` f32 [out]; `weight_format` u8, 0 for rows, or absent.
  public static let parts = ["weight", "SCB", "weight_format"]

  /// What a greatest magnitude is multiplied by, instead of being divided by 127.
  private static let reciprocal: Float = 7.874015718698502e-3

  /// A weight of these tensors; reads the form.
  ///
  /// - Throws: a fault of `VendorFault`, and what the files throw.
  public init(_ tensors: VendorTensors) throws(Fault) {
    let weight = try tensors.type("weight", [.i8], rank: 2...2)
    let scales = try tensors.type("SCB", [.f32])
    guard scales.count == weight.dims[0] else {
      throw .vendor(.dimsAgree, "SCB", expected: "[\(weight.dims[0])]", actual: scales.notation)
    }
    if tensors.types["weight_format"] != nil {
      let form = try tensors.integers("weight_format", limit: 1)
      guard form.allSatisfy({ $0 == 0 }) else {
        throw .vendor(.formSupported, "weight_format", .unsupported, expected: "0", actual: "\(form)")
      }
    }
    type = try ElementsType.decoded(weight.dims, at: "weight")
    stages = [StageDescription("uniform", bits: 8, signed: true, grid: [1, 0], scale: .f32)]
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let scales = try tensors.scales("SCB")
    return try ScaledCodes(
      codes: SignedBytes.codes(try tensors.elements("weight").bytes), rows: type.dims[0],
      columns: type.dims[1], rowsPerBlock: 1, columnGroups: .runs(max(type.dims[1], 1)), groups: 1,
      scales: scales, origins: [Float](repeating: 128, count: scales.count), factor: Self.reciprocal
    ).decoded(as: type, part: "weight")
  }
}

/// Signed bytes as codes above zero.
enum SignedBytes {
  /// 128 more than each byte.
  static func codes(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 ^ 0x80 } }
}
