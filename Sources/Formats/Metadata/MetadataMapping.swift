import Yams

/// A mapping of a metadata file whose keys are given by the schema.
struct MetadataMapping {
  private let value: MetadataValue
  private let pairs: [(name: String, value: MetadataValue)]
  private let keyMarks: [String: Mark]

  /// The mapping that a node is.
  init(_ node: Node, at key: String, file: String) throws(MetadataError) {
    try self.init(MetadataValue(node, at: key, file: file))
  }

  /// The mapping that a value is.
  init(_ value: MetadataValue) throws(MetadataError) {
    self.value = value
    pairs = try value.pairs()
    var marks: [String: Mark] = [:]
    if case .mapping(let mapping) = value.node {
      for (key, _) in mapping {
        if case .scalar(let scalar) = key { marks[scalar.string] = scalar.mark }
      }
    }
    keyMarks = marks
  }

  /// Refuses keys that the schema does not have, with the nearest one that it has.
  func allow(_ keys: [String]) throws(MetadataError) {
    for (name, item) in pairs where !keys.contains(name) {
      let mark = keyMarks[name]
      let nearest = Spelling.nearest(to: name, among: keys)
      let list = keys.joined(separator: ", ")
      throw MetadataError(
        .unknownKey, file: item.file, line: mark?.line ?? 1, column: mark?.column ?? 1,
        zh: "没有键 “\(name)”；" + (nearest.map { "是否指 “\($0)”？" } ?? "") + "可用的键：\(list)",
        en: "there is no key “\(name)”; " + (nearest.map { "did you mean “\($0)”? " } ?? "")
          + "The keys are: \(list)")
    }
  }

  /// The value of a key; nil where the key is not there.
  subscript(key: String) -> MetadataValue? {
    pairs.first { $0.name == key }?.value
  }

  /// The text of a key.
  func text(_ key: String) throws(MetadataError) -> String? {
    guard let value = self[key] else { return nil }
    return try value.text()
  }

  /// The whole number of a key.
  func count(_ key: String) throws(MetadataError) -> UInt64? {
    guard let value = self[key] else { return nil }
    return try value.count()
  }

  /// The mapping of a key, with the keys that it may have.
  func mapping(_ key: String, allowing keys: [String]) throws(MetadataError) -> MetadataMapping? {
    guard let value = self[key] else { return nil }
    let mapping = try MetadataMapping(value)
    try mapping.allow(keys)
    return mapping
  }

  /// An error at the mapping.
  func error(_ reason: MetadataError.Reason, zh: String, en: String) -> MetadataError {
    value.error(reason, zh: zh, en: en)
  }
}

/// How alike two spellings are.
enum Spelling {
  /// The name that differs from a wrong one by least, at most two letters or only by case, `_` and spaces.
  static func nearest(to wrong: String, among names: [String]) -> String? {
    let folded = fold(wrong)
    guard folded.count <= 64 else { return nil }
    let distances = names.map { (name: $0, distance: distance(folded, fold($0))) }
    return distances.filter { $0.distance <= 2 }.min { $0.distance < $1.distance }?.name
  }

  private static func fold(_ name: String) -> [Character] {
    name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 }
  }

  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let above = row[column + 1]
        row[column + 1] = min(
          above + 1, row[column] + 1, diagonal + (right[column] == character ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
