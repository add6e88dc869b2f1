extension JSONReader {
  /// An object or array in a value that is not kept.
  private struct Frame {
    /// The names of an object so far; nil for an array.
    var names: Set<ExactString>?
    /// The name or index of the value that is being read.
    var step = ""
    var count = 0
  }

  /// Skips a value and tells of names that stand twice in one of its objects.
  ///
  /// - Parameters:
  ///   - first: the first token of the value, which was read already.
  ///   - repeated: takes the names and indices that lead from the value to the second of two names, and its byte in the file.
  /// - Throws: what keeps the text from being read.
  public mutating func skip(
    _ first: JSONToken, repeated: ([String], UInt64) -> Void
  ) throws(JSONFault) {
    var frames: [Frame] = []
    var token = first
    while true {
      switch token {
      case .key(let text):
        guard let last = frames.indices.last else { return }
        let name = string(text)
        frames[last].step = name
        if frames[last].names?.insert(ExactString(name)).inserted == false {
          repeated(frames.map(\.step), tokenOffset)
        }
      case .objectEnd, .arrayEnd, .end:
        _ = frames.popLast()
      default:
        if let last = frames.indices.last, frames[last].names == nil {
          frames[last].step = String(frames[last].count)
          frames[last].count += 1
        }
        if token == .objectStart { frames.append(Frame(names: [])) }
        if token == .arrayStart { frames.append(Frame()) }
      }
      if frames.isEmpty { return }
      token = try next()
    }
  }
}
