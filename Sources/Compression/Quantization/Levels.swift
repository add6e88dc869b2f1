import CKernels
import Numerics
import Storage

/// What each block of a grid shares, for the loops over elements.
struct BlockValues {
  let scale: [Float]
  let zero: [Int32]?
  let offset: [Float]?
  let names: [UInt32]

  init(_ grid: Grid, scale: [Float], zero: [Int32]? = nil, offset: [Float]? = nil) {
    self.scale = scale
    self.zero = zero
    self.offset = offset
    names = grid.names
  }

  /// The greatest magnitude of scale · level + offset, where levels have at most a magnitude.
  func bound(_ level: Double) -> Double {
    func greatest(_ values: [Float]) -> Double { Double(values.reduce(0) { max($0, $1.magnitude) }) }
    let zero = Double(zero?.reduce(0) { max($0, abs($1)) } ?? 0)
    return greatest(scale) * (level + zero) + (offset.map(greatest) ?? 0)
  }

  /// Calls a function with what gives the blocks of each segment.
  func withBlocks(_ body: ((Grid.Segment) -> ck_blocks) throws(Fault) -> Void) throws(Fault) {
    let zeros = zero ?? []
    let offsets = offset ?? []
    try scale.span.withUnsafeBufferPointer { scale throws(Fault) in
      try zeros.span.withUnsafeBufferPointer { zero throws(Fault) in
        try offsets.span.withUnsafeBufferPointer { offset throws(Fault) in
          try names.span.withUnsafeBufferPointer { names throws(Fault) in
            let hasZero = self.zero != nil
            let hasOffset = self.offset != nil
            try body { segment in
              ck_blocks(
                run: segment.run, scale: scale.baseAddress.map { $0 + segment.block },
                zero: hasZero ? zero.baseAddress.map { $0 + segment.block } : nil,
                offset: hasOffset ? offset.baseAddress.map { $0 + segment.block } : nil,
                blocks: segment.place.flatMap { place in names.baseAddress.map { $0 + place } })
            }
          }
        }
      }
    }
  }
}

extension ElementReader {
  /// Undoes even steps for a segment, straight from the levels: integers of at most 16 bits.
  func uniform(
    _ segment: Grid.Segment, _ blocks: ck_blocks, room: UnsafeMutablePointer<UInt8>,
    into out: UnsafeMutablePointer<Float>
  ) {
    guard let bits = type.bits, let first = pointer(to: bits < 8 ? 0 : segment.start) else { return }
    let count = segment.count
    switch type {
    case .i16: ck_uniform_i16(first.assumingMemoryBound(to: Int16.self), out, count, blocks)
    case .u16: ck_uniform_u16(first.assumingMemoryBound(to: UInt16.self), out, count, blocks)
    default:
      var bytes = first.assumingMemoryBound(to: UInt8.self)
      if bits < 8 {
        // Without extending the sign, where there is none to extend.
        ck_unpack(bytes, segment.start, room, count, Int32(bits), type.isSignedInteger ? 1 : 0)
        bytes = UnsafePointer(room)
      }
      if type.isSignedInteger {
        UnsafeRawPointer(bytes).withMemoryRebound(to: Int8.self, capacity: count) {
          ck_uniform_i8($0, out, count, blocks)
        }
      } else {
        ck_uniform_u8(bytes, out, count, blocks)
      }
    }
  }

  /// The first of all elements, integers of at most 16 bits, that lies outside of limits.
  func firstOutside(_ limits: ClosedRange<Int32>, count: Int) -> (place: Int, value: Int32)? {
    var found: Int?
    if type.bits == 16 {
      for start in stride(from: 0, to: count, by: chunk) where found == nil {
        guard let first = pointer(to: start) else { break }
        let part = min(chunk, count - start)
        let range =
          type == .i16
          ? ck_range_i16(first.assumingMemoryBound(to: Int16.self), part)
          : ck_range_u16(first.assumingMemoryBound(to: UInt16.self), part)
        if range.least < limits.lowerBound || range.greatest > limits.upperBound { found = start }
      }
    } else {
      for start in stride(from: 0, to: count, by: chunk) where found == nil {
        withBytes(from: start, count: min(chunk, count - start)) { bytes, part, _ in
          let range =
            type.isSignedInteger
            ? UnsafeRawPointer(bytes).withMemoryRebound(to: Int8.self, capacity: part) {
              ck_range_i8($0, part)
            } : ck_range_u8(bytes, part)
          if range.least < limits.lowerBound || range.greatest > limits.upperBound { found = start }
        }
      }
    }
    guard let found else { return nil }
    var value: Int32 = 0
    for place in found..<count {
      integers(from: place, count: 1, into: &value)
      if !limits.contains(value) { return (place, value) }
    }
    return nil
  }
}
