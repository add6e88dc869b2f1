import Storage

/// A change to a file as a whole (conformance/vectors.md).
enum FileEdit: Sendable, Hashable {
  case delete
  case rename(String)
  case copy(String)
  case write([UInt8])
  case link(String)
  case pipe
  case directory
  case extend(UInt64)
  case many(Int)
  case replace(String, with: String, times: Int)
  /// The file loses all but its first bytes once it has been opened.
  case shrink(UInt64)
}

/// The files of a vector in memory: the input, and the metadata beside it.
public struct VectorFiles: Sendable, Hashable {
  /// What stands under a name.
  enum Entry: Sendable, Hashable {
    /// A file; where a size is given, zeros follow the bytes up to it.
    case file([UInt8], size: UInt64?)
    case link(String)
    case pipe
    case directory
  }

  /// The name of the metadata, which lies beside the input.
  static let metadataName = "metadata.yaml"

  /// What stands under each name, relative to the input; two names that differ in their Unicode form alone are two.
  var entries: [ExactString: Entry] = [:]
  /// The metadata, if any.
  var metadata: [UInt8]?
  /// Files that become shorter once they have been opened, with their later sizes.
  var shrinking: [String: UInt64] = [:]

  func content(of name: String) throws(RecipeError) -> [UInt8] {
    if name == Self.metadataName, let metadata { return metadata }
    guard case .file(let bytes, _)? = entries[ExactString(name)] else {
      throw RecipeError(zh: "输入中没有文件 \(name)", en: "the input has no file \(name)")
    }
    return bytes
  }

  mutating func apply(_ change: FileEdit, to name: String) throws(RecipeError) {
    switch change {
    case .delete where name == Self.metadataName: metadata = nil
    case .delete:
      // A name stands for a folder too: everything below it goes.
      let folder = "\(name)/".utf8
      let below = entries.keys.filter { $0 == ExactString(name) || $0.value.utf8.starts(with: folder) }
      guard !below.isEmpty else { throw RecipeError(zh: "输入中没有 \(name)", en: "the input has no \(name)") }
      for name in below { entries[name] = nil }
    case .rename(let new):
      guard let entry = entries.removeValue(forKey: ExactString(name)) else {
        throw RecipeError(zh: "输入中没有 \(name)", en: "the input has no \(name)")
      }
      entries[ExactString(new)] = entry
    case .copy(let new): entries[ExactString(new)] = .file(try content(of: name), size: nil)
    case .write(let bytes): set(bytes, name)
    case .link(let target): entries[ExactString(name)] = .link(target)
    case .pipe: entries[ExactString(name)] = .pipe
    case .directory: entries[ExactString(name)] = .directory
    case .extend(let size): entries[ExactString(name)] = .file(try content(of: name), size: size)
    case .many(let count):
      guard let mark = name.range(of: "%d") else {
        throw RecipeError(zh: "名称中缺少 %d：\(name)", en: "the name has no %d: \(name)")
      }
      for number in 0..<count {
        entries[ExactString(name.replacingCharacters(mark, with: String(number)))] = .file([], size: nil)
      }
    case .shrink(let size):
      _ = try content(of: name)
      shrinking[name] = size
    case .replace(let old, let new, let times):
      set(try FileEdit.replaced(old, with: new, times: times, in: try content(of: name), name), name)
    }
  }

  private mutating func set(_ bytes: [UInt8], _ name: String) {
    if name == Self.metadataName {
      metadata = bytes
    } else {
      entries[ExactString(name)] = .file(bytes, size: nil)
    }
  }
}

extension FileEdit {
  /// The bytes with a text that occurs once replaced by so many of another.
  static func replaced(
    _ old: String, with new: String, times: Int, in bytes: [UInt8], _ name: String
  ) throws(RecipeError) -> [UInt8] {
    let found = bytes.ranges(of: Array(old.utf8))
    guard found.count == 1, let place = found.first else {
      throw RecipeError(
        zh: "\(name) 中 \(old) 出现 \(found.count) 次，应恰为一次",
        en: "\(old) occurs \(found.count) times in \(name), not once")
    }
    var result = bytes
    result.replaceSubrange(place, with: [UInt8](repeating: Array(new.utf8), times: times))
    return result
  }
}

extension String {
  fileprivate func range(of mark: String) -> Range<String.Index>? { ranges(of: mark).first }

  fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
    var result = self
    result.replaceSubrange(range, with: text)
    return result
  }
}
