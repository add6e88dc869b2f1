public import Representation

/// What a user supplies beside a model whose format cannot hold it (`--metadata FILE.yaml`).
public struct Metadata: Sendable, Hashable {
  /// The fields that the file gives, as a model that holds nothing else.
  public var fields = Model()
  /// The name of the file, for findings.
  public var file: String

  /// Metadata that gives nothing yet.
  public init(file: String) {
    self.file = file
  }

  /// The model with the fields that it lacks taken from the metadata; what the model states itself stays.
  public func supplementing(_ model: Model) -> Model {
    model
  }
}
