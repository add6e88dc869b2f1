/// A path such as `graph.node[1].op_type`, followed into the bytes of a Protocol Buffers file.
struct FieldPath {
  /// A step: the name of a field, and which of its occurrences.
  struct Step: Hashable {
    let name: String
    let index: Int?
  }

  let steps: [Step]

  init(_ text: String) throws(RecipeError) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard let open = part.firstIndex(of: "[") else {
        steps.append(Step(name: String(part), index: nil))
        continue
      }
      guard part.last == "]", let index = Int(part[part.index(after: open)...].dropLast()), index >= 0
      else { throw RecipeError(zh: "路径写法有误：\(text)", en: "not a field path: \(text)") }
      steps.append(Step(name: String(part[..<open]), index: index))
    }
    self.steps = steps
  }
}

/// Where a path leads: the field's occurrences, the message that they stand in, and the messages around that.
struct FieldTarget {
  let field: Layout.Field
  /// The index of the path's last step.
  let index: Int?
  /// The occurrences of the field, in the order of the file.
  let occurrences: [FieldLocation]
  /// All fields of the message.
  let siblings: [FieldLocation]
  /// The bytes of the message.
  let message: Range<Int>
  /// The fields that hold the message, outermost first.
  let ancestors: [FieldLocation]

  /// Follows a path.
  init(_ path: FieldPath, in bytes: [UInt8], _ layout: Layout) throws(RecipeError) {
    var type = layout.root
    var range = 0..<bytes.count
    var ancestors: [FieldLocation] = []
    for step in path.steps.dropLast() {
      let field = try layout.field(step.name, of: type)
      guard case .message(let inner) = field.kind else {
        throw RecipeError(zh: "\(step.name) 不是消息", en: "\(step.name) is no message")
      }
      let occurrences = try WireText.fields(of: bytes, in: range).filter { $0.number == field.number }
      let index = step.index ?? 0
      guard occurrences.indices.contains(index) else {
        throw RecipeError(
          zh: "\(step.name)[\(index)] 不存在，共 \(occurrences.count) 个",
          en: "there is no \(step.name)[\(index)]; there are \(occurrences.count)")
      }
      ancestors.append(occurrences[index])
      range = occurrences[index].value
      type = inner
    }
    guard let last = path.steps.last else { throw RecipeError(zh: "路径为空", en: "the path is empty") }
    let field = try layout.field(last.name, of: type)
    self.field = field
    index = last.index
    siblings = try WireText.fields(of: bytes, in: range)
    occurrences = siblings.filter { $0.number == field.number }
    message = range
    self.ancestors = ancestors
  }

  /// The occurrence that the path names; the first one where it has no index.
  func occurrence() throws(RecipeError) -> FieldLocation {
    let index = index ?? 0
    guard occurrences.indices.contains(index) else {
      throw RecipeError(
        zh: "\(field.name)[\(index)] 不存在，共 \(occurrences.count) 个",
        en: "there is no \(field.name)[\(index)]; there are \(occurrences.count)")
    }
    return occurrences[index]
  }

  /// Where a new field of that kind goes: behind its kin, or before the first field with a higher number.
  var insertion: Int {
    if let last = occurrences.last { return last.whole.upperBound }
    return siblings.first { $0.number > field.number }?.whole.lowerBound ?? message.upperBound
  }

  /// The bytes with a part of the message replaced, and the lengths of what stands around it set anew.
  func replacing(_ range: Range<Int>, with content: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    result.replaceSubrange(range, with: content)
    var growth = content.count - range.count
    for ancestor in ancestors.reversed() {
      let length = WireText.varint(UInt64(ancestor.value.count + growth))
      result.replaceSubrange(ancestor.length, with: length)
      growth += length.count - ancestor.length.count
    }
    return result
  }
}
