/// A package, a manifest or a segment that a recipe has taken apart.
struct ApartFile {
  private enum Assembly {
    case package(PackageAssembly)
    case transfer(TransferAssembly)
  }

  private var assembly: Assembly
  private var writer: PartWriter
  private var isChangedByBytes = false

  /// Takes a file apart.
  init(_ bytes: [UInt8], _ layout: FileLayout, _ name: String) throws(RecipeError) {
    switch layout {
    case .package: assembly = .package(try PackageAssembly(bytes))
    case .manifest: assembly = .transfer(try TransferAssembly(manifest: bytes))
    case .segment: assembly = .transfer(try TransferAssembly(segment: bytes))
    default:
      throw RecipeError(
        zh: "\(name) 不是 .pmp、.pmm 或 .pms 文件", en: "\(name) is no .pmp, no .pmm and no .pms file")
    }
    writer = PartWriter()
    try write(nil)
  }

  /// The file as it is put together.
  var bytes: [UInt8] { writer.bytes }

  /// The same file, whose bytes were changed since.
  var changedByBytes: ApartFile {
    var file = self
    file.isChangedByBytes = true
    return file
  }

  /// Makes a change and puts the file together.
  mutating func apply(_ edit: Edit, _ layouts: Layouts) throws(RecipeError) {
    guard !isChangedByBytes else {
      throw RecipeError(zh: "改动成员须在改动字节之前", en: "members are changed before bytes")
    }
    switch assembly {
    case .package(var package):
      if let name = edit.inside {
        try package.change(inside: name) { bytes throws(RecipeError) in
          try edit.change.applied(to: bytes, of: name, layouts)
        }
      } else if case .part(let change, let path) = edit.change {
        try package.apply(change, at: path, layouts.keys)
      }
      assembly = .package(package)
    case .transfer(var transfer):
      guard edit.inside == nil, case .part(let change, let path) = edit.change else {
        throw RecipeError(zh: "inside 只用于封装", en: "inside goes with packages alone")
      }
      try transfer.apply(change, at: path)
      assembly = .transfer(transfer)
    }
    try write(layouts.keys)
  }

  /// The offset that a mark stands for; `#end` behind it is where its bytes end.
  func offset(of mark: String) throws(RecipeError) -> Int {
    if mark == "end" || mark == "#end" { return writer.bytes.count }
    let isEnd = mark.hasSuffix("#end")
    let path = isEnd ? String(mark.dropLast(4)) : mark
    var known = path
    if case .package(let package) = assembly { known = try package.mark(path) }
    guard let range = writer.marks[known] else {
      throw RecipeError(zh: "未知的标记 \(mark)", en: "unknown mark \(mark)")
    }
    return isEnd ? range.upperBound : range.lowerBound
  }

  private mutating func write(_ keys: TestKeys?) throws(RecipeError) {
    switch assembly {
    case .package(let package): writer = try package.written(keys)
    case .transfer(let transfer): writer = try transfer.written()
    }
  }
}

extension PackageAssembly {
  /// Changes the bytes of a file inside.
  fileprivate mutating func change(
    inside name: String, _ body: ([UInt8]) throws(RecipeError) -> [UInt8]
  ) throws(RecipeError) {
    let place = try units.place(.named(name), of: "units")
    let bytes = try body(try units[place].written("payload"))
    units[place].parts["payload"] = Part(.content)
    units[place].parts["payload"]?.lists["chunks"] = Part.runs(of: Self.chunk, in: bytes[...], "content")
  }
}
