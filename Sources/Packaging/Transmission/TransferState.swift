public import Storage

/// Where a transfer stands, and what may happen next: the table of profile clause 8.3, section 6.2, and nothing else.
public struct TransferState: Sendable, Hashable {
  /// The states; the raw value is the name that the profile gives them.
  public enum State: String, Sendable, Hashable, CaseIterable {
    case idle, offered, transferring, paused, verifying, complete, aborted
  }

  /// The events; the raw value is the name that the profile gives them.
  public enum Event: String, Sendable, Hashable, CaseIterable {
    case offer
    case offerRefused = "offer-refused"
    case select
    case segment
    case segmentAgain = "segment-again"
    case segmentRefused = "segment-refused"
    case allHeld = "all-held"
    case interruption = "break"
    case exhausted
    case resume
    case offerChanged = "offer-changed"
    case verified
    case refused
    case cancel
  }

  /// The present state.
  public private(set) var state: State

  /// A transfer in a state; one begins idle.
  public init(_ state: State = .idle) {
    self.state = state
  }

  /// Whether nothing can happen any more.
  public var isFinal: Bool { state == .complete || state == .aborted }

  /// Takes an event.
  ///
  /// - Throws: `TransferFault.eventExpected` for one that the table does not list; the state is as it was then.
  public mutating func handle(_ event: Event) throws(Fault) {
    guard let next = TransferState.next(state, event) else {
      throw Fault(
        TransferFault.eventExpected, at: Place(), expected: state.rawValue, actual: event.rawValue)
    }
    state = next
  }

  private static func next(_ state: State, _ event: Event) -> State? {
    switch (state, event) {
    case (.idle, .offer): .offered
    case (.idle, .offerRefused): .aborted
    case (.offered, .select): .transferring
    case (.transferring, .segment), (.transferring, .segmentAgain), (.transferring, .segmentRefused):
      .transferring
    case (.transferring, .allHeld): .verifying
    case (.offered, .interruption), (.transferring, .interruption), (.verifying, .interruption): .paused
    case (.transferring, .exhausted): .aborted
    case (.paused, .resume): .transferring
    case (.paused, .offerChanged): .aborted
    case (.verifying, .verified): .complete
    case (.verifying, .refused): .aborted
    case (.idle, .cancel), (.offered, .cancel), (.transferring, .cancel), (.paused, .cancel),
      (.verifying, .cancel):
      .aborted
    default: nil
    }
  }
}
