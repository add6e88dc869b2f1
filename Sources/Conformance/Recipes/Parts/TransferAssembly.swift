/// A manifest or a segment taken apart, to be put together again with its digests computed anew, but for what edits set. Written from profile
/// clause 8.3 for recipes alone.
struct TransferAssembly: Sendable {
  private var part: Part
  private let isManifest: Bool

  /// Takes a manifest apart.
  init(manifest bytes: [UInt8]) throws(RecipeError) {
    guard bytes.count >= 120 else { throw .doesNotFit }
    isManifest = true
    // The list ends where the digest begins.
    var part = try Part(PartLayout(Array(PartLayout.manifest.members.prefix(7))), bytes[..<88])
    let segments = Part.runs(of: 32, in: bytes[88..<bytes.count - 32], "digest")
    part = Part(.manifest, copying: part)
    part.lists["segments"] = segments
    self.part = part
    try compare(bytes)
  }

  /// Takes a segment apart.
  init(segment bytes: [UInt8]) throws(RecipeError) {
    isManifest = false
    part = try Part(.segment, bytes[...])
    try compare(bytes)
  }

  private func compare(_ bytes: [UInt8]) throws(RecipeError) {
    guard try written().bytes == bytes else {
      throw RecipeError(
        zh: "文件不合规程，不能拆分；改动成员须在改动字节之前",
        en: "only a valid file can be taken apart; change members before bytes")
    }
  }

  /// Makes a change where a path leads.
  mutating func apply(_ edit: PartEdit, at path: String) throws(RecipeError) {
    try part.apply(edit, at: PartPath(path).steps[...])
  }

  /// The file, with the place of each member.
  func written() throws(RecipeError) -> PartWriter {
    var part = part
    if isManifest {
      var digests: [[UInt8]] = []
      for segment in part.lists["segments"] ?? [] { digests.append(try segment.written()) }
      part.values["transfer-root"] = try PackageAssembly.root(digests)
      var all: [UInt8] = [4]
      for member in part.layout.members where member.name != "digest" && member.name != "rest" {
        all += try part.written(member.name)
      }
      part.values["digest"] = try PackageAssembly.digest(all)
    } else {
      var leaves: [[UInt8]] = []
      for chunk in Part.runs(of: PackageAssembly.chunk, in: try part.written("payload")[...], "content") {
        leaves.append(try PackageAssembly.digest([0] + (chunk.values["content"] ?? [])))
      }
      part.values["digest"] = try PackageAssembly.root(leaves)
    }
    var writer = PartWriter()
    try writer.write(part)
    return writer
  }
}

extension Part {
  /// A structure with the members of another one.
  fileprivate init(_ layout: PartLayout, copying other: Part) {
    self.init(layout)
    for (name, value) in other.values { values[name] = value }
  }
}
