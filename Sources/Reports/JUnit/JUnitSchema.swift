import CLibXML2

/// Validates XML reports against an XML Schema, without network and without external entities.
public enum JUnitSchema {
  /// What is wrong with a document, or with the schema itself.
  public struct Problem: Error, Sendable, Hashable {
    /// The line, counted from one; zero where there is none.
    public let line: Int
    /// What libxml2 says.
    public let message: String
  }

  /// Validates a document.
  ///
  /// - Parameters:
  ///   - document: the XML document.
  ///   - schema: the XML Schema, complete in itself.
  /// - Returns: what is wrong with the document; empty where it is valid.
  /// - Throws: what is wrong with the schema.
  public static func validate(_ document: [UInt8], against schema: [UInt8]) throws(Problem) -> [Problem] {
    let parsedSchema = try compile(schema)
    defer { xmlSchemaFree(parsedSchema) }
    let tree: xmlDocPtr
    do {
      tree = try parse(document)
    } catch {
      return [error]
    }
    defer { xmlFreeDoc(tree) }
    guard let validation = xmlSchemaNewValidCtxt(parsedSchema) else { throw .outOfMemory }
    defer { xmlSchemaFreeValidCtxt(validation) }
    let log = Log()
    return log.listening { target in
      xml_schema_report(validation, target)
      return xmlSchemaValidateDoc(validation, tree) == 0
    }
  }

  private static func compile(_ bytes: [UInt8]) throws(Problem) -> xmlSchemaPtr {
    let tree = try parse(bytes)
    defer { xmlFreeDoc(tree) }
    guard let parser = xmlSchemaNewDocParserCtxt(tree) else { throw .outOfMemory }
    defer { xmlSchemaFreeParserCtxt(parser) }
    var schema: xmlSchemaPtr?
    let problems = Log().listening { target in
      xml_schema_parser_report(parser, target)
      schema = xmlSchemaParse(parser)
      return schema != nil
    }
    guard let schema else { throw problems.first ?? .outOfMemory }
    return schema
  }

  private static func parse(_ bytes: [UInt8]) throws(Problem) -> xmlDocPtr {
    guard let parser = xmlNewParserCtxt(), let count = CInt(exactly: bytes.count) else { throw .outOfMemory }
    defer { xmlFreeParserCtxt(parser) }
    // Entities stay references (no XML_PARSE_NOENT), external ones are not loaded, and the network is not touched.
    let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    let tree = bytes.withUnsafeBytes { raw in
      xmlCtxtReadMemory(
        parser, raw.bindMemory(to: CChar.self).baseAddress, count, nil, nil, CInt(options))
    }
    if let tree { return tree }
    guard let error = xmlCtxtGetLastError(parser)?.pointee, let message = error.message else {
      throw .outOfMemory
    }
    throw Problem(line: Int(error.line), message: trimmed(String(cString: message)))
  }

  /// Collects what libxml2 says while it validates.
  private final class Log {
    private var problems: [Problem] = []
    /// A document that is wrong everywhere is not described in full.
    private static var limit: Int { 100 }

    func listening(_ body: (UnsafeMutablePointer<xml_message_target>) -> Bool) -> [Problem] {
      var target = xml_message_target(
        receive: { context, line, message in
          guard let context, let message else { return }
          let log = Unmanaged<Log>.fromOpaque(context).takeUnretainedValue()
          guard log.problems.count < Log.limit else { return }
          log.problems.append(Problem(line: Int(line), message: trimmed(String(cString: message))))
        },
        context: Unmanaged.passUnretained(self).toOpaque())
      let isFine = withUnsafeMutablePointer(to: &target, body)
      if !isFine, problems.isEmpty { problems.append(.silent) }
      return problems
    }
  }

  private static func trimmed(_ message: String) -> String {
    message.hasSuffix("\n") ? String(message.dropLast()) : message
  }
}

extension JUnitSchema.Problem {
  fileprivate static let outOfMemory = JUnitSchema.Problem(line: 0, message: "libxml2 has no memory")
  fileprivate static let silent = JUnitSchema.Problem(
    line: 0, message: "invalid, and libxml2 does not say why")
}
