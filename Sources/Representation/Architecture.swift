import Storage

/// The architecture of a model (profile clause 6.1, Architecture).
public struct Architecture: Sendable, Hashable {
  /// `encoder-only`, `decoder-only`, `encoder-decoder` or `other`.
  public var kind: String?
  /// The family, such as `bert` or `llama`.
  public var family: String?
  /// The hyper-parameters under the names that the profile lists, in the order of the source.
  public var hyperParameters: [HyperParameter] = []

  /// An architecture of which nothing is known.
  public init() {}

  /// The first hyper-parameter of that name.
  public subscript(name: String) -> HyperParameter.Value? {
    hyperParameters.first { ExactString($0.name) == ExactString(name) }?.value
  }
}

/// A hyper-parameter, such as `hidden-size`.
public struct HyperParameter: Sendable, Hashable {
  /// A value of a hyper-parameter.
  public enum Value: Sendable, Hashable {
    case integer(Int64)
    case float(Double)
    case text(String)
    case boolean(Bool)
  }

  /// The name, one of those that the profile lists, or a vendor's.
  public var name: String
  /// The value.
  public var value: Value

  /// A hyper-parameter.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}
