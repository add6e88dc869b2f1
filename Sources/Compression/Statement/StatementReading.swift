public import Storage

/// What a compression statement may cost (7.1, section 8).
public struct StatementLimits: Sendable, Hashable {
  /// The bytes of the text.
  public var bytes: UInt64 = 16 << 20
  /// How many objects and arrays may be open at once.
  public var levels = 32
  /// The entries of each list.
  public var entries = 100_000

  /// The limits of the profile.
  public init() {}
}

/// What was made of the text of a compression statement.
public struct StatementReading: Sendable {
  /// The statement; nil where something keeps it from being understood, which is among the faults.
  public var statement: CompressionStatement?
  /// What is wrong with the text, by `StatementFault`.
  public var faults = FaultLog()
  /// Whether the text is JSON within the limits.
  var isText = false
  /// Whether format and major version are those that are read, so that all fields were looked at.
  var isComplete = false

  /// Whether the text was looked at for a fault: what stands in the way of reading leaves open what would have come later.
  public func isJudged(_ fault: StatementFault) -> Bool {
    switch fault {
    case .readable, .withinLimits: isText || !faults.isEmpty
    case .format, .majorVersionSupported: isText
    case .fieldsKnown, .fieldsForm, .metricForm, .quantityForm, .additionForm: isComplete
    }
  }
}

extension CompressionStatement {
  /// Reads the text of a statement.
  ///
  /// - Throws: what the source throws.
  public static func read(
    _ source: any ByteSource, limits: StatementLimits = StatementLimits()
  ) throws(Fault) -> StatementReading {
    guard source.size <= limits.bytes, let count = Int(exactly: source.size) else {
      var reading = StatementReading()
      reading.faults.log(
        StatementFault.withinLimits, .unsupported, at: Place(source.name), expected: "≤ \(limits.bytes) B",
        actual: "\(source.size) B")
      return reading
    }
    return read(try source.bytes(at: 0, count: count), file: source.name, limits: limits)
  }

  /// Reads the text of a statement that is in memory.
  public static func read(
    _ bytes: [UInt8], file: String, limits: StatementLimits = StatementLimits()
  ) -> StatementReading {
    var parser = StatementParser(file: file, limits: limits)
    var isText = true
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue.read(bytes, depthLimit: limits.levels) { note in
        parser.faults.log(note.fault(StatementFault.readable, file: file))
        isText = false
      }
    } catch {
      let code: StatementFault = error.reason == .depth ? .withinLimits : .readable
      parser.faults.log(error.fault(code, file: file))
      return StatementReading(statement: nil, faults: parser.faults)
    }
    guard isText else { return StatementReading(statement: nil, faults: parser.faults) }
    let statement = parser.statement(value)
    return StatementReading(
      statement: parser.isSound ? statement : nil, faults: parser.faults, isText: true,
      isComplete: parser.isComplete)
  }
}
