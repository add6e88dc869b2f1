import Representation
import Storage

/// The files with external data that a model names, each opened once.
struct ONNXExternalFiles {
  /// The place of each file in the model's file table, by its path; nil for one that must not be opened.
  var places: [ExactString: Int?] = [:]
  /// The files that are there.
  var present: [SampleFile] = []
  /// The places of files that are not there, with the size that the model asks them to have at least.
  var missing: [Int: UInt64] = [:]
}

/// External data (TensorProto.external_data).
extension ONNXDecoder {
  /// What the entries of a tensor say.
  private struct Entries {
    /// The location that counts, the first one.
    var location: String?
    /// The first byte; nil where it cannot be read.
    var start: UInt64? = 0
    var length: UInt64?
  }

  /// Where the elements of a tensor lie in another file.
  ///
  /// - Parameter isSegment: whether it is a part of a tensor, so that nobody knows which bytes are meant.
  mutating func externalContent(
    _ entries: [Property], _ type: TensorType, isSegment: Bool, at offset: UInt64
  ) -> TensorContent {
    let entries = read(entries, at: offset)
    guard let location = entries.location, !location.isEmpty, let path = externalPath(location) else {
      log(.externalLocation, at: offset, expected: "location", actual: entries.location.map { "\"\($0)\"" })
      return .withheld
    }
    guard isInside(location, at: offset), let start = entries.start, !isSegment,
      let file = externalFile(path, at: offset)
    else { return .withheld }
    let size = model.files[file].size
    let range = ByteRange(
      file: file, offset: start,
      length: entries.length ?? type.byteCount ?? (size > start ? size - start : 0))
    if let needed = external.missing[file] {
      // Nothing can be said of where the bytes end in a file that is not there.
      external.missing[file] = max(needed, range.end ?? needed)
    }
    return .stored(range)
  }

  private mutating func read(_ entries: [Property], at offset: UInt64) -> Entries {
    var result = Entries()
    var keys: Set<ExactString> = []
    for entry in entries {
      guard keys.insert(ExactString(entry.key)).inserted else {
        log(.externalKeysTwice, at: offset, actual: entry.key)
        // Some readers take the last location, so that none of them may lead out.
        if entry.key == "location" { _ = isInside(entry.value, at: offset) }
        continue
      }
      switch entry.key {
      case "location": result.location = entry.value
      case "offset": result.start = number(entry, at: offset)
      case "length": result.length = number(entry, at: offset)
      case "checksum":
        let isDigest = entry.value.utf8.count == 40 && entry.value.utf8.allSatisfy(Self.isHexadecimal)
        if !isDigest {
          log(.externalChecksum, at: offset, expected: "40 × 0–9 a–f", actual: entry.value)
        }
      // A loader writes the last one into the model in memory; some save it again.
      case "basepath": break
      default:
        log(
          .externalKeys, at: offset, expected: "location, offset, length, checksum", actual: entry.key)
      }
    }
    return result
  }

  /// Whether a location stays in the directory of the model; says so where it does not.
  private mutating func isInside(_ location: String, at offset: UInt64) -> Bool {
    let leadsOut =
      location.utf8.first == UInt8(ascii: "/") || location.split(separator: "/").contains("..")
    if leadsOut {
      log(.externalInside, .unsafe, at: offset, expected: "≠ /…, ≠ ..", actual: location)
    }
    return !leadsOut
  }

  /// Gives the files that are not there the size that the tensors ask for: that they are missing is said once.
  mutating func finishExternalFiles() {
    for (file, size) in external.missing { model.files[file].size = size }
  }

  private mutating func externalFile(_ path: String, at offset: UInt64) -> Int? {
    // The model's own file is the first of the table.
    if ExactString(path) == ExactString(wire.source.name) { return 0 }
    if let known = external.places[ExactString(path)] { return known }
    let index = model.files.count
    guard index < limits.files else {
      log(.limits, .unsupported, at: offset, expected: "≤ \(limits.files)", actual: path)
      known.remove(.parameters)
      return nil
    }
    do throws(Fault) {
      let size = try tree.open(path).size
      model.files.append(ParameterFile(path: path, size: size))
      external.present.append(SampleFile(path: path, bytes: size))
    } catch {
      var fault = error
      fault.occurrence.place.path = place(offset).path
      faults.log(fault)
      if fault.code != FileFault.present.rawValue {
        external.places[ExactString(path)] = .some(nil)
        return nil
      }
      model.files.append(ParameterFile(path: path, size: 0))
      external.missing[index] = 0
    }
    external.places[ExactString(path)] = index
    return index
  }

  /// The path of a location relative to the directory of the model; nil where it names no file.
  ///
  /// A component that is empty stays: the name is not safe then.
  private func externalPath(_ location: String) -> String? {
    let components = location.split(separator: "/", omittingEmptySubsequences: false).filter { $0 != "." }
    guard !components.isEmpty else { return nil }
    let directory = wire.source.name.lastIndex(of: "/").map { wire.source.name[...$0] } ?? ""
    return directory + components.joined(separator: "/")
  }

  private mutating func number(_ entry: Property, at offset: UInt64) -> UInt64? {
    let isDecimal =
      !entry.value.isEmpty
      && entry.value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    if isDecimal, let number = UInt64(entry.value) { return number }
    log(.externalNumbers, at: offset, expected: "0…2^64−1", actual: "\(entry.key) = \(entry.value)")
    return nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
