import Storage

/// A JSON object of a directory that is read as a whole: `config.json` or `adapter_config.json`.
struct ConfigurationFile {
  /// The name of the file.
  let file: String
  /// The object; nil where it could not be read.
  private(set) var value: JSONValue?

  init(_ tree: any FileTree, _ name: String, limits: Limits, _ faults: inout FaultLog) {
    file = name
    do throws(Fault) {
      guard let bytes = try Self.bytes(tree, name, limits, HuggingFaceFault.configurationJSON, &faults) else {
        return
      }
      let value = try Self.parse(bytes, name, limits, &faults)
      guard value.members != nil else {
        faults.log(
          HuggingFaceFault.configurationJSON, at: Place(name, offset: value.offset), expected: "object",
          actual: "…")
        return
      }
      self.value = value
    } catch {
      faults.log(error)
    }
  }

  private static func parse(
    _ bytes: [UInt8], _ name: String, _ limits: Limits, _ faults: inout FaultLog
  ) throws(Fault) -> JSONValue {
    do throws(JSONFault) {
      return try JSONValue.read(bytes, depthLimit: limits.depth, allowsNonFinite: true) { note in
        faults.log(
          note.fault(
            note.reason == .duplicate
              ? HuggingFaceFault.configurationKeysUnique : .configurationNumbersFinite, file: name))
      }
    } catch {
      throw error.fault(HuggingFaceFault.configurationJSON, file: name)
    }
  }

  /// The bytes of a JSON file; nil where it is larger than the limit, which is logged.
  static func bytes(
    _ tree: any FileTree, _ name: String, _ limits: Limits, _ code: HuggingFaceFault, _ faults: inout FaultLog
  ) throws(Fault) -> [UInt8]? {
    let source = try tree.open(name)
    guard source.size <= limits.structureBytes, let count = Int(exactly: source.size) else {
      faults.log(
        code, .unsupported, at: Place(name), expected: "≤ \(limits.structureBytes) B",
        actual: "\(source.size) B")
      return nil
    }
    return try source.bytes(at: 0, count: count)
  }
}

/// Looks at the syntax of JSON files whose content is not needed.
enum SupportingFile {
  static func check(_ tree: any FileTree, _ name: String, limits: Limits, _ faults: inout FaultLog) {
    do throws(Fault) {
      let code = HuggingFaceFault.supportingJSON
      guard let bytes = try ConfigurationFile.bytes(tree, name, limits, code, &faults) else { return }
      var reader = JSONReader(bytes, depthLimit: limits.depth, allowsNonFinite: true)
      do throws(JSONFault) {
        while try reader.next() != .end {}
      } catch {
        faults.log(error.fault(code, file: name))
      }
    } catch {
      faults.log(error)
    }
  }
}
