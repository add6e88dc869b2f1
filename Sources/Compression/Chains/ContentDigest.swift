import Numerics
public import Representation
public import Storage

/// The content digest (profile clause 7.1, section 5): of what tensors hold, whatever the files and the format.
extension TensorDecoder {
  /// The digest of the elements of a tensor after decoding.
  ///
  /// - Parameter path: the path of the tensor in the model, for findings.
  public func digest(of tensor: Tensor, at path: String) throws(Fault) -> Digest {
    try digest(of: tensor, At(model: 0, path: path))
  }

  /// The content digest of the model, in lower-case hexadecimal digits.
  ///
  /// - Parameter progress: is told the number of stored bytes of each tensor that was read.
  /// - Throws: the first fault of a tensor.
  public func contentDigest(progress: ((UInt64) -> Void)? = nil) throws(Fault) -> String {
    try contentDigest(of: 0, open: [], progress: progress)
  }

  /// The content digest of a model, from the digests of its tensors by name.
  ///
  /// - Parameter tensors: each with its type and the digest of its elements; in any order.
  public static func contentDigest(
    of tensors: [(name: String, type: TensorType, digest: Digest)]
  ) throws(Fault) -> String {
    let stream = try DigestStream(.sha256)
    try stream.update(Array("GB42382-CONTENT 1\n".utf8))
    for tensor in tensors.map({ (ExactString($0.name), $0.type, $0.digest) }).sorted(by: { $0.0 < $1.0 }) {
      try stream.update(entry(tensor.0, tensor.1) + tensor.2.bytes)
    }
    return try stream.finish().hex
  }

  func contentDigest(
    of index: Int, open: [BaseStep], progress: ((UInt64) -> Void)? = nil
  ) throws(Fault) -> String {
    let stream = try DigestStream(.sha256)
    try stream.update(Array("GB42382-CONTENT 1\n".utf8))
    for (name, tensor) in models[index].content {
      if case .absent = tensor.content { continue }
      let digest = try digest(of: tensor, At(model: index, path: Self.path(of: name), open: open))
      try stream.update(Self.entry(name, tensor.type) + digest.bytes)
      progress?(tensor.storedBytes(depth: limits.nesting + 1))
    }
    return try stream.finish().hex
  }

  private func digest(of tensor: Tensor, _ at: At) throws(Fault) -> Digest {
    if case .strings(let strings) = tensor.content {
      let stream = try DigestStream(.sha256)
      for string in strings { try stream.update(Self.bytes(UInt64(string.count)) + string) }
      return try stream.finish()
    }
    return try Digest.of(try decode(tensor, at).bytes, .sha256)
  }

  /// What stands in the model's digest before the digest of a tensor.
  private static func entry(_ name: ExactString, _ type: TensorType) -> [UInt8] {
    let text = Array(name.value.utf8)
    let sizes = (type.dims ?? []).map { dim in
      if case .fixed(let size) = dim { UInt64(bitPattern: size) } else { UInt64.max }
    }
    return bytes(UInt32(truncatingIfNeeded: text.count)) + text + bytes(type.elementType?.number ?? 0)
      + bytes(UInt32(truncatingIfNeeded: sizes.count)) + sizes.flatMap(bytes)
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number(8 * $0)) }
  }

  /// A tensor of which values and places are stored (profile clause 6.1), with zeros elsewhere.
  func dense(
    _ type: ElementsType, _ values: Elements, _ indices: Elements, _ at: At
  ) throws(Fault) -> Elements {
    guard UInt64(type.byteCount) <= limits.tensorBytes else {
      throw fault(
        .compressionExpansionWithinLimit, .unsupported, at, expected: "≤ \(limits.tensorBytes) B",
        actual: "\(type.byteCount) B")
    }
    let rank = indices.type.dims.count == 2 ? indices.type.dims[1] : 1
    guard indices.type.element == .i64, values.type.element == type.element,
      rank == 1 || rank == type.dims.count, indices.type.count / max(rank, 1) == values.type.count
    else {
      throw fault(
        .stageSideTensorType, at, expected: "places of \(values.type.count) values",
        actual: indices.type.notation)
    }
    let places = indices.indices()
    // In a list of one number for each element, that number is the place in row-major order.
    let apart = indices.type.dims.count == 2 ? StridedCopy.rowMajor(type.dims) : [1]
    let sizes = indices.type.dims.count == 2 ? type.dims : [type.count]
    var kept: [Int] = []
    for index in 0..<values.type.count {
      var place = 0
      for axis in 0..<rank {
        let position = places[index * rank + axis]
        guard position >= 0, position < sizes[axis] else {
          throw fault(.stageSideTensorType, at, expected: "< \(sizes[axis])", actual: "\(position)")
        }
        place += position * apart[axis]
      }
      kept.append(place)
    }
    return try values.put(at: kept, in: type)
  }
}

extension DigestStream {
  fileprivate func update(_ bytes: [UInt8]) throws(Fault) {
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in try update(UnsafeRawBufferPointer(bytes)) }
  }
}

extension Elements {
  /// Elements at places of a type, all others zero; the caller knows that the places lie inside.
  fileprivate func put(at places: [Int], in type: ElementsType) throws(Fault) -> Elements {
    guard let bits = type.element.bits, bits % 8 == 0 else {
      var codes = [UInt8](repeating: 0, count: type.count)
      for (place, code) in zip(places, unpackedCodes()) { codes[place] = code }
      return .packing(codes, as: type)
    }
    let size = bits / 8
    return try Elements(zeroed: type) { target in
      for (index, place) in places.enumerated() {
        for byte in 0..<size { target[place * size + byte] = bytes[index * size + byte] }
      }
    }
  }
}
