import Numerics

/// Which elements of a tensor are zero, as they are stored: +0 or −0 (profile clause 7.2, section 3).
struct ZeroFlags {
  /// One entry for each element.
  let flags: [Bool]
  /// The dims.
  let dims: [Int]
  /// How many are zero.
  let count: Int

  /// The flags of a tensor; nil for complex elements.
  init?(_ elements: Elements) {
    let type = elements.type.element
    guard let bits = type.bits, bits <= 64, type != .complex64 else { return nil }
    // The sign makes no difference, where the type has one that stands alone.
    let sign: UInt64 =
      switch type {
      case .f8e4m3fnuz, .f8e5m2fnuz, .f8e8m0: 0
      default: type.isFloat ? 1 << UInt64(bits - 1) : 0
      }
    let count = elements.type.count
    flags = elements.bytes.withUnsafeBytes { bytes in
      [Bool](unsafeUninitializedCapacity: count) { flags, initialized in
        func fill<Code: FixedWidthInteger & UnsignedInteger>(_: Code.Type) {
          let codes = bytes.bindMemory(to: Code.self)
          let mask = ~Code(truncatingIfNeeded: sign)
          for index in 0..<count { flags[index] = codes[index] & mask == 0 }
        }
        switch bits {
        case 8 where type != .f8e8m0: fill(UInt8.self)
        case 16: fill(UInt16.self)
        case 32: fill(UInt32.self)
        case 64: fill(UInt64.self)
        default:
          for index in 0..<count {
            let code = type.code(at: UInt64(index), in: bytes) ?? 1
            flags[index] = type != .f8e8m0 && code & ~sign == 0
          }
        }
        initialized = count
      }
    }
    dims = elements.type.dims
    self.count = flags.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  /// The groups of neighbours along the last axis of which more than some are kept.
  struct BrokenPattern: Equatable {
    /// How many groups.
    var count = 0
    /// The first element of the first one.
    var place = 0
    /// How many elements of it are kept.
    var kept = 0
  }

  /// The groups of `m` of which more than `n` are not zero; nil where the last dim is no multiple of `m`, so that there are none.
  func broken(n: Int, of m: Int) -> BrokenPattern? {
    guard m > 0, let last = dims.last, last % m == 0 else { return nil }
    var broken = BrokenPattern()
    var start = 0
    while start < flags.count {
      var kept = 0
      for index in start..<start + m where !flags[index] { kept += 1 }
      if kept > n {
        if broken.count == 0 { (broken.place, broken.kept) = (start, kept) }
        broken.count += 1
      }
      start += m
    }
    return broken
  }

  /// The number of blocks that are zero as a whole, and of all blocks; nil where the sizes are not those of the dims.
  func zeroBlocks(_ sizes: [Int64]) -> (zero: Int, all: Int)? {
    guard sizes.count == dims.count, !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 }),
      let runs = GridRuns(dims, grid: sizes)
    else { return nil }
    var kept = [Bool](repeating: false, count: runs.blocks.reduce(1, *))
    runs.forEach { start, count, block in
      if !kept[block] { kept[block] = !flags[start..<start + count].allSatisfy { $0 } }
      return true
    }
    return (kept.count { !$0 }, kept.count)
  }
}
