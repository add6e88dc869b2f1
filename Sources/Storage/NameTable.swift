/// Names with the place of each, in the order in which they come, compared byte by byte.
///
/// Most writers sort the names of a structure. As long as they come in ascending order, nothing is hashed: a name that stands after
/// the last one is new, and one is found by halving. With a hundred thousand names that is a good part of reading them.
public struct NameTable: Sendable {
  /// The names, each once, in the order in which they came.
  public private(set) var names: [ExactString] = []
  /// The places of the names; nil as long as the names ascend.
  private var places: [ExactString: Int]?

  /// No names.
  public init() {}

  /// Makes room for that many names.
  public mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
  }

  /// Adds a name.
  ///
  /// - Returns: whether it is new; one that is there already stays at its place.
  public mutating func insert(_ name: String) -> Bool {
    let name = ExactString(name)
    if places == nil {
      guard let last = names.last, !(last < name) else {
        names.append(name)
        return true
      }
      if last == name { return false }
      places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      places?.reserveCapacity(names.capacity)
    }
    if let earlier = places?.updateValue(names.count, forKey: name) {
      places?[name] = earlier
      return false
    }
    names.append(name)
    return true
  }

  /// The place of a name; nil where it is not there.
  public func place(of name: String) -> Int? {
    let name = ExactString(name)
    if let places { return places[name] }
    var low = 0
    var high = names.count
    while low < high {
      let middle = low + (high - low) / 2
      if names[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low < names.count && names[low] == name ? low : nil
  }
}
