import Storage
import SwiftProtobuf

/// The JSON form: read into the binary form, so that one decoder judges both.
struct NativeJSON {
  /// The canonical binary form of what the JSON says.
  let binary: [UInt8]
  /// The enumerated values that the profile does not list; in the binary form they have the codes from `firstUnlistedCode` on.
  let unlistedValues: [String]
  /// The fields of the top message in which names stood that the schema lacks; these were left out.
  let fieldsWithUnknownNames: Set<String>

  /// The code of the first enumerated value that is not listed: far beyond those of any version.
  static let firstUnlistedCode: UInt64 = 1 << 30
  /// How deep messages may be nested, as in the binary form.
  private static let depth = 100

  /// Reads the JSON; nil, and a fault, where that cannot be done.
  init?(_ source: any ByteSource, limits: Limits, _ faults: inout FaultLog) throws(Fault) {
    // The caller has compared the size with the limit on structures.
    guard let count = Int(exactly: source.size) else { return nil }
    let bytes = try source.bytes(at: 0, count: count)
    var scan = NativeJSONScan(messageDepth: Self.depth, file: source.name)
    do throws(JSONFault) {
      try scan.read(bytes)
    } catch {
      faults.log(Self.fault(error, scan, source.name))
      return nil
    }
    var options = JSONDecodingOptions()
    // The scan has found every unknown name, and has limited the depth.
    options.ignoreUnknownFields = true
    options.messageDepthLimit = Self.depth * 4
    do {
      let message = try PMRModel(jsonUTF8Bytes: Self.numbered(scan, bytes), options: options)
      binary = try message.serializedBytes()
      unlistedValues = scan.unlistedValues.map(\.name)
      fieldsWithUnknownNames = scan.fieldsWithUnknownNames
      faults.append(scan.faults(isNewer: message.minor > NativeForm.minor))
    } catch {
      faults.log(NativeFault.jsonSchema, at: Place(source.name), actual: "\(error)")
      return nil
    }
  }

  /// The text with a code in place of each enumerated name that is not listed, which the library would drop without a word.
  private static func numbered(_ scan: NativeJSONScan, _ bytes: [UInt8]) -> [UInt8] {
    if scan.unlistedValues.isEmpty { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    for (index, value) in scan.unlistedValues.enumerated() {
      result += bytes[position..<value.range.lowerBound]
      result += "\(firstUnlistedCode + UInt64(index))".utf8
      position = value.range.upperBound
    }
    return result + bytes[position...]
  }

  /// Messages nested too deep break a rule of the form; arrays nested too deep go beyond what this reader follows.
  private static func fault(_ error: JSONFault, _ scan: NativeJSONScan, _ file: String) -> Fault {
    guard error.reason == .depth else { return error.fault(NativeFault.jsonSyntax, file: file) }
    return Fault(
      NativeFault.depth, scan.isTooDeep ? .malformed : .unsupported, at: Place(file, offset: error.offset),
      expected: error.expected, actual: error.actual)
  }
}
