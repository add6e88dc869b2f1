import Storage
import Synchronization

/// One transfer: where it stands, and what it holds. Both ways of receiving, by segments and by ranges, stand on it.
final class Transfer: Sendable {
  let store: TransferStore
  private let current: Mutex<TransferState>

  /// Begins or takes up a transfer to a destination.
  ///
  /// - Throws: as `TransferStore`.
  init(_ store: TransferStore) {
    self.store = store
    current = Mutex(TransferState())
  }

  /// Where it stands.
  var state: TransferState { current.withLock { $0 } }

  /// Takes an event.
  ///
  /// - Throws: `TransferFault.eventExpected`.
  func handle(_ event: TransferState.Event) throws(Fault) {
    // Read and written in one step; a closure of a lock cannot throw typed errors yet.
    let result: Result<Void, Fault> = current.withLock { state in
      do throws(Fault) {
        return .success(try state.handle(event))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Takes an offer, and what an earlier run kept of one.
  ///
  /// - Parameters:
  ///   - name: the file in which it is kept.
  ///   - bytes: the offer.
  ///   - length: of the package.
  ///   - isSame: what an earlier run kept, compared with the offer; nil where it tells nothing.
  /// - Throws: `TransferFault.offerUnchanged` where this is another one; what was held stays then.
  func offer(
    _ bytes: [UInt8], as name: String, length: UInt64, isSame: (TransferStore) -> Bool?
  ) throws(Fault) {
    switch isSame(store) {
    case false?:
      // What an earlier process began and did not end is paused, whatever ended it.
      current.withLock { $0 = TransferState(.paused) }
      try handle(.offerChanged)
      throw Fault(
        TransferFault.offerUnchanged, at: Place(store.out + ".fetch"), expected: name, actual: "≠ \(name)")
    case true?:
      current.withLock { $0 = TransferState(.paused) }
      try store.keep(name, bytes)
      try store.setLength(length)
      try handle(.resume)
    case nil:
      try handle(.offer)
      try store.keep(name, bytes)
      try store.setLength(length)
      try handle(.select)
    }
  }

  /// Verifies the package once all of it is held, and gives it its name.
  ///
  /// - Parameter verify: is given the path of the package; what it throws refuses it.
  /// - Throws: what `verify` throws, after which nothing is left of the package unless the system failed; as `TransferStore`.
  func finish(_ verify: (String) throws(Fault) -> Void) throws(Fault) {
    try handle(.allHeld)
    do throws(Fault) {
      try store.synchronise()
      try verify(store.packagePath)
    } catch {
      guard error.kind != .system else {
        try handle(.interruption)
        throw error
      }
      try handle(.refused)
      // Fetching it again would give the same.
      try store.remove()
      throw error
    }
    do throws(Fault) {
      try store.complete()
    } catch {
      try handle(.interruption)
      throw error
    }
    try handle(.verified)
  }

  /// Makes the result of a selection once all that it needs is held, and removes what was held.
  ///
  /// - Parameter make: is given the path of the package, of which a part is there; it makes the result whole or not at all.
  /// - Throws: what `make` throws, after which nothing is left unless the system failed.
  func finishSelection(_ make: (String) throws(Fault) -> Void) throws(Fault) {
    try handle(.allHeld)
    do throws(Fault) {
      try make(store.packagePath)
    } catch {
      guard error.kind != .system else {
        try handle(.interruption)
        throw error
      }
      try handle(.refused)
      try store.remove()
      throw error
    }
    try handle(.verified)
    try store.remove()
  }

  /// Takes note that the transfer ends here without a result, for now or for good.
  func end(_ event: TransferState.Event) {
    try? handle(event)
  }
}
