import Numerics

/// Elements picked out of others in another order: what stands at each place of the target is so many elements apart in the source, by dim.
struct StridedCopy {
  /// A dim of the target, with how far its neighbours are apart in source and target.
  private struct Dim {
    var size: Int
    var source: Int
    var target: Int
  }

  /// Dims of more than one element, neighbours joined where one step of the outer is all steps of the inner; at most 62.
  private var dims: [Dim] = []
  private let isEmpty: Bool

  /// How many rows and columns are turned at once, so that each line of memory is used as a whole while it is near.
  private static let tile = 32

  /// A copy.
  ///
  /// - Parameters:
  ///   - sizes: the dims of the target.
  ///   - strides: for each, how many elements its neighbours are apart in the source.
  init(sizes: [Int], strides: [Int]) {
    isEmpty = sizes.contains(0)
    guard !isEmpty else { return }
    var target = 1
    for (size, stride) in zip(sizes, strides).reversed() where size > 1 {
      if let inner = dims.last, stride == inner.source * inner.size {
        dims[dims.count - 1].size *= size
      } else {
        dims.append(Dim(size: size, source: stride, target: target))
      }
      target *= size
    }
    // The innermost stands first until here. Where another dim is contiguous in the source, it is walked together with the innermost.
    if let first = dims.first, first.source != 1, let other = dims.firstIndex(where: { $0.source == 1 }) {
      dims.swapAt(1, other)
    }
    dims.reverse()
  }

  /// Copies from the element at `source` on; the caller knows that all places lie inside.
  func copy<Word: BitwiseCopyable>(from source: UnsafePointer<Word>, to target: UnsafeMutablePointer<Word>) {
    guard !isEmpty else { return }
    walk(0, source, target)
  }

  private func walk<Word: BitwiseCopyable>(
    _ depth: Int, _ source: UnsafePointer<Word>, _ target: UnsafeMutablePointer<Word>
  ) {
    let left = dims.count - depth
    if left == 2, dims[depth].source == 1, dims[depth + 1].source != 1 {
      turn(dims[depth], dims[depth + 1], source, target)
    } else if left > 1 {
      let dim = dims[depth]
      for place in 0..<dim.size {
        walk(depth + 1, source + place * dim.source, target + place * dim.target)
      }
    } else if left == 1 {
      let dim = dims[depth]
      if dim.source == 1 {
        target.update(from: source, count: dim.size)
      } else {
        for place in 0..<dim.size { target[place &* dim.target] = source[place &* dim.source] }
      }
    } else {
      target.pointee = source.pointee
    }
  }

  /// A matrix turned: rows lie together in the source, columns in the target.
  private func turn<Word: BitwiseCopyable>(
    _ rows: Dim, _ columns: Dim, _ source: UnsafePointer<Word>, _ target: UnsafeMutablePointer<Word>
  ) {
    for top in stride(from: 0, to: rows.size, by: Self.tile) {
      let bottom = min(top + Self.tile, rows.size)
      for left in stride(from: 0, to: columns.size, by: Self.tile) {
        let right = min(left + Self.tile, columns.size)
        for row in top..<bottom {
          let line = target + row &* rows.target
          for column in left..<right {
            line[column &* columns.target] = source[row &+ column &* columns.source]
          }
        }
      }
    }
  }

  /// How far neighbours are apart in each dim of elements in row-major order.
  static func rowMajor(_ dims: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: dims.count)
    for index in dims.indices.dropLast().reversed() {
      strides[index] = strides[index + 1] * max(dims[index + 1], 1)
    }
    return strides
  }
}

extension Elements {
  /// Elements of a type picked out of these, of the same element type: in each dim so many elements apart.
  ///
  /// The caller knows that all places lie inside.
  func picked(as type: ElementsType, strides: [Int], from start: Int = 0) -> Elements {
    guard type.count > 0 else { return .zeros(type) }
    let copy = StridedCopy(sizes: type.dims, strides: strides)
    switch type.element.bits {
    case 8: return picked(UInt8.self, as: type, copy, start)
    case 16: return picked(UInt16.self, as: type, copy, start)
    case 32: return picked(UInt32.self, as: type, copy, start)
    case 64: return picked(UInt64.self, as: type, copy, start)
    case 128: return picked(SIMD2<UInt64>.self, as: type, copy, start)
    default:
      let codes = unpackedCodes()
      let picked = [UInt8](unsafeUninitializedCapacity: type.count) { target, count in
        codes.withUnsafeBufferPointer { source in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          copy.copy(from: from + start, to: to)
        }
        count = type.count
      }
      return .packing(picked, as: type)
    }
  }

  private func picked<Word: BitwiseCopyable>(
    _: Word.Type, as type: ElementsType, _ copy: StridedCopy, _ start: Int
  ) -> Elements {
    let picked = [UInt8](unsafeUninitializedCapacity: type.byteCount) { target, count in
      bytes.withUnsafeBytes { source in
        guard let from = source.assumingMemoryBound(to: Word.self).baseAddress,
          let to = UnsafeMutableRawBufferPointer(target).assumingMemoryBound(to: Word.self).baseAddress
        else { return }
        copy.copy(from: from + start, to: to)
      }
      count = type.byteCount
    }
    return Elements(type, exactly: picked)
  }
}
