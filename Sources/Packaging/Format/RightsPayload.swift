public import Storage

/// Who grants what to whom (profile clause 8.2, section 9).
public struct RightsPayload: Sendable, Hashable {
  /// What may be done.
  public struct Actions: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// Run the model.
    public static let run = Actions(rawValue: 1)
    /// Copy it.
    public static let copy = Actions(rawValue: 2)
    /// Train, compress or merge it.
    public static let modify = Actions(rawValue: 4)
    /// Distribute it.
    public static let distribute = Actions(rawValue: 8)
    /// Use it commercially.
    public static let commercial = Actions(rawValue: 16)

    /// The actions with the names that the rights file gives them.
    public static let named: [(name: String, action: Actions)] = [
      ("run", .run), ("copy", .copy), ("modify", .modify), ("distribute", .distribute),
      ("commercial", .commercial),
    ]

    /// The names of the actions.
    public var names: [String] { Actions.named.filter { contains($0.action) }.map(\.name) }
  }

  /// What one subject may do, and when.
  public struct Grant: Sendable, Hashable {
    /// `*` for everybody, `key:` and 64 hexadecimal digits for the holder of a key, else a name.
    public var subject: String
    /// What may be done.
    public var actions: Actions
    /// The first day as year · 10000 + month · 100 + day; 0 without a bound.
    public var from: UInt32
    /// The last day; 0 without a bound.
    public var until: UInt32

    /// A grant.
    public init(subject: String, actions: Actions, from: UInt32 = 0, until: UInt32 = 0) {
      self.subject = subject
      self.actions = actions
      self.from = from
      self.until = until
    }

    /// Whether the grant is in force on a day, given as a number like `from`.
    public func isInForce(on day: UInt32) -> Bool { from <= day && (until == 0 || day <= until) }
  }

  /// The version that is read and written.
  public static let version: UInt16 = 1

  /// Who grants.
  public var issuer: String
  /// What is granted, subjects ascending by their bytes.
  public var grants: [Grant]
  /// A licence expression, URL or text; may be empty.
  public var terms: String

  /// Rights.
  public init(issuer: String, grants: [Grant], terms: String = "") {
    self.issuer = issuer
    self.grants = grants
    self.terms = terms
  }

  /// Reads a payload.
  ///
  /// - Parameter place: where in the package it begins.
  /// - Throws: the first fault, by its place.
  public init(parsing bytes: [UInt8], at place: Place) throws(Fault) {
    var reader = PayloadReader(bytes, at: place, syntax: .rightsSyntax)
    let version: UInt16 = try reader.integer()
    guard version == RightsPayload.version else {
      throw Fault(
        PackageFault.rightsVersionSupported, .unsupported, at: place, expected: "\(RightsPayload.version)",
        actual: "\(version)")
    }
    let count: UInt16 = try reader.integer()
    guard count > 0 else {
      throw Fault(PackageFault.rightsPartiesNamed, at: reader.place(at: 2), expected: "≥ 1", actual: "0")
    }
    let issuerPlace = reader.place
    issuer = try reader.lengthAndText()
    if issuer.isEmpty {
      throw Fault(PackageFault.rightsPartiesNamed, at: issuerPlace, expected: "≥ 1 B", actual: "0 B")
    }
    grants = []
    for _ in 0..<count {
      grants.append(try RightsPayload.grant(&reader, after: grants.last))
    }
    terms = try reader.lengthAndText()
    try reader.finish()
  }

  private static func grant(_ reader: inout PayloadReader, after last: Grant?) throws(Fault) -> Grant {
    let subjectPlace = reader.place
    let subject = try reader.lengthAndText()
    if subject.isEmpty {
      throw Fault(PackageFault.rightsPartiesNamed, at: subjectPlace, expected: "≥ 1 B", actual: "0 B")
    }
    if let last, !last.subject.utf8.lexicographicallyPrecedes(subject.utf8) {
      throw Fault(
        PackageFault.rightsSubjectsAscending, at: subjectPlace, expected: "> \(last.subject)", actual: subject
      )
    }
    let actionsPlace = reader.place
    let actions: UInt32 = try reader.integer()
    guard (1...31).contains(actions) else {
      throw Fault(PackageFault.rightsActionsKnown, at: actionsPlace, expected: "1–31", actual: "\(actions)")
    }
    let datesPlace = reader.place
    let from: UInt32 = try reader.integer()
    let until: UInt32 = try reader.integer()
    guard isDate(from), isDate(until), until == 0 || from <= until else {
      throw Fault(PackageFault.rightsDatesValid, at: datesPlace, actual: "\(from)–\(until)")
    }
    return Grant(subject: subject, actions: Actions(rawValue: actions), from: from, until: until)
  }

  /// Whether a number is no bound or stands for a day that exists.
  static func isDate(_ number: UInt32) -> Bool { number == 0 || CalendarDay(number: number) != nil }

  /// The payload, with the grants in their order.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: RightsPayload.version)
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: grants.count))
    bytes.append(lengthAnd: Array(issuer.utf8))
    for grant in grants.sorted(by: { $0.subject.utf8.lexicographicallyPrecedes($1.subject.utf8) }) {
      bytes.append(lengthAnd: Array(grant.subject.utf8))
      bytes.append(littleEndian: grant.actions.rawValue)
      bytes.append(littleEndian: grant.from)
      bytes.append(littleEndian: grant.until)
    }
    bytes.append(lengthAnd: Array(terms.utf8))
    return bytes
  }
}
