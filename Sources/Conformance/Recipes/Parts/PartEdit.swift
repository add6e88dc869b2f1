import Configuration

/// A change to a member of a package, a manifest or a segment (conformance/vectors.md).
enum PartEdit: Sendable, Hashable {
  case set(YAMLValue)
  /// The bytes, whatever the type of the member.
  case become([UInt8])
  case change(Part.Change)
  case remove
  /// Writes the item again behind itself, so that it stands there that often.
  case `repeat`(Int)
  case swap
  case move(to: Int)
  case insert(YAMLValue, after: Bool)
  /// One more item behind the last.
  case add(YAMLValue)
  /// Signs again, or signs, with a test key.
  case sign(String)
  /// Encrypts a unit under a content key.
  case seal(String)

  /// So many bytes of lines that count: `000000000000000` and a line feed, `000000000000001` …
  static func counting(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 16)
    var line = 0
    while bytes.count < count {
      let digits = String(line)
      bytes += [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 15 - digits.utf8.count))
      bytes += Array(digits.utf8)
      bytes.append(UInt8(ascii: "\n"))
      line += 1
    }
    return Array(bytes.prefix(count))
  }
}

extension Part {
  /// Makes a change where a path leads.
  mutating func apply(_ edit: PartEdit, at steps: ArraySlice<PartPath.Step>) throws(RecipeError) {
    guard let step = steps.first else {
      changes["", default: []].append(try edit.change(nil))
      return
    }
    let inner = steps.dropFirst()
    let member = try layout.member(step.name)
    switch member.kind {
    case .number, .bytes, .text:
      guard step.selector == nil, inner.isEmpty else { throw .noInside(step.name) }
      if edit == .remove { values[step.name] = [] }
      changes[step.name, default: []].append(try edit.change(member))
    case .part:
      guard step.selector == nil, parts[step.name] != nil else { throw .noInside(step.name) }
      try parts[step.name]?.apply(edit, at: inner)
    case .list(let layout):
      var items = lists[step.name] ?? []
      if case .add(let value) = edit, inner.isEmpty, step.selector == nil {
        items.append(try Part(layout, value))
      } else {
        let place = try items.place(step.selector, of: step.name)
        if inner.isEmpty, edit.isOfItems {
          try items.apply(edit, at: place) { value throws(RecipeError) in try Part(layout, value) }
        } else {
          try items[place].apply(edit, at: inner)
        }
      }
      lists[step.name] = items
    }
  }
}

extension PartEdit {
  /// Whether the change is one of the items of a list rather than of what an item holds.
  var isOfItems: Bool {
    switch self {
    case .remove, .repeat, .swap, .move, .insert: true
    default: false
    }
  }

  /// What becomes of the bytes of a member, or of a structure where none is given.
  fileprivate func change(_ member: PartLayout.Member?) throws(RecipeError) -> Part.Change {
    switch self {
    case .set(let value):
      if let member { return .become(try member.bytes(of: value)) }
      if case .text(let text) = value { return .become(Array(text.utf8)) }
    case .become(let bytes): return .become(bytes)
    case .change(let change): return change
    case .remove: return .become([])
    default: break
    }
    throw RecipeError(zh: "此处不能作这种变更", en: "nothing of this kind can be changed here")
  }
}

extension [Part] {
  /// Makes a change of the items.
  mutating func apply(
    _ edit: PartEdit, at place: Int, _ item: (YAMLValue) throws(RecipeError) -> Part
  ) throws(RecipeError) {
    switch edit {
    case .remove: remove(at: place)
    case .repeat(let times):
      insert(contentsOf: Self(repeating: self[place], count: Swift.max(0, times - 1)), at: place)
    case .swap:
      guard indices.contains(place + 1) else { throw RecipeError(zh: "其后没有项", en: "no item follows") }
      swapAt(place, place + 1)
    case .move(let target):
      guard indices.contains(target) else {
        throw RecipeError(zh: "没有第 \(target) 项", en: "there is no item \(target)")
      }
      insert(remove(at: place), at: target)
    case .insert(let value, let after): insert(try item(value), at: place + (after ? 1 : 0))
    default: throw RecipeError(zh: "此处不能作这种变更", en: "nothing of this kind can be changed here")
    }
  }
}

extension RecipeError {
  static func noInside(_ name: String) -> RecipeError {
    RecipeError(zh: "\(name) 之内没有成员", en: "\(name) has no members inside")
  }
}
