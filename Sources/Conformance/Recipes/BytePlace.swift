/// A place in the bytes of a file: a number, or a mark that the file's format names.
enum BytePlace: Sendable, Hashable {
  case offset(Int)
  case mark(String)

  /// The byte.
  func offset(in bytes: [UInt8], _ format: FileLayout) throws(RecipeError) -> Int {
    switch self {
    case .offset(let offset): return offset < 0 ? bytes.count + offset : offset
    case .mark(let mark):
      switch format {
      case .safetensors: return try Self.safetensors(mark, bytes)
      case .fields(let layout): return try Self.field(mark, bytes, layout)
      case .package, .manifest, .segment: return try ApartFile(bytes, format, mark).offset(of: mark)
      case .text: throw RecipeError(zh: "此文件没有标记 \(mark)", en: "this file has no mark \(mark)")
      }
    }
  }

  private static func safetensors(_ mark: String, _ bytes: [UInt8]) throws(RecipeError) -> Int {
    switch mark {
    case "length": return 0
    case "header": return 8
    case "data": return try SafetensorsText(bytes).header.upperBound
    case "end": return bytes.count
    default: throw RecipeError(zh: "未知的标记 \(mark)", en: "unknown mark \(mark)")
    }
  }

  private static func field(_ mark: String, _ bytes: [UInt8], _ layout: Layout) throws(RecipeError) -> Int {
    if mark == "end" { return bytes.count }
    let parts = mark.split(separator: "#", maxSplits: 1)
    guard let path = parts.first else { throw RecipeError(zh: "标记为空", en: "the mark is empty") }
    let place = try FieldTarget(FieldPath(String(path)), in: bytes, layout).occurrence()
    switch parts.count == 2 ? parts[1] : "" {
    case "": return place.whole.lowerBound
    case "length": return place.length.lowerBound
    case "value": return place.value.lowerBound
    case let part: throw RecipeError(zh: "未知的标记 #\(part)", en: "unknown mark #\(part)")
    }
  }
}

/// What recipes know of a file's layout.
enum FileLayout: Sendable {
  case safetensors
  case fields(Layout)
  case package
  case manifest
  case segment
  case text

  /// Whether it is one of clause 8, whose files recipes take apart and put together again.
  var isOfParts: Bool {
    switch self {
    case .package, .manifest, .segment: true
    case .safetensors, .fields, .text: false
    }
  }
}

/// The parts of a safetensors file.
struct SafetensorsText {
  let bytes: [UInt8]
  /// The bytes of the header.
  let header: Range<Int>

  init(_ bytes: [UInt8]) throws(RecipeError) {
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard bytes.count >= 8, let count = Int(exactly: length), count <= bytes.count - 8 else {
      throw RecipeError(zh: "safetensors 头不完整", en: "the safetensors header is not complete")
    }
    self.bytes = bytes
    header = 8..<8 + count
  }

  /// The file with the header changed, padded to 8 bytes and its length set anew.
  func changingHeader(_ change: ([UInt8]) throws(RecipeError) -> [UInt8]) throws(RecipeError) -> [UInt8] {
    let blank = UInt8(ascii: " ")
    let text = Array(bytes[header])
    let end = (text.lastIndex { $0 != blank } ?? -1) + 1
    var changed = try change(Array(text[..<end]))
    while changed.count % 8 != 0 { changed.append(blank) }
    return UInt64(changed.count).littleEndianBytes + changed + bytes[header.upperBound...]
  }
}
