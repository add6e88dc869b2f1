import Numerics
import Storage

/// The element types of the format under the names that it gives them (safetensors 0.8).
enum SafetensorsElementTypes {
  private static let table: [(name: StaticString, type: ElementType)] = [
    ("F32", .f32), ("BF16", .bf16), ("F16", .f16), ("I64", .i64), ("I32", .i32), ("U8", .u8), ("I8", .i8),
    ("BOOL", .bool), ("F8_E4M3", .f8e4m3fn), ("F8_E5M2", .f8e5m2), ("F64", .f64), ("I16", .i16),
    ("U16", .u16),
    ("U32", .u32), ("U64", .u64), ("F8_E8M0", .f8e8m0), ("F4", .f4e2m1), ("F6_E2M3", .f6e2m3),
    ("F6_E3M2", .f6e3m2), ("F8_E4M3FNUZ", .f8e4m3fnuz), ("F8_E5M2FNUZ", .f8e5m2fnuz), ("C64", .complex64),
  ]

  /// The names, for findings.
  static let names = table.map(\.name.description).sorted()

  /// The name that the format has for an element type; nil where it has none.
  static func name(of type: ElementType) -> String? {
    table.first { $0.type == type }?.name.description
  }

  /// The element type of that name.
  static func type(_ text: JSONText, in reader: JSONReader) -> ElementType? {
    for (name, type) in table where reader.text(text, equals: name) {
      return type
    }
    return nil
  }

  /// Whether a name is built like those of the format: `F8_E3M4` may come with a later version, `float32` never will.
  static func looksLikeType(_ name: String) -> Bool {
    let letters = name.utf8.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    let rest = name.utf8.dropFirst(letters.count)
    guard (1...4).contains(letters.count), rest.count <= 16 else { return false }
    return rest.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true
      && rest.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }
}
