import Representation
import Storage

/// What the representation does not hold: read as the schema has it, judged, and let go.
extension ONNXDecoder {
  /// Judges a text.
  mutating func judgeText(_ field: WireField) throws(Fault) {
    do throws(Fault) {
      if let repaired = try wire.repairIfInvalid(field) {
        log(.text, at: field.start, expected: "UTF-8", actual: repaired)
      }
    } catch {
      // Nothing is lost that would be held.
      try recover(error, to: trail.count, lost: [])
    }
  }

  /// Judges a message; damage in it is said, and nothing is lost.
  mutating func judge(_ field: WireField, in parent: WireMessage, as type: ONNXUnheldMessage) throws(Fault) {
    do throws(Fault) {
      try walk(try wire.message(field, in: parent), type)
    } catch {
      try recover(error, to: trail.count, lost: [])
    }
  }

  /// Whether a field is a message; says so where it is not.
  mutating func isMessage(_ field: WireField) throws(Fault) -> Bool {
    do throws(Fault) {
      try wire.expect(field, .length)
      return true
    } catch {
      try recover(error, to: trail.count, lost: [])
      return false
    }
  }

  // The schema nests these messages four deep at most.
  private mutating func walk(_ whole: WireMessage, _ type: ONNXUnheldMessage) throws(Fault) {
    var message = whole
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      switch type.field(field.number) {
      case .text:
        once(field, &seen, in: type.name)
        try judgeText(field)
      case .integer:
        once(field, &seen, in: type.name)
        _ = try wire.integer(field)
      case .integers:
        if field.type == .length {
          _ = try wire.countVarints(field)
        } else {
          _ = try wire.integer(field)
        }
      case .list(nil): try judgeText(field)
      case .list(let inner?): try walk(try wire.message(field, in: message), inner)
      case nil: unknown(field, in: type.name)
      }
    }
  }
}
