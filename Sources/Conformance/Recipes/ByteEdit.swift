/// A change to the bytes of a file (conformance/vectors.md).
enum ByteEdit: Sendable, Hashable {
  case overwrite([UInt8])
  case insert([UInt8])
  case erase(Int)
  case truncate

  /// The bytes with the change made.
  func applied(to bytes: [UInt8], at offset: Int) throws(RecipeError) -> [UInt8] {
    var result = bytes
    let end: Int
    switch self {
    case .overwrite(let content): end = offset + content.count
    case .erase(let count): end = offset + count
    case .insert, .truncate: end = offset
    }
    guard offset >= 0, end <= bytes.count else {
      throw RecipeError(
        zh: "位置 \(offset) 超出文件（\(bytes.count) B）",
        en: "place \(offset) is outside the file (\(bytes.count) B)")
    }
    switch self {
    case .overwrite(let content): result.replaceSubrange(offset..<end, with: content)
    case .insert(let content): result.insert(contentsOf: content, at: offset)
    case .erase: result.removeSubrange(offset..<end)
    case .truncate: result.removeSubrange(offset...)
    }
    return result
  }
}
