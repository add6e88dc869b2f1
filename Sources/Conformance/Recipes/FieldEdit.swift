import Configuration

/// A change to a field of a Protocol Buffers file (conformance/vectors.md).
enum FieldEdit: Sendable, Hashable {
  case set(YAMLValue)
  case text(String, times: Int)
  case add(YAMLValue)
  case remove
  /// Writes the field again behind itself, so that it stands there that often.
  case `repeat`(Int)
  case swap
  case raw([UInt8])
  case rawAfter([UInt8])
  case claim(UInt64)
  case widen(Int)
  case unpack
  case pack
  case nest(Int, through: String)

  /// The file with the change made.
  func applied(to bytes: [UInt8], at path: String, _ layout: Layout) throws(RecipeError) -> [UInt8] {
    let target = try FieldTarget(FieldPath(path), in: bytes, layout)
    let field = target.field
    switch self {
    case .set(let value): return try setting(try layout.encoded(value, as: field), target, bytes)
    case .text(let text, let times):
      let content = [UInt8](repeating: Array(text.utf8), times: times)
      return try setting(WireText.delimited(field.number, content), target, bytes)
    case .add(let value):
      let place = target.insertion
      return target.replacing(place..<place, with: try layout.encoded(value, as: field), in: bytes)
    case .remove:
      if target.index != nil { return target.replacing(try target.occurrence().whole, with: [], in: bytes) }
      let kept = target.siblings.filter { $0.number != field.number }.flatMap { bytes[$0.whole] }
      return target.replacing(target.message, with: kept, in: bytes)
    case .repeat(let times):
      let whole = try target.occurrence().whole
      return target.replacing(whole, with: [UInt8](repeating: Array(bytes[whole]), times: times), in: bytes)
    case .swap:
      let whole = try target.occurrence().whole
      guard let next = target.siblings.first(where: { $0.whole.lowerBound == whole.upperBound }) else {
        throw RecipeError(zh: "\(path) 之后没有字段", en: "no field follows \(path)")
      }
      let content = Array(bytes[next.whole] + bytes[whole])
      return target.replacing(whole.lowerBound..<next.whole.upperBound, with: content, in: bytes)
    case .raw(let content): return try setting(content, target, bytes)
    case .rawAfter(let content):
      let end = try target.occurrence().whole.upperBound
      return target.replacing(end..<end, with: content, in: bytes)
    case .claim(let length):
      let occurrence = try target.occurrence()
      return target.replacing(occurrence.length, with: WireText.varint(length), in: bytes)
    case .widen(let width):
      let occurrence = try target.occurrence()
      var range = occurrence.length.isEmpty ? occurrence.value : occurrence.length
      let start = range
      var position = range.lowerBound
      let number = try WireText.varint(bytes, &position, range.upperBound)
      range = start.lowerBound..<position
      return target.replacing(range, with: WireText.varint(number, width: width), in: bytes)
    case .unpack, .pack: return try repacked(target, bytes)
    case .nest(let levels, let through):
      return try nested(levels, through, target, bytes, layout)
    }
  }

  private func setting(
    _ content: [UInt8], _ target: FieldTarget, _ bytes: [UInt8]
  ) throws(RecipeError) -> [UInt8] {
    if (target.index ?? 0) == target.occurrences.count {
      let place = target.insertion
      return target.replacing(place..<place, with: content, in: bytes)
    }
    return target.replacing(try target.occurrence().whole, with: content, in: bytes)
  }

  /// A packed list field by field, or the other way round.
  private func repacked(_ target: FieldTarget, _ bytes: [UInt8]) throws(RecipeError) -> [UInt8] {
    let field = target.field
    let fixed: Int? = field.kind == .float ? 4 : field.kind == .double ? 8 : nil
    if self == .pack {
      let content = target.occurrences.flatMap { bytes[$0.value] }
      let kept = target.siblings.filter { $0.number != field.number }
      let before = kept.prefix { $0.number < field.number }.flatMap { bytes[$0.whole] }
      let after = kept.drop { $0.number < field.number }.flatMap { bytes[$0.whole] }
      return target.replacing(
        target.message, with: before + WireText.delimited(field.number, content) + after, in: bytes)
    }
    let occurrence = try target.occurrence()
    var position = occurrence.value.lowerBound
    var content: [UInt8] = []
    while position < occurrence.value.upperBound {
      let start = position
      if let fixed {
        position += fixed
      } else {
        _ = try WireText.varint(bytes, &position, occurrence.value.upperBound)
      }
      content += WireText.varint(field.number << 3 | (fixed == 4 ? 5 : fixed == 8 ? 1 : 0))
      content += bytes[start..<position]
    }
    return target.replacing(occurrence.whole, with: content, in: bytes)
  }

  /// Puts the message at the target into new ones of its type, as deep as asked.
  private func nested(
    _ levels: Int, _ through: String, _ target: FieldTarget, _ bytes: [UInt8], _ layout: Layout
  ) throws(RecipeError) -> [UInt8] {
    guard case .message(let type) = target.field.kind else {
      throw RecipeError(zh: "\(target.field.name) 不是消息", en: "\(target.field.name) is no message")
    }
    // From the outermost step inwards, so that a wrap can be built from the inside out.
    var numbers: [UInt64] = []
    var message = type
    for step in try FieldPath(through).steps {
      let field = try layout.field(step.name, of: message)
      guard case .message(let inner) = field.kind else {
        throw RecipeError(zh: "\(step.name) 不是消息", en: "\(step.name) is no message")
      }
      numbers.append(field.number)
      message = inner
    }
    guard message == type else {
      throw RecipeError(zh: "\(through) 不通向 \(type)", en: "\(through) does not lead to \(type)")
    }
    // Prefixes are gathered from the inside out and turned round once, so that deep nesting costs no copies.
    let occurrence = try target.occurrence()
    var size = occurrence.value.count
    var prefixes: [[UInt8]] = []
    for _ in 0..<levels {
      for number in numbers.reversed() {
        let prefix = WireText.varint(number << 3 | 2) + WireText.varint(UInt64(size))
        prefixes.append(prefix)
        size += prefix.count
      }
    }
    var content = WireText.varint(target.field.number << 3 | 2) + WireText.varint(UInt64(size))
    content.reserveCapacity(content.count + size)
    for prefix in prefixes.reversed() { content += prefix }
    content += bytes[occurrence.value]
    return target.replacing(occurrence.whole, with: content, in: bytes)
  }
}

extension [UInt8] {
  init(repeating bytes: [UInt8], times: Int) {
    self = []
    reserveCapacity(bytes.count * Swift.max(times, 0))
    for _ in 0..<Swift.max(times, 0) { append(contentsOf: bytes) }
  }
}
