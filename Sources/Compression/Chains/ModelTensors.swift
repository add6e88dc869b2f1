public import Representation
public import Storage

/// The tensors of a model, as decoders see them: by name, with a way to their bytes.
public struct ModelTensors: Sendable {
  /// The bytes of a tensor that has no chain, little-endian and packed: of content that is stored or encoded.
  public typealias Reader = @Sendable (Tensor) throws(Fault) -> [UInt8]

  /// The file of the structure, for findings.
  let file: String
  /// The tensors of the list `parameters` by name; tied ones stand for what they are tied to.
  let parameters: [ExactString: Tensor]
  /// What the content digest speaks of: variables with tensors of their own, in ascending order of the bytes of their names.
  let content: [(name: ExactString, tensor: Tensor)]
  /// Bytes that the model stores: of all its files.
  let storedBytes: UInt64
  /// Gives bytes of files.
  let read: Reader

  /// The tensors of a model.
  ///
  /// - Parameters:
  ///   - file: the file of the structure.
  ///   - read: gives the bytes of stored and encoded tensors; it is called from several threads at once.
  public init(_ model: Model, file: String = "", read: @escaping Reader) {
    var parameters: [ExactString: Tensor] = [:]
    var own: [ExactString: Tensor] = [:]
    for variable in model.parameters where parameters[ExactString(variable.name)] == nil {
      parameters[ExactString(variable.name)] = variable.tensor
      if variable.tiedTo == nil { own[ExactString(variable.name)] = variable.tensor }
    }
    for variable in model.parameters {
      guard let target = variable.tiedTo, let tensor = own[ExactString(target)] else { continue }
      parameters[ExactString(variable.name)] = tensor
    }
    for variable in model.graphs.first?.variables ?? [] {
      let name = ExactString(variable.name)
      if variable.tiedTo == nil, parameters[name] == nil, own[name] == nil { own[name] = variable.tensor }
    }
    self.file = file
    self.parameters = parameters
    content = own.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    storedBytes = model.files.reduce(0) { $0.addingReportingOverflow($1.size).partialValue }
    self.read = read
  }

  /// Tensors by name, all of them parameters.
  public init(
    _ tensors: [String: Tensor], file: String = "", storedBytes: UInt64 = 0,
    read: @escaping Reader = ModelTensors.noFiles
  ) {
    self.file = file
    parameters = Dictionary(tensors.map { (ExactString($0.key), $0.value) }) { first, _ in first }
    content = parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.storedBytes = storedBytes
    self.read = read
  }

  /// For models all of whose tensors stand in their structure.
  public static let noFiles: Reader = { _ throws(Fault) in
    throw Fault(FileFault.present, at: Place(), expected: "a file", actual: "none")
  }
}

extension ModelTensors {
  /// The parameter of a name; nil where there is none.
  public func tensor(named name: String) -> Tensor? { parameters[ExactString(name)] }
}
