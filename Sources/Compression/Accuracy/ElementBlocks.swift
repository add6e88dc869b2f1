import CKernels
import Numerics

/// The elements of a tensor as numbers, a block at a time, so that no more of them than that is ever held twice.
struct ElementBlocks {
  private let elements: Elements
  /// What each code stands for, for types of at most 8 bits.
  private let table: [Float]

  /// Whether every element is exact in f32.
  let fitsFloat: Bool

  init(_ elements: Elements) {
    self.elements = elements
    let type = elements.type.element
    let bits = type.bits ?? 64
    fitsFloat = type.isFloat ? bits <= 32 : bits <= 16
    table =
      bits <= 8 ? (0..<UInt64(1) << UInt64(bits)).map { Float(type.value(ofCode: $0) ?? .nan) } : []
  }

  /// The number of an element; NaN where its code means nothing.
  func number(_ index: Int) -> Double {
    elements.bytes.withUnsafeBytes { bytes in
      let type = elements.type.element
      return type.code(at: UInt64(index), in: bytes).flatMap(type.value(ofCode:)) ?? .nan
    }
  }

  /// Calls `body` with elements as f32, each exact where `fitsFloat`.
  func withFloats<Result>(
    _ start: Int, _ count: Int, _ body: (UnsafePointer<Float>) -> Result
  ) -> Result {
    elements.bytes.withUnsafeBytes { bytes in
      // An array's bytes are aligned for every element type.
      if elements.type.element == .f32, let base = bytes.baseAddress {
        return body(base.assumingMemoryBound(to: Float.self) + start)
      }
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count, 1)) { buffer in
        fill(buffer, bytes, start, count)
        return body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped))
      }
    }
  }

  /// Calls `body` with elements as f64, exact but for integers beyond 2^53.
  func withDoubles<Result>(
    _ start: Int, _ count: Int, _ body: (UnsafePointer<Double>) -> Result
  ) -> Result {
    elements.bytes.withUnsafeBytes { bytes in
      if elements.type.element == .f64, let base = bytes.baseAddress {
        return body(base.assumingMemoryBound(to: Double.self) + start)
      }
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(count, 1)) { buffer in
        if fitsFloat {
          withFloats(start, count) { floats in
            for index in 0..<count { buffer[index] = Double(floats[index]) }
          }
        } else {
          let type = elements.type.element
          for index in 0..<count {
            let code = type.code(at: UInt64(start + index), in: bytes)
            buffer[index] = code.flatMap(type.value(ofCode:)) ?? .nan
          }
        }
        return body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped))
      }
    }
  }

  private func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int
  ) {
    guard let to = buffer.baseAddress, let from = bytes.baseAddress, count > 0 else { return }
    let type = elements.type.element
    switch (type, type.bits) {
    case (.f16, _): ck_f32_from_f16(from.assumingMemoryBound(to: UInt16.self) + start, to, count)
    case (.bf16, _): ck_measured_bf16(from.assumingMemoryBound(to: UInt16.self) + start, to, count)
    case (_, 8): for index in 0..<count { buffer[index] = table[Int(bytes[start + index])] }
    case (_, 4):
      for index in 0..<count {
        let place = start + index
        buffer[index] = table[Int(bytes[place / 2] >> UInt8(place % 2 * 4) & 15)]
      }
    default:
      for index in 0..<count {
        let code = type.code(at: UInt64(start + index), in: bytes)
        buffer[index] = code.flatMap(type.float(ofCode:)) ?? .nan
      }
    }
  }
}
