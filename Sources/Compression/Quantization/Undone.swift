import CKernels
import Numerics
import Storage

/// How a quantizer's f32 values become elements of the stage's input (profile clause 7.3): one conversion, and a fault where one is not finite.
struct Undone {
  /// The type of the stage's input: f64, f32, f16 or bf16.
  let type: ElementsType
  /// Whether it is known from the side tensors that every value is finite.
  var boundedBelow: Double? = nil

  /// Elements by segments of a grid.
  ///
  /// - Parameter body: writes the f32 values of a segment.
  /// - Throws: `quantizer-decoded-finite`, with the first place.
  func elements(
    _ grid: Grid, _ body: (Grid.Segment, UnsafeMutablePointer<Float>) throws(Fault) -> Void
  ) throws(Fault) -> Elements {
    let element = type.element
    let width = (element.bits ?? 8) / 8
    let bytes = try filledBytes(type.byteCount) { out throws(Fault) in
      if element == .f32 {
        try grid.forEachSegment { segment throws(Fault) in
          let values = (out + 4 * segment.start).assumingMemoryBound(to: Float.self)
          try body(segment, values)
          try check(values, segment)
        }
      } else {
        try withRoom { values throws(Fault) in
          try grid.forEachSegment { segment throws(Fault) in
            try body(segment, values)
            try check(values, segment)
            element.write(values, segment.count, to: out + width * segment.start)
          }
        }
      }
    }
    return try made(bytes)
  }

  /// Elements of values that stand ready.
  /// - Throws: `quantizer-decoded-finite`, with the first place.
  func elements(_ values: [Float]) throws(Fault) -> Elements {
    let bytes = try filledBytes(type.byteCount) { out throws(Fault) in
      try values.span.withUnsafeBufferPointer { buffer throws(Fault) in
        guard let base = buffer.baseAddress, buffer.count == type.count else { return }
        try check(base, 0, type.count)
        type.element.write(base, type.count, to: out)
      }
    }
    return try made(bytes)
  }

  private func made(_ bytes: [UInt8]) throws(Fault) -> Elements {
    guard let elements = Elements(type, bytes) else { throw .stage(.compressionPayloadType) }
    return elements
  }

  private func check(_ values: UnsafePointer<Float>, _ segment: Grid.Segment) throws(Fault) {
    try check(values, segment.start, segment.count)
  }

  private func check(_ values: UnsafePointer<Float>, _ start: Int, _ count: Int) throws(Fault) {
    // Far enough below the limit that roundings on the way do not matter.
    if let boundedBelow, boundedBelow < type.element.greatestFinite * 0.99 { return }
    let limit = type.element.infinityFromFloat
    guard ck_greatest_magnitude_f32(values, count) >= limit else { return }
    let place = (0..<count).first { values[$0].magnitude.bitPattern >= limit } ?? 0
    throw .stage(
      .quantizerDecodedFinite, expected: "|x| ≤ \(type.element.greatestFinite)",
      actual: "[\(start + place)] = \(values[place])")
  }
}

/// Room for the values of a segment.
func withRoom<Value: BitwiseCopyable>(
  _ count: Int = chunk, _ body: (UnsafeMutablePointer<Value>) throws(Fault) -> Void
) throws(Fault) {
  var fault: Fault?
  withUnsafeTemporaryAllocation(of: Value.self, capacity: max(count, 1)) { room in
    guard let base = room.baseAddress else { return }
    do throws(Fault) { try body(base) } catch { fault = error }
  }
  if let fault { throw fault }
}
