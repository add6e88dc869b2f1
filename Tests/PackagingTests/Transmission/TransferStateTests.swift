import Foundation
import Storage
import Testing

@testable import Packaging

/// The table of profile clause 8.3, section 6.2, read from the chapter itself.
@Suite("States of a transfer")
struct TransferStateTests {
  typealias State = TransferState.State
  typealias Event = TransferState.Event

  struct Pair: Hashable {
    let state: State
    let event: Event
  }

  static let table: [Pair: State] = {
    // The bench of a part has its tests behind a link.
    let chapter = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("conformance/profile/8.3-transmission.md")
    let text = (try? String(contentsOf: chapter, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("| event \\ state") }.prefix {
      $0.hasPrefix("|")
    }
    let rows = lines.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    guard let head = rows.first else { return [:] }
    var table: [Pair: State] = [:]
    for row in rows.dropFirst(2) {
      guard let event = Event(rawValue: row[0].trimmingCharacters(in: ["`"])) else { continue }
      for (name, cell) in zip(head.dropFirst(), row.dropFirst()) {
        if let state = State(rawValue: name), let next = State(rawValue: cell) {
          table[Pair(state: state, event: event)] = next
        }
      }
    }
    return table
  }()

  @Test("Every state and event, as the chapter has it")
  func everyPair() throws {
    #expect(Self.table.count == 20)
    for state in State.allCases {
      for event in Event.allCases {
        var transfer = TransferState(state)
        let expected = Self.table[Pair(state: state, event: event)]
        let refusal = code { try transfer.handle(event) }
        #expect(transfer.state == expected ?? state, "\(state), \(event)")
        #expect(refusal == (expected == nil ? "transfer-event-expected" : nil), "\(state), \(event)")
      }
    }
  }

  @Test("Complete and aborted are final, and a transfer begins idle")
  func ends() {
    #expect(TransferState().state == .idle)
    for state in State.allCases {
      let goesOn = Self.table.keys.contains { $0.state == state }
      #expect(TransferState(state).isFinal == !goesOn)
    }
  }
}
