import Numerics
public import Representation
public import Storage

/// The factors that PEFT stores for one weight, and the settings that go with them, as an adapter of clause 7.4.
public struct PEFTAdapter: Sendable {
  /// How the configuration says that factors are put together.
  public struct Settings: Sendable, Hashable {
    /// The kind of adapter; nil for IA3's, which has no rank.
    public var kind: AdapterStage.Kind
    /// The numerator of the scaling.
    public var alpha: Double
    /// The rank that the configuration states.
    public var rank: Int
    /// Whether the scaling divides by the square root of the rank.
    public var rankStabilised: Bool
    /// Whether the base stores its weights turned (`fan_in_fan_out`).
    public var isTurned: Bool

    /// Settings.
    public init(
      kind: AdapterStage.Kind, alpha: Double, rank: Int, rankStabilised: Bool = false, isTurned: Bool = false
    ) {
      self.kind = kind
      self.alpha = alpha
      self.rank = rank
      self.rankStabilised = rankStabilised
      self.isTurned = isTurned
    }
  }

  /// The parts of all kinds, as the names of tensors end.
  public static let parts = [
    "lora_A.weight", "lora_B.weight", "lora_embedding_A", "lora_embedding_B", "lora_magnitude_vector",
    "hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2", "lokr_w1", "lokr_w1_a",
    "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2", "ia3_l",
  ]

  /// The stage in words and numbers.
  public let stage: StageDescription

  /// How the configuration says that its factors are put together.
  public let settings: Settings
  private let tensors: VendorTensors
  private let isEmbedding: Bool

  /// An adapter of these tensors.
  ///
  /// - Throws: `factorsPaired` where one of the factors is missing, `formSupported` for forms that are not read.
  public init(_ tensors: VendorTensors, _ settings: Settings) throws(Fault) {
    self.tensors = tensors
    self.settings = settings
    isEmbedding = tensors.types["lora_embedding_A"] != nil || tensors.types["lora_embedding_B"] != nil
    for part in ["hada_t1", "hada_t2", "lokr_t2"] where tensors.types[part] != nil {
      throw .vendor(.formSupported, part, .unsupported, expected: "2 factors", actual: part)
    }
    guard !(isEmbedding && settings.kind == .dora) else {
      throw .vendor(
        .formSupported, "lora_magnitude_vector", .unsupported, expected: "linear", actual: "embedding")
    }
    stage = StageDescription("adapter", bits: settings.kind == .ia3 ? nil : settings.rank)
    for alternatives in Self.required(settings.kind, isEmbedding) {
      guard alternatives.contains(where: { $0.allSatisfy { tensors.types[$0] != nil } }) else {
        throw .vendor(
          .adapterFactorsPaired, alternatives[0][0],
          expected: alternatives.map { $0.joined(separator: ", ") }.joined(separator: " | "))
      }
    }
  }

  /// What has to be there: all of one alternative of each.
  private static func required(_ kind: AdapterStage.Kind, _ isEmbedding: Bool) -> [[[String]]] {
    switch kind {
    case .lora where isEmbedding: [[["lora_embedding_A", "lora_embedding_B"]]]
    case .lora: [[["lora_A.weight", "lora_B.weight"]]]
    case .dora: [[["lora_A.weight", "lora_B.weight"]], [["lora_magnitude_vector"]]]
    case .loha: [[["hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"]]]
    case .lokr: [[["lokr_w1"], ["lokr_w1_a", "lokr_w1_b"]], [["lokr_w2"], ["lokr_w2_a", "lokr_w2_b"]]]
    case .ia3: [[["ia3_l"]]]
    case .unknown: []
    }
  }

  /// Merges the adapter into its base, by the arithmetic of clause 7.4, section 3.
  ///
  /// - Throws: a fault of `VendorFault` or `CompressionFault` with the name of a part as its path, and what the files throw.
  public func merged(into base: Elements) throws(Fault) -> Elements {
    let dims = base.type.dims
    // Kernels of convolutions are rows.
    let rows = dims.first ?? 1
    let flat = dims.count > 2 ? [rows, rows == 0 ? 0 : base.type.count / rows] : dims
    guard let type = ElementsType(base.type.element, flat), let matrix = Elements(type, base.bytes) else {
      throw .vendor(.adapterFactorDims, "", expected: base.type.notation)
    }
    let stage = try stage(type)
    let decoding = Decoding { (tensor: Tensor, path: String) throws(Fault) -> Elements in
      guard case .inline(let bytes) = tensor.content, let type = ElementsType(tensor.type),
        let elements = Elements(type, bytes)
      else { throw .vendor(.adapterFactorDims, path) }
      return elements
    } base: { _ throws(Fault) -> Elements in
      matrix
    }
    let merged = try stage.decode(nil, as: type, in: decoding)
    guard let result = Elements(base.type, merged.bytes) else {
      throw .vendor(.adapterFactorDims, "", expected: base.type.notation, actual: merged.type.notation)
    }
    return result
  }

