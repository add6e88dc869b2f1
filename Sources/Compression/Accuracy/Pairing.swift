import Storage

/// Which tensor of the candidate is held against which of the original.
struct Pairing {
  /// A tensor of the candidate and what it came from.
  struct Pair: Sendable {
    /// The index in the candidate.
    let candidate: Int
    /// The index in the original; nil where there is none.
    let original: Int?
    /// What was cut of it.
    let cut: KeptUnits?
  }

  /// One for each tensor of the candidate, in the order of their names.
  private(set) var pairs: [Pair] = []
  /// The tensors of the original that have no counterpart, in the order of their names.
  private(set) var lost: [Int] = []
  /// Those of them that a reduction says were cut away.
  private(set) var cutAway: Set<Int> = []

  init(original: [ComparedTensor], candidate: [ComparedTensor], statement: CompressionStatement?) {
    var places: [ExactString: Int] = [:]
    for (index, tensor) in original.enumerated() { places[ExactString(tensor.name)] = index }
    let renumbering = statement.map(Renumbering.init)
    var taken: Set<Int> = []
    let order = candidate.indices.sorted { ExactString(candidate[$0].name) < ExactString(candidate[$1].name) }
    for index in order {
      let tensor = candidate[index]
      let cut = statement.flatMap { KeptUnits(tensor.name, dims: tensor.type.dims, in: $0) }
      let wanted = cut.flatMap { $0.original == tensor.name ? nil : $0.original }
      let name = wanted ?? renumbering?.original(tensor.name) ?? tensor.name
      let place = places[ExactString(name)]
      if let place { taken.insert(place) }
      pairs.append(Pair(candidate: index, original: place, cut: cut))
    }
    lost = original.indices.filter { !taken.contains($0) }
      .sorted { ExactString(original[$0].name) < ExactString(original[$1].name) }
    cutAway = Set(lost.filter { renumbering?.isCutAway(original[$0].name) == true })
  }
}

/// The names that reductions renumbered: the variable with number j was the one with the j-th kept number.
struct Renumbering {
  private struct Pattern {
    let head: String
    let tail: String
    let kept: [CompressionStatement.Reduction.Run]
    let units: Int64

    /// The number that stands in place of the mark; nil where the name is none of the pattern's.
    func number(in name: String) -> Int64? { NamePattern.number(in: name, head: head, tail: tail) }
  }

  private let patterns: [Pattern]

  init(_ statement: CompressionStatement) {
    patterns = statement.reductions.flatMap { reduction in
      reduction.keptCount == nil
        ? []
        : reduction.names.compactMap { name in
          guard let mark = name.firstRange(of: "{}") else { return nil }
          return Pattern(
            head: String(name[..<mark.lowerBound]), tail: String(name[mark.upperBound...]),
            kept: reduction.kept, units: reduction.units)
        }
    }
  }

  /// The name that a variable had in the original; nil where no pattern fits.
  func original(_ name: String) -> String? {
    for pattern in patterns {
      guard let number = pattern.number(in: name) else { continue }
      var rest = number
      for run in pattern.kept {
        if rest < run.count { return "\(pattern.head)\(run.first + rest)\(pattern.tail)" }
        rest -= run.count
      }
    }
    return nil
  }

  /// Whether a variable of the original was cut away.
  func isCutAway(_ name: String) -> Bool {
    patterns.contains { pattern in
      guard let number = pattern.number(in: name), number < pattern.units else { return false }
      return !pattern.kept.contains { number >= $0.first && number - $0.first < $0.count }
    }
  }
}

extension NamePattern {
  /// The number in decimal digits between a head and a tail of a name; nil where something else stands there.
  public static func number(in name: String, head: String, tail: String) -> Int64? {
    let (bytes, head, tail) = (Array(name.utf8), Array(head.utf8), Array(tail.utf8))
    guard bytes.count > head.count + tail.count, bytes.starts(with: head),
      bytes.suffix(tail.count).elementsEqual(tail)
    else { return nil }
    let digits = bytes[head.count..<bytes.count - tail.count]
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }
}
