public import Compression
import Representation
public import Storage

extension ModelTensors {
  /// The tensors of what was read, as decoders see them.
  public init(_ reading: Reading, in tree: any FileTree) {
    self.init(reading.model, in: tree)
  }

  /// The tensors of a model whose files lie in a tree.
  init(_ model: Model, in tree: any FileTree) {
    let files = model.files
    self.init(model) { tensor throws(Fault) in
      guard
        let bytes = try TensorElements.bytes(of: tensor, files: files, in: tree, limit: .max)
      else { throw Fault(FileFault.present, .unsupported, at: Place(), actual: "no elements") }
      return bytes
    }
  }
}