  /// The descriptor, its factors inline.
  private func stage(_ type: ElementsType) throws(Fault) -> AdapterStage {
    let base = BaseTensor(model: nil, variable: "", digest: nil)
    if settings.kind == .ia3 { return try scaling(type, base) }
    var factors: [Tensor]
    var rank = settings.rank
    switch settings.kind {
    case .loha:
      factors = []
      for part in ["hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"] { factors.append(try factor(part)) }
      rank = try self.rank("hada_w1_a", 1)
    case .lokr: factors = [try kronecker("lokr_w1"), try kronecker("lokr_w2")]
    default:
      let (left, right) =
        isEmbedding ? ("lora_embedding_B", "lora_embedding_A") : ("lora_B.weight", "lora_A.weight")
      factors = [try factor(left), try factor(right)]
      rank = try self.rank(right, 0)
    }
    guard rank == settings.rank else {
      throw .vendor(.adapterFactorDims, "", expected: "r \(settings.rank)", actual: "\(rank)")
    }
    var magnitude: Tensor?
    if settings.kind == .dora { magnitude = try line("lora_magnitude_vector") }
    return AdapterStage(
      kind: settings.kind, base: base, factors: factors, alpha: settings.alpha, rank: UInt64(max(rank, 0)),
      rankStabilised: settings.rankStabilised, transposed: isEmbedding || settings.isTurned,
      magnitude: magnitude)
  }

  private func rank(_ part: String, _ axis: Int) throws(Fault) -> Int {
    let dims = tensors.types[part]?.dims ?? []
    guard dims.indices.contains(axis) else {
      throw .vendor(.adapterFactorDims, part, expected: "2 dims", actual: "\(dims)")
    }
    return dims[axis]
  }

  /// A factor as a matrix: kernels are rows.
  private func factor(_ part: String) throws(Fault) -> Tensor {
    let type = try tensors.type(part, scaleTypes)
    let rows = type.dims.first ?? 1
    let columns = rows == 0 ? type.dims.dropFirst().reduce(1, *) : type.count / rows
    return try tensor(part, type.dims.count == 2 ? type.dims : [rows, columns])
  }

  /// A vector, however many dims of one it has.
  private func line(_ part: String) throws(Fault) -> Tensor {
    try tensor(part, [try tensors.type(part, scaleTypes).count])
  }

  private func tensor(_ part: String, _ dims: [Int]) throws(Fault) -> Tensor {
    let elements = try tensors.elements(part)
    guard let type = ElementsType(elements.type.element, dims), let tensor = Elements(type, elements.bytes)
    else {
      throw .vendor(.adapterFactorDims, part, expected: "\(dims)", actual: elements.type.notation)
    }
    return tensor.inlineTensor
  }

  /// A factor of LoKr: stored, or the product of two that are, rounded to f32.
  private func kronecker(_ part: String) throws(Fault) -> Tensor {
    if tensors.types[part] != nil { return try factor(part) }
    let left = try tensors.type(part + "_a", scaleTypes, rank: 2...2)
    let right = try tensors.type(part + "_b", scaleTypes, rank: 2...2)
    guard left.dims[1] == right.dims[0], let type = ElementsType(.f32, [left.dims[0], right.dims[1]]) else {
      throw .vendor(
        .adapterFactorDims, part + "_b", expected: "[\(left.dims[1]), …]", actual: right.notation)
    }
    let a = try tensors.scales(part + "_a")
    let b = try tensors.scales(part + "_b")
    let (inner, columns) = (left.dims[1], right.dims[1])
    var values: [Float] = []
    values.reserveCapacity(type.count)
    for row in 0..<left.dims[0] {
      for column in 0..<columns {
        var sum = 0.0
        for place in 0..<inner {
          sum += Double(a[row * inner + place]) * Double(b[place * columns + column])
        }
        values.append(Float(sum))
      }
    }
    guard let product = Elements(type, FloatElements.bytes(values)) else {
      throw .vendor(.adapterFactorDims, part)
    }
    return product.inlineTensor
  }

  /// IA3: [out, 1] scales rows, [1, in] columns; both the other way round where the base is turned.
  private func scaling(_ type: ElementsType, _ base: BaseTensor) throws(Fault) -> AdapterStage {
    let dims = try tensors.type("ia3_l", scaleTypes).dims
    let scalesColumns = dims.first == 1 && dims.dropFirst().contains { $0 != 1 }
    let axis = type.dims.count < 2 ? 0 : scalesColumns != settings.isTurned ? 1 : 0
    return AdapterStage(kind: .ia3, base: base, factors: [try line("ia3_l")], axis: UInt64(axis))
  }
}
