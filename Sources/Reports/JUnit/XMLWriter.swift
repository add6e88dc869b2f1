import CLibXML2

/// libxml2 refused to write; only a lack of memory makes it do so.
public struct XMLWriterError: Error, Sendable, Hashable {}

/// Writes XML through libxml2, which escapes whatever needs it; nothing is put together from strings.
///
/// What was written is taken with `take()` from time to time, so that only a part of a document is in memory.
final class XMLWriter {
  /// What libxml2 has handed over and nobody has taken yet; a class, as libxml2 keeps a pointer to it.
  private final class Pending {
    var bytes: [UInt8] = []
  }

  private let pending = Pending()
  private let writer: xmlTextWriterPtr

  /// A writer at the start of an XML 1.0 document in UTF-8.
  init() throws(XMLWriterError) {
    let buffer = xmlOutputBufferCreateIO(
      { context, bytes, count in
        guard let context, let bytes, count > 0 else { return 0 }
        let pending = Unmanaged<Pending>.fromOpaque(context).takeUnretainedValue()
        pending.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        return count
      },
      nil, Unmanaged.passUnretained(pending).toOpaque(), nil)
    guard let buffer else { throw XMLWriterError() }
    guard let writer = xmlNewTextWriter(buffer) else {
      xmlOutputBufferClose(buffer)
      throw XMLWriterError()
    }
    self.writer = writer
    try check(xmlTextWriterSetIndent(writer, 1))
    try check(xmlTextWriterSetIndentString(writer, "  "))
    try check(xmlTextWriterStartDocument(writer, "1.0", "UTF-8", nil))
  }

  deinit {
    // Frees the output buffer too, which still writes to `pending`.
    xmlFreeTextWriter(writer)
  }

  /// Writes an element; its attributes come first in the body.
  func element(_ name: String, _ body: () throws -> Void = {}) throws {
    try check(xmlTextWriterStartElement(writer, name))
    try body()
    try check(xmlTextWriterEndElement(writer))
  }

  /// Writes an attribute of the element that was just started.
  func attribute(_ name: String, _ value: String) throws(XMLWriterError) {
    try check(xmlTextWriterWriteAttribute(writer, name, VisibleText.forXML(value)))
  }

  /// Writes text inside the current element.
  func text(_ text: String) throws(XMLWriterError) {
    guard !text.isEmpty else { return }
    try check(xmlTextWriterWriteString(writer, VisibleText.forXML(text)))
  }

  /// Ends the document.
  func end() throws(XMLWriterError) {
    try check(xmlTextWriterEndDocument(writer))
  }

  /// The bytes that were written since the last call.
  func take() throws(XMLWriterError) -> [UInt8] {
    try check(xmlTextWriterFlush(writer))
    defer { pending.bytes.removeAll(keepingCapacity: true) }
    return pending.bytes
  }

  private func check(_ result: CInt) throws(XMLWriterError) {
    if result < 0 { throw XMLWriterError() }
  }
}
