import Storage

/// One recorded change of a recipe: the file, and what is done to it.
struct Edit: Sendable, Hashable {
  /// What is done.
  enum Change: Sendable, Hashable {
    case file(FileEdit)
    case bytes(ByteEdit, at: BytePlace, plus: Int)
    case json(JSONEdit, pointer: String)
    case field(FieldEdit, at: String)
  }

  /// The file, relative to the input; `metadata.yaml` is the metadata beside it.
  let file: String
  let change: Change
}

extension VectorFiles {
  /// Makes the changes of a recipe, in their order.
  mutating func apply(_ edits: [Edit], _ layouts: Layouts) throws(RecipeError) {
    for edit in edits { try apply(edit, layouts) }
  }

  private mutating func apply(_ edit: Edit, _ layouts: Layouts) throws(RecipeError) {
    let name = edit.file
    let key = ExactString(name)
    switch edit.change {
    case .file(let change): try apply(change, to: name)
    case .bytes(let change, let place, let plus):
      let bytes = try content(of: name)
      let offset = try place.offset(in: bytes, layouts.layout(of: name)) + plus
      entries[key] = .file(try change.applied(to: bytes, at: offset), size: nil)
    case .json(let change, let pointer):
      let bytes = try content(of: name)
      if case .safetensors = layouts.layout(of: name) {
        entries[key] = .file(
          try SafetensorsText(bytes).changingHeader { header throws(RecipeError) in
            try change.applied(to: header, at: pointer)
          }, size: nil)
      } else {
        entries[key] = .file(try change.applied(to: bytes, at: pointer), size: nil)
      }
    case .field(let change, let path):
      guard case .fields(let layout) = layouts.layout(of: name) else {
        throw RecipeError(zh: "\(name) 不是 .pmr 或 .onnx 文件", en: "\(name) is no .pmr and no .onnx file")
      }
      entries[key] = .file(try change.applied(to: try content(of: name), at: path, layout), size: nil)
    }
  }
}

/// The layouts of the corpus.
public struct Layouts: Sendable {
  let native: Layout
  let onnx: Layout

  /// The layout of a file, by its suffix.
  func layout(of name: String) -> FileLayout {
    if name.hasSuffix(".safetensors") { return .safetensors }
    if name.hasSuffix(".pmr") { return .fields(native) }
    if name.hasSuffix(".onnx") { return .fields(onnx) }
    return .text
  }
}
