import CYaml

/// What the events of a YAML text tell before values are built from them: how deep it goes, and how often it repeats itself.
///
/// The events come from the scanner that also builds the values, so that what it takes for an alias is one, wherever an
/// asterisk stands. They cost no more than the text has bytes; values may cost more, since keys are compared as a whole.
struct YAMLOutline {
  /// A key that its mapping holds already.
  struct RepeatedKey {
    let key: String
    /// The line and the character in it, counted from zero.
    let line: Int
    let column: Int
  }

  /// How many aliases there are.
  private(set) var aliases = 0
  /// How many collections lie in each other; what is deeper than the limit is not looked at.
  private(set) var depth = 0
  /// The first key that is a text and that its mapping holds already.
  private(set) var repeatedKey: RepeatedKey?

  /// A collection that is open.
  private struct Frame {
    let isMapping: Bool
    var keys: Set<ExactKey> = []
    var expectsKey = true
  }

  /// A text that is compared byte by byte.
  private struct ExactKey: Hashable {
    let bytes: [UInt8]
  }

  private var open: [Frame] = []

  /// Walks through a text up to its end, its first error or the limit.
  init(_ text: ArraySlice<UInt8>, depthLimit: Int) {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return }
    defer { yaml_parser_delete(&parser) }
    text.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      var isAtEnd = false
      while !isAtEnd, depth <= depthLimit {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
          // The scanner runs ahead of the events: what it has opened is nested all the same.
          depth = max(depth, Int(parser.flow_level))
          return
        }
        isAtEnd = event.type == YAML_STREAM_END_EVENT
        take(event)
        yaml_event_delete(&event)
      }
    }
  }

  private mutating func take(_ event: yaml_event_t) {
    switch event.type {
    case YAML_ALIAS_EVENT:
      aliases += 1
      endNode()
    case YAML_SCALAR_EVENT:
      takeScalar(event)
      endNode()
    case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
      open.append(Frame(isMapping: event.type == YAML_MAPPING_START_EVENT))
      depth = max(depth, open.count)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      _ = open.popLast()
      endNode()
    default:
      break
    }
  }

  private mutating func takeScalar(_ event: yaml_event_t) {
    guard repeatedKey == nil, let last = open.indices.last, open[last].isMapping, open[last].expectsKey else {
      return
    }
    let scalar = event.data.scalar
    let bytes = [UInt8](UnsafeBufferPointer(start: scalar.value, count: scalar.length))
    guard !open[last].keys.insert(ExactKey(bytes: bytes)).inserted else { return }
    repeatedKey = RepeatedKey(
      key: String(decoding: bytes, as: UTF8.self), line: Int(event.start_mark.line),
      column: Int(event.start_mark.column))
  }

  /// In a mapping, keys and values take turns.
  private mutating func endNode() {
    if let last = open.indices.last { open[last].expectsKey.toggle() }
  }
}
