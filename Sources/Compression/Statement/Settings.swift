public import Storage

extension CompressionStatement {
  /// The settings of a method, as its chapter names them.
  public struct Settings: Sendable, Hashable {
    /// The settings in the order of the text.
    public var members: [JSONValue.Member]

    /// Settings.
    public init(_ members: [JSONValue.Member] = []) {
      self.members = members
    }

    /// The value of a setting.
    public subscript(name: String) -> JSONValue? {
      members.last { $0.key.utf8.elementsEqual(name.utf8) }?.value
    }

    /// A setting that is an integer.
    public func integer(_ name: String) -> Int64? { self[name]?.number?.integer }

    /// A setting that is a number.
    public func number(_ name: String) -> Double? { self[name]?.number?.double }

    /// A setting that is a text.
    public func text(_ name: String) -> String? { self[name]?.string }

    /// A setting that is true or false.
    public func boolean(_ name: String) -> Bool? { self[name]?.boolean }

    /// A setting that is a list of integers.
    public func integers(_ name: String) -> [Int64]? {
      guard let elements = self[name]?.elements else { return nil }
      let integers = elements.compactMap { $0.number?.integer }
      return integers.count == elements.count ? integers : nil
    }

    /// How values were rounded to levels (7.3, section 6); nil where that is not said, or in a vendor's word.
    public var rounding: Rounding? { text("rounding").flatMap(Rounding.init) }

    /// Where scales came from (7.3, section 6).
    public var scaleRule: ScaleRule? { text("scale-rule").flatMap(ScaleRule.init) }

    /// Whether what a pruning step left was not changed: `values` is `kept`.
    public var keepsValues: Bool { text("values") == "kept" }
  }

  /// How values were rounded to levels.
  public enum Rounding: String, Sendable, Hashable, CaseIterable {
    case nearest, trellis
    case rateAware = "rate-aware"
    case learned, stochastic
  }

  /// Where scales came from.
  public enum ScaleRule: String, Sendable, Hashable, CaseIterable {
    case greatest, range, mx, calibrated, other
  }
}

extension CompressionStatement.Settings {
  /// What the value of a listed setting has to be, whatever the method.
  enum Form {
    case integer, number, text, boolean, integerOrIntegers
    case words([String])
  }

  /// The settings whose type and words are looked at while a statement is read; settings of token reduction and distillation have
  /// requirements of their own.
  static let forms: [String: Form] = [
    "bits": .integer, "n": .integer, "m": .integer, "rank": .integer, "size": .integer,
    "sparsity": .number, "alpha": .number, "rank-stabilised": .boolean, "element-type": .text,
    "adapter": .text, "block": .integerOrIntegers, "values": .words(["kept", "trained"]),
    "rounding": .words(CompressionStatement.Rounding.allCases.map(\.rawValue)),
    "scale-rule": .words(CompressionStatement.ScaleRule.allCases.map(\.rawValue)),
  ]
}
