import Representation
import Storage

/// The index of sharded weights: which shard holds which tensor (`model.safetensors.index.json`).
struct WeightIndex {
  /// What the index says of a tensor.
  struct Entry {
    /// The place of the shard in `shards`.
    let shard: Int
    /// The byte of the index at which the name stands.
    let offset: UInt64
  }

  /// The name of the index file.
  let file: String
  /// Where the index says that each tensor is, in its order; a name that stands twice is here once.
  private(set) var entries: [Entry] = []
  /// The names of the tensors, at the same places.
  private(set) var names = NameTable()
  /// The shards, in the order in which they are first named.
  private(set) var shards: [String] = []
  /// The byte of the index at which each shard is first named.
  private(set) var shardOffsets: [UInt64] = []
  /// What the index says of the weights as a whole; nil where it says nothing.
  private(set) var metadata: JSONValue?
  /// Whether the whole map was read.
  private(set) var isComplete = true
  /// The places of tensors that stand in the map more than once.
  private(set) var repeated: Set<Int> = []
  private var shardPlaces: [ExactString: Int] = [:]

  init(_ source: any ByteSource, limits: Limits, _ faults: inout FaultLog) throws(Fault) {
    file = source.name
    guard source.size <= limits.structureBytes, let count = Int(exactly: source.size) else {
      faults.log(
        HuggingFaceFault.indexJSON, .unsupported, at: Place(file), expected: "≤ \(limits.structureBytes) B",
        actual: "\(source.size) B")
      isComplete = false
      return
    }
    var reader = JSONReader(
      try source.bytes(at: 0, count: count), depthLimit: limits.depth, allowsNonFinite: true)
    entries.reserveCapacity(count / 96)
    names.reserveCapacity(count / 96)
    do throws(JSONFault) {
      try read(&reader, limits, &faults)
    } catch {
      isComplete = false
      faults.log(error.fault(HuggingFaceFault.indexJSON, file: file))
    }
  }

  private mutating func read(
    _ reader: inout JSONReader, _ limits: Limits, _ faults: inout FaultLog
  ) throws(JSONFault) {
    let first = try reader.next()
    guard first == .objectStart else { throw reader.fault(.syntax, expected: "{", actual: "…") }
    var hasMap = false
    var hasMetadata = false
    while case .key(let key) = try reader.next() {
      if reader.text(key, equals: "weight_map") {
        if hasMap {
          // Readers keep one of them, most the last; the names of both are read, so that no shard seems superfluous.
          isComplete = false
          twice("weight_map", at: reader.tokenOffset, pointer: "/weight_map", &faults)
        }
        try map(&reader, isRepeated: hasMap, limits, &faults)
        hasMap = true
      } else if reader.text(key, equals: "metadata") {
        if hasMetadata { twice("metadata", at: reader.tokenOffset, pointer: "/metadata", &faults) }
        hasMetadata = true
        let token = try reader.next()
        metadata = try JSONValue.read(from: &reader, first: token) { note in
          guard note.reason == .duplicate else { return }
          var fault = note.fault(HuggingFaceFault.indexJSON, file: file)
          fault.occurrence.place.path = "/metadata" + (note.pointer ?? "")
          faults.log(fault)
        }
      } else {
        try reader.skip(reader.next())
      }
    }
    _ = try reader.next()
    if !hasMap {
      isComplete = false
      faults.log(
        HuggingFaceFault.indexJSON, at: Place(file, path: "/weight_map"), expected: "object", actual: "−")
    }
  }

  private func twice(
    _ name: String, at offset: UInt64, pointer: String, _ faults: inout FaultLog
  ) {
    faults.log(
      HuggingFaceFault.indexJSON, at: Place(file, offset: offset, path: pointer),
      expected: "1 × \"\(name)\"", actual: "> 1")
  }

  private mutating func map(
    _ reader: inout JSONReader, isRepeated: Bool, _ limits: Limits, _ faults: inout FaultLog
  ) throws(JSONFault) {
    let first = try reader.next()
    guard first == .objectStart else {
      isComplete = false
      faults.log(
        HuggingFaceFault.indexJSON, at: Place(file, offset: reader.tokenOffset, path: "/weight_map"),
        expected: "object", actual: "…")
      return try reader.skip(first)
    }
    var last: (text: JSONText, shard: Int)?
    while case .key(let key) = try reader.next() {
      let name = reader.string(key)
      let offset = reader.tokenOffset
      let value = try reader.next()
      guard case .string(let text) = value else {
        isComplete = false
        faults.log(
          HuggingFaceFault.indexJSON,
          at: Place(file, offset: reader.tokenOffset, path: JSONPointer.through(["weight_map", name])),
          expected: "string", actual: "…")
        try reader.skip(value)
        continue
      }
      let shard: Int
      if let last, reader.text(text, isWrittenLike: last.text) {
        // Neighbours in the map mostly lie in the same shard.
        shard = last.shard
      } else {
        shard = place(of: reader.string(text), at: reader.tokenOffset)
        last = (text, shard)
      }
      if names.insert(name) {
        entries.append(Entry(shard: shard, offset: offset))
      } else if !isRepeated {
        if let place = names.place(of: name) { repeated.insert(place) }
        faults.log(
          HuggingFaceFault.indexTensorsUnique,
          at: Place(file, offset: offset, path: JSONPointer.through(["weight_map", name])),
          expected: "1 × \"\(name)\"", actual: "> 1")
      }
    }
  }

  private mutating func place(of shard: String, at offset: UInt64) -> Int {
    if let known = shardPlaces[ExactString(shard)] { return known }
    shardPlaces[ExactString(shard)] = shards.count
    shards.append(shard)
    shardOffsets.append(offset)
    return shards.count - 1
  }

  /// The place of a tensor that a shard holds.
  ///
  /// - Parameter next: where to look first: shards mostly hold their tensors in the order of the index. It never moves back, so that
  ///   shards in any other order cost no more than the search for each name.
  func place(of name: String, in shard: Int, _ next: inout Int) -> Int? {
    while next < entries.count, entries[next].shard != shard { next += 1 }
    guard next < entries.count, names.names[next] == ExactString(name) else { return names.place(of: name) }
    defer { next += 1 }
    return next
  }
}
