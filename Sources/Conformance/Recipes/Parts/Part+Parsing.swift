import Configuration

extension Part {
  /// A structure as it lies in bytes.
  init(_ layout: PartLayout, _ bytes: ArraySlice<UInt8>) throws(RecipeError) {
    var rest = bytes
    try self.init(layout, taking: &rest)
    guard rest.isEmpty else {
      throw RecipeError(zh: "结构之后尚余 \(rest.count) B", en: "\(rest.count) B are left behind the structure")
    }
  }

  private init(_ layout: PartLayout, taking rest: inout ArraySlice<UInt8>) throws(RecipeError) {
    self.init(layout)
    for member in layout.members {
      let extent = extent(of: member, rest.count)
      switch member.kind {
      case .number, .bytes, .text: values[member.name] = Array(try Self.take(extent, of: &rest))
      case .part(let inner): parts[member.name] = try Part(inner, taking: &rest)
      case .list(let inner):
        guard case .stated = member.extent else { continue }
        guard extent <= rest.count else { throw .doesNotFit }
        for _ in 0..<extent { lists[member.name, default: []].append(try Part(inner, taking: &rest)) }
      }
    }
  }

  private func extent(of member: PartLayout.Member, _ left: Int) -> Int {
    switch member.extent {
    case .fixed(let count): count
    case .stated(let name): Int(exactly: number(name)) ?? Int.max
    case .rest: left
    case .only(let count, let name): number(name) == 0 ? 0 : count
    }
  }

  private static func take(
    _ count: Int, of rest: inout ArraySlice<UInt8>
  ) throws(RecipeError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw .doesNotFit }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A list of equal runs of bytes, the last one shorter.
  static func runs(of count: Int, in bytes: ArraySlice<UInt8>, _ name: String) -> [Part] {
    let layout = PartLayout([.bytes(name, .rest)])
    var rest = bytes
    var runs: [Part] = []
    repeat {
      var run = Part(layout)
      run.values[name] = Array(rest.prefix(count))
      runs.append(run)
      rest = rest.dropFirst(count)
    } while !rest.isEmpty
    return runs
  }
}

/// Values that a recipe gives to members.
extension Part {
  /// A structure from the values of its members by name; what is not named is zero or empty.
  init(_ layout: PartLayout, _ value: YAMLValue) throws(RecipeError) {
    self.init(layout)
    guard case .mapping(let pairs) = value else {
      throw RecipeError(zh: "应为成员到取值的映射", en: "must map members to values")
    }
    for pair in pairs {
      let member = try layout.member(pair.key)
      switch (member.kind, pair.value) {
      case (.part(let inner), let value): parts[pair.key] = try Part(inner, value)
      case (.list(let inner), .list(let items)):
        for item in items { lists[pair.key, default: []].append(try Part(inner, item)) }
      default:
        let bytes = try member.bytes(of: pair.value)
        if case .stored = member.source {
          values[pair.key] = bytes
        } else {
          changes[pair.key] = [.become(bytes)]
        }
      }
    }
  }
}

extension PartLayout.Member {
  /// A value as the member writes it: a number, a text, or hexadecimal digits for bytes.
  func bytes(of value: YAMLValue) throws(RecipeError) -> [UInt8] {
    switch (kind, value) {
    case (.number(let width), .number(let text)):
      if let number = UInt64(text), width == 8 || number >> UInt64(8 * width) == 0 {
        return number.littleEndianBytes.prefix(width).map(\.self)
      }
    case (.text, .text(let text)): return Array(text.utf8)
    case (.bytes, .text(let text)), (.bytes, .number(let text)): return try [UInt8](hexadecimal: text)
    default: break
    }
    throw RecipeError(zh: "\(name) 的取值不合其类型", en: "the value of \(name) is not of its type")
  }
}

extension RecipeError {
  static let doesNotFit = RecipeError(
    zh: "文件不合其布局，无法拆分", en: "the file does not keep to its layout and cannot be taken apart")
}
