import Storage
import SwiftProtobuf

/// The JSON form: read into the binary form, so that one decoder judges both.
enum NativeJSON {
  /// How deep messages may be nested, as in the binary form.
  private static let depth = 100

  /// The canonical binary form of what the JSON says; nil, and a fault, where it cannot be read.
  static func binary(
    _ source: any ByteSource, limits: Limits, _ faults: inout FaultLog
  ) throws(Fault) -> [UInt8]? {
    // The caller has compared the size with the limit on structures.
    guard let count = Int(exactly: source.size) else { return nil }
    let bytes = try source.bytes(at: 0, count: count)
    do throws(JSONFault) {
      try checkSyntax(bytes, depth: depth * 3)
    } catch {
      faults.log(error.fault(error.reason == .depth ? NativeFault.depth : .jsonSyntax, file: source.name))
      return nil
    }
    var options = JSONDecodingOptions()
    options.messageDepthLimit = depth
    do {
      return try PMRModel(jsonUTF8Bytes: bytes, options: options).serializedBytes()
    } catch JSONDecodingError.unknownField(let name) {
      options.ignoreUnknownFields = true
      guard let message = try? PMRModel(jsonUTF8Bytes: bytes, options: options) else {
        faults.log(NativeFault.jsonSchema, at: Place(source.name), actual: name)
        return nil
      }
      let kind: Fault.Kind = message.minor > NativeForm.minor ? .unsupported : .malformed
      faults.log(NativeFault.fieldsKnown, kind, at: Place(source.name), actual: name)
      return try? message.serializedBytes()
    } catch JSONDecodingError.messageDepthLimit {
      faults.log(NativeFault.depth, at: Place(source.name), expected: "≤ \(depth)")
      return nil
    } catch {
      faults.log(NativeFault.jsonSchema, at: Place(source.name), actual: "\(error)")
      return nil
    }
  }

  /// Throws what the text breaks of RFC 8259; a name that stands twice in an object is refused too, since readers differ on which
  /// one counts.
  private static func checkSyntax(_ bytes: [UInt8], depth: Int) throws(JSONFault) {
    var reader = JSONReader(bytes, depthLimit: depth)
    // One set for each open object or array; those of arrays stay empty.
    var names: [Set<ExactString>] = []
    while true {
      switch try reader.next() {
      case .objectStart, .arrayStart:
        names.append([])
      case .objectEnd, .arrayEnd:
        names.removeLast()
      case .key(let text):
        let name = reader.string(text)
        guard names[names.count - 1].insert(ExactString(name)).inserted else {
          throw reader.fault(.duplicate, expected: "unique names", actual: name)
        }
      case .end:
        return
      default:
        break
      }
    }
  }
}
