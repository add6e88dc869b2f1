import CKernels
import Numerics

/// How many elements loops take at once where they need room of their own: small enough to stay in the nearest cache.
let chunk = 4096

/// Reads packed elements in bulk, as `Numerics` reads them one by one.
///
/// It lives no longer than the bytes that it was made for. Elements that are asked for have to lie inside the count.
struct ElementReader {
  let type: ElementType
  /// Nil only where there are no elements.
  private let bytes: UnsafeRawPointer?

  init(_ type: ElementType, _ bytes: UnsafeRawBufferPointer) {
    self.type = type
    self.bytes = bytes.baseAddress
  }

  /// Values as f32: exact for floating types of at most 32 bits and integers of at most 24, else rounded to nearest.
  func floats(from first: Int, count: Int, into out: UnsafeMutablePointer<Float>) {
    guard count > 0, let bytes else { return }
    switch type {
    case .f32: UnsafeMutableRawPointer(out).copyMemory(from: bytes + 4 * first, byteCount: 4 * count)
    case .f16:
      ck_f32_from_f16((bytes + 2 * first).assumingMemoryBound(to: UInt16.self), out, count)
    case .bf16: ck_f32_from_bf16(bytes + 2 * first, out, count)
    default:
      if let table = type.floatTable {
        withBytes(from: first, count: count) { start, part, done in
          ck_f32_from_table(start, table, out + done, part)
        }
      } else {
        for index in 0..<count { out[index] = type.float(ofCode: code(first + index)) ?? .nan }
      }
    }
  }

  /// Values as f64: exact but for integers beyond 2^53, which are rounded to nearest.
  func doubles(from first: Int, count: Int, into out: UnsafeMutablePointer<Double>) {
    guard count > 0, let bytes else { return }
    switch type {
    case .f64: UnsafeMutableRawPointer(out).copyMemory(from: bytes + 8 * first, byteCount: 8 * count)
    case .f32, .f16, .bf16:
      withUnsafeTemporaryAllocation(of: Float.self, capacity: min(count, chunk)) { room in
        guard let floats = room.baseAddress else { return }
        for done in stride(from: 0, to: count, by: chunk) {
          let part = min(chunk, count - done)
          self.floats(from: first + done, count: part, into: floats)
          ck_f64_from_f32(floats, out + done, part)
        }
      }
    default:
      if let table = type.floatTable {
        withBytes(from: first, count: count) { start, part, done in
          for index in 0..<part { out[done + index] = Double(table[Int(start[index])]) }
        }
      } else {
        for index in 0..<count { out[index] = type.value(ofCode: code(first + index)) ?? .nan }
      }
    }
  }

  /// Values of integers of at most 32 bits; those of u32 beyond Int32 are not asked for.
  func integers(from first: Int, count: Int, into out: UnsafeMutablePointer<Int32>) {
    guard count > 0, let bytes else { return }
    switch type {
    case .i8, .i4, .i2:
      withBytes(from: first, count: count) { start, part, done in
        for index in 0..<part { out[done + index] = Int32(Int8(bitPattern: start[index])) }
      }
    case .u8, .u4, .u2, .bool:
      withBytes(from: first, count: count) { start, part, done in
        for index in 0..<part { out[done + index] = Int32(start[index]) }
      }
    case .i16:
      for index in 0..<count {
        out[index] = Int32((bytes + 2 * (first + index)).loadUnaligned(as: Int16.self))
      }
    case .u16:
      for index in 0..<count {
        out[index] = Int32((bytes + 2 * (first + index)).loadUnaligned(as: UInt16.self))
      }
    default:
      for index in 0..<count { out[index] = Int32(truncatingIfNeeded: code(first + index)) }
    }
  }

  /// Elements of at most 8 bits as bytes, signed ones extended, in parts: the bytes, how many, and how many came before.
  func withBytes(
    from first: Int, count: Int, _ body: (UnsafePointer<UInt8>, _ part: Int, _ done: Int) -> Void
  ) {
    guard count > 0, let bytes else { return }
    let start = bytes.assumingMemoryBound(to: UInt8.self)
    guard let bits = type.bits, bits < 8 else { return body(start + first, count, 0) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: min(count, chunk)) { room in
      guard let base = room.baseAddress else { return }
      for done in Swift.stride(from: 0, to: count, by: chunk) {
        let part = min(chunk, count - done)
        ck_unpack(start, first + done, base, part, Int32(bits), type.isSignedInteger ? 1 : 0)
        body(base, part, done)
      }
    }
  }

  /// Where elements of whole bytes begin.
  func pointer(to index: Int) -> UnsafeRawPointer? { bytes.map { $0 + index * (type.bits ?? 0) / 8 } }

  private func code(_ index: Int) -> UInt64 {
    guard let bytes else { return 0 }
    return switch type.bits {
    case 64: (bytes + 8 * index).loadUnaligned(as: UInt64.self)
    case 32: UInt64((bytes + 4 * index).loadUnaligned(as: UInt32.self))
    case 16: UInt64((bytes + 2 * index).loadUnaligned(as: UInt16.self))
    default: UInt64((bytes + index).loadUnaligned(as: UInt8.self))
    }
  }
}
