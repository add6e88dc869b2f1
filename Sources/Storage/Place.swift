/// Where in a sample something was seen: a file, a byte in it, a path in the model; whichever are known.
public struct Place: Sendable, Hashable {
  /// The file, as a path relative to the sample; empty for the sample itself.
  public var file: String
  /// The byte in the file, counted from zero.
  public var offset: UInt64?
  /// The path in the model, such as `parameters["encoder.weight"].type.dims[0]`, or a JSON pointer in a JSON file.
  public var path: String?

  /// A place in a file of the sample.
  public init(_ file: String = "", offset: UInt64? = nil, path: String? = nil) {
    self.file = file
    self.offset = offset
    self.path = path
  }
}

/// One occurrence of a fault or of a finding: where it was seen, what was expected there and what was found.
///
/// `expected` and `actual` are the same in every language: numbers, names, types, formulas.
public struct Occurrence: Sendable, Hashable {
  /// Where it was seen.
  public var place: Place
  /// What should have stood there.
  public var expected: String?
  /// What stood there.
  public var actual: String?

  /// An occurrence; texts taken from a file are shortened to `Occurrence.textLimit` characters.
  public init(_ place: Place, expected: String? = nil, actual: String? = nil) {
    self.place = place
    self.expected = expected.map(Occurrence.shortened)
    self.actual = actual.map(Occurrence.shortened)
    self.place.path = place.path.map(Occurrence.shortened)
  }

  /// How many Unicode scalars of a text that comes from a file a report repeats: a hostile name may have millions.
  public static let textLimit = 240

  /// Counts scalars and not characters, of which a single one may have any number of combining marks.
  private static func shortened(_ text: String) -> String {
    // A count of UTF-8 bytes first: it is stored, so that the common short text costs nothing.
    guard text.utf8.count > textLimit,
      let end = text.unicodeScalars.index(
        text.startIndex, offsetBy: textLimit, limitedBy: text.endIndex),
      end < text.endIndex
    else { return text }
    return String(text.unicodeScalars[..<end]) + "…"
  }
}

/// Occurrences of the same thing, folded: the number, the first, the last and a few in between.
///
/// However many there are, the memory is bounded; a report says the count, so that nothing is hidden.
public struct Occurrences: Sendable, Hashable {
  /// How many there are.
  public private(set) var count: UInt64
  /// The first one.
  public let first: Occurrence
  /// The last one, where there is more than one.
  public private(set) var last: Occurrence?
  /// The ones after the first, up to `Occurrences.shown`.
  public private(set) var others: [Occurrence]

  /// How many occurrences after the first are kept with their own expected and actual values.
  public static let shown = 8

  /// A single occurrence.
  public init(_ first: Occurrence) {
    count = 1
    self.first = first
    last = nil
    others = []
  }

  /// Folds in what was folded elsewhere, as if it had been seen after what is here.
  public mutating func append(_ other: Occurrences) {
    count += other.count
    for occurrence in [other.first] + other.others where others.count < Occurrences.shown {
      others.append(occurrence)
    }
    last = other.last ?? other.first
  }

  /// Folds one more occurrence in.
  public mutating func add(_ occurrence: Occurrence) {
    count += 1
    last = occurrence
    if others.count < Occurrences.shown { others.append(occurrence) }
  }
}
