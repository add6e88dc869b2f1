extension JSONValue {
  /// Reads a whole text.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - base: the byte of the file at which it begins.
  ///   - depthLimit: how many objects and arrays may be open at once.
  ///   - allowsNonFinite: whether `NaN`, `Infinity` and `-Infinity` are noted and kept; otherwise they are faults.
  ///   - note: is told what is wrong and yet does not keep the value from being read: duplicate names, numbers that are not finite.
  /// - Throws: what keeps the text from being read.
  public static func read(
    _ bytes: [UInt8], base: UInt64 = 0, depthLimit: Int, allowsNonFinite: Bool = false,
    note: (JSONFault) -> Void
  ) throws(JSONFault) -> JSONValue {
    var reader = JSONReader(
      bytes, base: base, depthLimit: depthLimit, allowsNonFinite: allowsNonFinite)
    let value = try read(from: &reader, first: reader.next(), note: note)
    _ = try reader.next()
    return value
  }

  /// Reads the value whose first token was `first` from a reader.
  public static func read(
    from reader: inout JSONReader, first: JSONToken, note: (JSONFault) -> Void
  ) throws(JSONFault) -> JSONValue {
    var frames: [Frame] = []
    var token = first
    while true {
      let content: Content
      let offset: UInt64
      switch token {
      case .objectStart, .arrayStart:
        frames.append(Frame(isObject: token == .objectStart, offset: reader.tokenOffset))
        token = try reader.next()
        continue
      case .key(let text):
        if let fault = frames[frames.count - 1].begin(reader.string(text), at: reader.tokenOffset) {
          note(located(fault, frames))
        }
        token = try reader.next()
        continue
      case .objectEnd, .arrayEnd, .end:
        // The reader gives an end only for what it opened; a frame is there for each.
        guard let frame = frames.popLast() else { return JSONValue(.null, offset: reader.tokenOffset) }
        content = frame.isObject ? .object(frame.members) : .array(frame.elements)
        offset = frame.offset
      case .string(let text):
        (content, offset) = (.string(reader.string(text)), reader.tokenOffset)
      case .number(let digits):
        (content, offset) = (.number(Number(lexeme: reader.lexeme(digits))), reader.tokenOffset)
      case .nonFinite(let number):
        let lexeme = number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
        (content, offset) = (.number(Number(lexeme: lexeme)), reader.tokenOffset)
        note(located(reader.fault(.nonFinite, expected: "0-9", actual: lexeme), frames))
      case .boolean(let boolean):
        (content, offset) = (.boolean(boolean), reader.tokenOffset)
      case .null:
        (content, offset) = (.null, reader.tokenOffset)
      }
      let value = JSONValue(content, offset: offset)
      if frames.isEmpty { return value }
      frames[frames.count - 1].add(value)
      token = try reader.next()
    }
  }

  private static func located(_ fault: JSONFault, _ frames: [Frame]) -> JSONFault {
    var located = fault
    located.pointer = JSONPointer.through(frames.lazy.map(\.step))
    return located
  }

  /// An object or array that is being read.
  private struct Frame {
    let isObject: Bool
    let offset: UInt64
    var members: [Member] = []
    var elements: [JSONValue] = []
    var key = ""
    var keyOffset: UInt64 = 0
    /// The names so far, once there are too many to compare one by one.
    var names: Set<ExactString> = []

    init(isObject: Bool, offset: UInt64) {
      self.isObject = isObject
      self.offset = offset
    }

    /// The name or index of the element that is being read.
    var step: String { isObject ? key : "\(elements.count)" }

    /// Begins a member; gives a fault where the object has one of that name.
    mutating func begin(_ name: String, at offset: UInt64) -> JSONFault? {
      (key, keyOffset) = (name, offset)
      guard holds(name) else { return nil }
      return JSONFault(.duplicate, at: offset, expected: "1 × \"\(name)\"", actual: "> 1")
    }

    mutating func add(_ value: JSONValue) {
      if isObject {
        members.append(Member(key: key, offset: keyOffset, value: value))
      } else {
        elements.append(value)
      }
    }

    private static let fewNames = 12

    private mutating func holds(_ name: String) -> Bool {
      guard members.count >= Self.fewNames else {
        return members.contains { $0.key.utf8.elementsEqual(name.utf8) }
      }
      if names.isEmpty {
        for member in members { names.insert(ExactString(member.key)) }
      }
      return !names.insert(ExactString(name)).inserted
    }
  }
}
