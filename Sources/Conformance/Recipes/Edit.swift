import Storage

/// One recorded change of a recipe: the file, and what is done to it.
struct Edit: Sendable, Hashable {
  /// What is done.
  enum Change: Sendable, Hashable {
    case file(FileEdit)
    case bytes(ByteEdit, at: BytePlace, plus: Int)
    case json(JSONEdit, pointer: String)
    case field(FieldEdit, at: String)
    case part(PartEdit, at: String)
  }

  /// The file, relative to the input; `metadata.yaml` is the metadata beside it.
  let file: String
  /// The file inside that package which is changed.
  let inside: String?
  let change: Change
}

extension VectorFiles {
  /// Makes the changes of a recipe, in their order.
  mutating func apply(_ edits: [Edit], _ layouts: Layouts) throws(RecipeError) {
    var apart: [ExactString: ApartFile] = [:]
    for edit in edits { try apply(edit, layouts, &apart) }
  }

  /// - Parameter apart: the files of clause 8 that recipes have taken apart; what one edit sets, the next ones do not compute anew.
  private mutating func apply(
    _ edit: Edit, _ layouts: Layouts, _ apart: inout [ExactString: ApartFile]
  ) throws(RecipeError) {
    let name = edit.file
    let key = ExactString(name)
    if edit.inside != nil || edit.isOfParts {
      var file = try taken(apart[key], name, layouts)
      try file.apply(edit, layouts)
      entries[key] = .file(file.bytes, size: nil)
      apart[key] = file
      return
    }
    if case .file(let change) = edit.change {
      apart[key] = nil
      return try apply(change, to: name)
    }
    let bytes = try content(of: name)
    if case .bytes(let change, .mark(let mark), let plus) = edit.change, layouts.layout(of: name).isOfParts {
      let file = try taken(apart[key], name, layouts)
      entries[key] = .file(try change.applied(to: bytes, at: file.offset(of: mark) + plus), size: nil)
      apart[key] = file.changedByBytes
    } else {
      entries[key] = .file(try edit.change.applied(to: bytes, of: name, layouts), size: nil)
      apart[key] = apart[key]?.changedByBytes
    }
  }
}

extension VectorFiles {
  /// The file as it was taken apart before, else as it is taken apart now.
  private func taken(_ file: ApartFile?, _ name: String, _ layouts: Layouts) throws(RecipeError) -> ApartFile
  {
    if let file { return file }
    return try ApartFile(try content(of: name), layouts.layout(of: name), name)
  }
}

extension Edit {
  /// Whether the change is one of the members of a package, a manifest or a segment.
  fileprivate var isOfParts: Bool { if case .part = change { true } else { false } }
}

extension Edit.Change {
  /// The bytes of a file with the change made.
  func applied(to bytes: [UInt8], of name: String, _ layouts: Layouts) throws(RecipeError) -> [UInt8] {
    let layout = layouts.layout(of: name)
    switch self {
    case .file(.replace(let old, let new, let times)):
      return try FileEdit.replaced(old, with: new, times: times, in: bytes, name)
    case .bytes(let change, let place, let plus):
      return try change.applied(to: bytes, at: try place.offset(in: bytes, layout) + plus)
    case .json(let change, let pointer):
      guard case .safetensors = layout else { return try change.applied(to: bytes, at: pointer) }
      return try SafetensorsText(bytes).changingHeader { header throws(RecipeError) in
        try change.applied(to: header, at: pointer)
      }
    case .field(let change, let path):
      guard case .fields(let layout) = layout else {
        throw RecipeError(zh: "\(name) 不是 .pmr 或 .onnx 文件", en: "\(name) is no .pmr and no .onnx file")
      }
      return try change.applied(to: bytes, at: path, layout)
    case .file(.write(let content)): return content
    case .file, .part:
      throw RecipeError(zh: "封装内的文件不能作这种变更", en: "nothing of this kind can be done inside a package")
    }
  }
}

/// The layouts of the corpus.
public struct Layouts: Sendable {
  let native: Layout
  let onnx: Layout
  let keys: TestKeys

  /// The layout of a file, by its suffix.
  func layout(of name: String) -> FileLayout {
    if name.hasSuffix(".safetensors") { return .safetensors }
    if name.hasSuffix(".pmr") { return .fields(native) }
    if name.hasSuffix(".onnx") { return .fields(onnx) }
    if name.hasSuffix(".pmp") { return .package }
    if name.hasSuffix(".pmm") { return .manifest }
    if name.hasSuffix(".pms") { return .segment }
    return .text
  }
}
