import Storage

extension CompressionStatement {
  /// Which variables something speaks of: those that some pattern of `include` matches and none of `exclude`.
  public struct Targets: Sendable, Hashable {
    /// Patterns of names; nil for every name.
    public var include: [String]?
    /// Patterns of names that are left out.
    public var exclude: [String]

    /// Patterns.
    public init(include: [String]? = nil, exclude: [String] = []) {
      self.include = include
      self.exclude = exclude
    }

    /// Whether a name is among them.
    public func matches(_ name: String) -> Bool {
      (include?.contains { NamePattern($0).matches(name) } ?? true)
        && !exclude.contains { NamePattern($0).matches(name) }
    }
  }
}

/// A pattern of names: `*` stands for any bytes, everything else for itself.
public struct NamePattern: Sendable, Hashable {
  private let bytes: [UInt8]

  /// A pattern.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// Whether a name is one of the pattern's.
  ///
  /// Going back to the last `*` alone is enough, since an earlier one could only begin sooner what a later one finds anyway.
  public func matches(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { name in
      var (place, at) = (0, 0)
      var again: (place: Int, at: Int)?
      while at < name.count {
        if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
          place += 1
          again = (place, at)
        } else if place < bytes.count, bytes[place] == name[at] {
          place += 1
          at += 1
        } else if let last = again {
          again = (last.place, last.at + 1)
          (place, at) = (last.place, last.at + 1)
        } else {
          return false
        }
      }
      return bytes[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
  }
}
