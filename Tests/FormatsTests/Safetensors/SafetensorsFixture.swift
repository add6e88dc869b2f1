/// Safetensors files written out by hand for tests.
enum SafetensorsFixture {
  /// A file with that header, the right length before it, and as many zero bytes as told.
  static func file(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
    file(Array(header.utf8), data: data, length: length)
  }

  /// A file with that header, the right length before it unless another is given, and as many zero bytes as told.
  static func file(_ header: [UInt8], data: Int, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + header
      + [UInt8](repeating: 0, count: data)
  }

  /// The entry of an F32 tensor.
  static func f32(_ name: String, _ count: Int, at begin: Int) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(count)],\"data_offsets\":[\(begin),\(begin + 4 * count)]}"
  }

  /// A good file with these F32 vectors one after another, and a framework.
  static func vectors(_ names: [String], count: Int = 2) -> [UInt8] {
    let entries = names.enumerated().map { f32($1, count, at: $0 * 4 * count) }
    let header = "{\"__metadata__\":{\"format\":\"pt\"}" + entries.map { "," + $0 }.joined() + "}"
    return file(header, data: names.count * 4 * count)
  }
}
