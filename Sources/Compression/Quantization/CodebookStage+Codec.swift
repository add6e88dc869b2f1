import CKernels
import Numerics
public import Representation
public import Storage

/// A list of values (profile clause 7.3, section 4).
extension CodebookStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".codebook", codebook), (".scale", scale), (".offset", offset)]
      .compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  /// How many entries the lists have, and how many elements an entry.
  private struct Form {
    let lists: Int
    let entries: Int
    let length: Int
    let grid: Grid
    let output: ElementsType
  }

  /// The narrowest type that holds indices into a list.
  static func indexType(entries: Int) -> ElementType {
    switch entries {
    case ...4: .u2
    case ...16: .u4
    case ...256: .u8
    default: .u16
    }
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try form(input).output
  }

  private func form(_ input: ElementsType) throws(Fault) -> Form {
    try input.acceptedByQuantizer()
    let blocks = try Grid(grid, over: input.dims).counts
    guard let type = codebook.flatMap({ ElementsType($0.type) }), type.dims.count == blocks.count + 2,
      ElementType.offsets.contains(type.element)
    else {
      throw .stage(
        .stageSideTensorType, ".codebook", expected: "(f32 | f16 | bf16)\(blocks)[entries, length]",
        actual: codebook.flatMap { ElementsType($0.type)?.notation } ?? "–")
    }
    let entries = type.dims[blocks.count]
    let length = type.dims[blocks.count + 1]
    try expectSide(codebook, ElementType.offsets, blocks + [entries, length], ".codebook")
    guard 1...65536 ~= entries else {
      throw .stage(.codebookEntries, ".codebook", expected: "1 … 65536", actual: "\(entries)")
    }
    var dims = input.dims
    var spans = grid
    if let last = dims.indices.last, length >= 1, dims[last] % length == 0, Int(grid[last]) % length == 0 {
      dims[last] /= length
      spans[last] /= Int64(length)
    } else if length != 1 {
      throw .stage(
        .codebookVectorDivides, ".codebook", expected: "v | \(dims.last ?? 1), v | \(grid.last ?? 0)",
        actual: "v = \(length)")
    }
    if scale != nil {
      try expectSide(
        scale, ElementType.scales, Grid(scaleGrid, over: input.dims, at: ".scale_grid").counts, ".scale")
    }
    guard scale != nil || offset == nil else {
      throw .stage(.codebookOffsetScaled, ".offset", expected: "scale, offset", actual: "offset")
    }
    if offset != nil {
      try expectSide(
        offset, ElementType.offsets, Grid(scaleGrid, over: input.dims, at: ".scale_grid").counts, ".offset")
    }
    guard let output = ElementsType(Self.indexType(entries: entries), dims) else {
      throw .stage(.codebookEntries, ".codebook")
    }
    let lists = blocks.reduce(1, *)
    return Form(
      lists: lists, entries: entries, length: length, grid: try Grid(spans, over: dims), output: output)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let form = try form(input)
    let payload = try payload.payload(of: form.output)
    let books = try decoding.finiteFloats(
      codebook, ".codebook", count: form.lists * form.entries * form.length, .codebookFinite)
    let most = Int32(form.entries - 1)
    if let found = payload.withReader({ $0.firstOutside(0...most, count: payload.type.count) }) {
      throw .stage(
        .codebookIndexRange, expected: "< \(form.entries)", actual: "[\(found.place)] = \(found.value)")
    }
    var values: BlockValues?
    if scale != nil {
      let grid = try Grid(scaleGrid, over: input.dims)
      let count = grid.blockCount
      var offsets: [Float]?
      let scales = try decoding.finiteFloats(scale, ".scale", count: count, .quantizerScaleFinite)
      if offset != nil {
        offsets = try decoding.finiteFloats(offset, ".offset", count: count, .quantizerOffsetFinite)
      }
      values = BlockValues(grid, scale: scales, offset: offsets)
    }
    let undone = Undone(type: input)
    if form.lists == 1, form.length == 1 {
      return try decodeScalars(payload, books, values, undone, form)
    }
    return try decodeVectors(payload, books, values, undone, form)
  }

  /// One list of numbers: segment by segment, without room for all values.
  private func decodeScalars(
    _ payload: Elements, _ book: [Float], _ values: BlockValues?, _ undone: Undone, _ form: Form
  ) throws(Fault) -> Elements {
    // As long as an index may be, whatever it is.
    let table = book + [Float](repeating: 0, count: max(256 - book.count, 0))
    let grid = try values == nil ? form.grid : Grid(scaleGrid, over: undone.type.dims)
    var result: Elements?
    try (values ?? BlockValues(grid, scale: [])).withBlocks { blocks throws(Fault) in
      try payload.withReader { reader throws(Fault) in
        try withRoom { (indices: UnsafeMutablePointer<Int32>) throws(Fault) in
          result = try undone.elements(grid) { segment, out in
            if form.entries <= 256 {
              reader.withBytes(from: segment.start, count: segment.count) { codes, part, done in
                ck_f32_from_table(codes, table, out + done, part)
              }
            } else {
              reader.integers(from: segment.start, count: segment.count, into: indices)
              for place in 0..<segment.count { out[place] = table[Int(indices[place])] }
            }
            if values != nil { ck_scale(out, segment.count, blocks(segment)) }
          }
        }
      }
    }
    return try result.payload(of: undone.type)
  }

  /// Lists for blocks, or entries of several elements.
  private func decodeVectors(
    _ payload: Elements, _ books: [Float], _ values: BlockValues?, _ undone: Undone, _ form: Form
  ) throws(Fault) -> Elements {
    let length = form.length
    let size = form.entries * length
    var decoded = [Float](repeating: 0, count: undone.type.count)
    var span = decoded.mutableSpan
    try span.withUnsafeMutableBufferPointer { out throws(Fault) in
      guard let out = out.baseAddress else { return }
      try payload.withReader { reader throws(Fault) in
        try withRoom { (indices: UnsafeMutablePointer<Int32>) throws(Fault) in
          try form.grid.forEachSegment { segment throws(Fault) in
            reader.integers(from: segment.start, count: segment.count, into: indices)
            for place in 0..<segment.count {
              let block = segment.block + place / segment.run
              let entry = block * size + Int(indices[place]) * length
              let target = (segment.start + place) * length
              for element in 0..<length { out[target + element] = books[entry + element] }
            }
          }
        }
      }
      guard let values else { return }
      try values.withBlocks { blocks throws(Fault) in
        try Grid(scaleGrid, over: undone.type.dims).forEachSegment { segment throws(Fault) in
          ck_scale(out + segment.start, segment.count, blocks(segment))
        }
      }
    }
    return try undone.elements(decoded)
  }
}
