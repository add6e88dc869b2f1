import Glibc

/// A string that is compared byte by byte.
///
/// Swift compares strings by canonical equivalence, so that `é` in its two Unicode forms is one key; formats compare bytes. Use
/// this as the key of every dictionary and set of names that come from a file.
public struct ExactString: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The string.
  public let value: String

  /// A string to be compared byte by byte.
  public init(_ value: String) {
    self.value = value
  }

  public var description: String { value }

  public static func == (left: ExactString, right: ExactString) -> Bool {
    // Names mostly lie contiguously, so that they compare as fast as memory; an `elementsEqual` goes byte by byte.
    guard left.value.utf8.count == right.value.utf8.count else { return false }
    let isEqual: Bool?? = left.value.utf8.withContiguousStorageIfAvailable { ours in
      right.value.utf8.withContiguousStorageIfAvailable { theirs in
        guard let ours = ours.baseAddress, let theirs = theirs.baseAddress else { return true }
        return memcmp(ours, theirs, left.value.utf8.count) == 0
      }
    }
    return (isEqual ?? nil) ?? left.value.utf8.elementsEqual(right.value.utf8)
  }

  public static func < (left: ExactString, right: ExactString) -> Bool {
    let precedes: Bool?? = left.value.utf8.withContiguousStorageIfAvailable { ours in
      right.value.utf8.withContiguousStorageIfAvailable { theirs in
        guard let first = ours.baseAddress, let second = theirs.baseAddress else {
          return ours.count < theirs.count
        }
        let order = memcmp(first, second, min(ours.count, theirs.count))
        return order == 0 ? ours.count < theirs.count : order < 0
      }
    }
    return (precedes ?? nil) ?? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var copy = value
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
