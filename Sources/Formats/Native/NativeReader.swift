import Representation
public import Storage

/// Reads the native form, binary or JSON (profile clause 6.1, chapter "Native form").
public enum NativeReader: ModelReader {
  public static let formats: Set<Format> = [.native, .nativeJSON]

  public static func read(
    _ tree: any FileTree, name: String, limits: Limits
  ) throws(Fault) -> Reading {
    try read(tree, name: name, limits: limits, asJSON: false)
  }

  /// Reads the sample; `asJSON` says that it is JSON, whatever it begins with.
  static func read(
    _ tree: any FileTree, name: String, limits: Limits, asJSON: Bool
  ) throws(Fault) -> Reading {
    let source = try tree.open(name)
    var reading = Reading(format: asJSON ? .nativeJSON : .native)
    reading.carries = [.native]
    reading.files = [SampleFile(path: name, bytes: source.size)]
    guard source.size <= limits.structureBytes else {
      reading.known = []
      reading.faults.log(
        NativeFault.size, .unsupported, at: Place(name), expected: "≤ \(limits.structureBytes) B",
        actual: "\(source.size) B")
      return reading
    }
    if asJSON ? true : try isJSON(source) {
      reading.format = .nativeJSON
      guard let json = try NativeJSON(source, limits: limits, &reading.faults) else {
        reading.known = []
        return reading
      }
      try read(MemoryByteSource(name: name, json.binary), limits, from: json, into: &reading)
    } else {
      try read(source, limits, into: &reading)
    }
    if reading.judgedNonetheless != nil { return reading }
    try NativeFileTable.resolve(in: tree, besides: name, limits: limits, &reading)
    return reading
  }

  /// JSON begins with a brace, after white space or not.
  private static func isJSON(_ source: any ByteSource) throws(Fault) -> Bool {
    let head = try source.bytes(at: 0, count: Int(min(source.size, 4096)))
    return head.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "{")
      && !head.starts(with: NativeForm.prefix)
  }

  private static func read(
    _ source: any ByteSource, _ limits: Limits, from json: NativeJSON? = nil, into reading: inout Reading
  ) throws(Fault) {
    var decoder = NativeDecoder(source, limits: limits, from: json)
    let place = Place(source.name, offset: json == nil ? 0 : nil)
    let prefix = try source.bytes(at: 0, count: Int(min(source.size, UInt64(NativeForm.prefix.count))))
    if prefix != NativeForm.prefix {
      reading.faults.log(NativeFault.formatName, at: place, expected: NativeForm.name)
    }
    let header = try decoder.header()
    if header.major != 0 {
      reading.version = "\(header.major).\(header.minor)"
      guard header.major == UInt64(NativeForm.major) else {
        reading.known = []
        reading.faults.log(
          NativeFault.majorVersion, .unsupported, at: place, expected: "\(NativeForm.major)",
          actual: "\(header.major)")
        return
      }
    }
    decoder.faults = reading.faults
    decoder.minor = header.minor
    decoder.isNewer = header.minor > UInt64(NativeForm.minor)
    let (model, known) = try decoder.model()
    reading.model = model
    reading.known = known
    reading.faults = decoder.faults
    if reading.faults.entries.contains(where: { $0.code == NativeFault.criticalExtensions.rawValue }) {
      // Whatever was read may mean something else; only the extensions themselves are as they stand.
      reading.known = []
      reading.judgedNonetheless = ["critical-extensions-known"]
    }
  }

  /// The limit of the profile that keeps a structure which was just written from being read, and where; nil where none does.
  static func brokenLimit(in binary: [UInt8], limits: Limits) -> (code: NativeFault, path: String)? {
    guard UInt64(binary.count) <= limits.structureBytes else { return (.size, "") }
    var reading = Reading(format: .native)
    do throws(Fault) {
      try read(MemoryByteSource(name: "", binary), limits, into: &reading)
    } catch {
      return (.size, "")
    }
    for code in [NativeFault.depth, .size] {
      if let entry = reading.faults.entries.first(where: { $0.code == code.rawValue }) {
        return (code, entry.occurrences.first.place.path ?? "")
      }
    }
    return nil
  }
}
