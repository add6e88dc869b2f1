import Glibc
import Testing

@testable import Numerics

/// What `ml_dtypes` and NumPy say, as `conformance/oracle/element_types.py` wrote it.
enum Oracle {
  /// A record of `encode.bin`: an f32 value and its nearest code in each type.
  struct Record {
    let pattern: UInt32
    let codes: [UInt64]
    var value: Float { Float(bitPattern: pattern) }
  }

  /// The types of a record, in its order.
  static let types: [ElementType] = [
    .f16, .bf16, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz, .f8e8m0, .f6e2m3, .f6e3m2, .f4e2m1,
  ]

  /// The values of all codes of a type, as bit patterns of f32.
  static func values(of type: ElementType) throws -> [UInt32] {
    let bytes = try bytes("decode-\(type.rawValue).bin")
    return stride(from: 0, to: bytes.count, by: 4).map { word(bytes, $0) }
  }

  /// What is nearest to a sample of f32 values.
  static func records() throws -> [Record] {
    let bytes = try bytes("encode.bin")
    return stride(from: 0, to: bytes.count, by: 16).map { start in
      let words = [4, 6].map { UInt64(bytes[start + $0]) | UInt64(bytes[start + $0 + 1]) << 8 }
      return Record(
        pattern: word(bytes, start), codes: words + bytes[(start + 8)..<(start + 16)].map(UInt64.init))
    }
  }

  private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/conformance/oracle/element-types/\(name)"
    let file = try #require(fopen(path, "r"), "\(path)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
