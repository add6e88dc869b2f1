import Storage

/// Receives a package in one pass, from a server that gives nothing but the whole (profile clause 8.3, section 5).
struct WholeFetching {
  let url: String
  let transport: any RangeTransport
  let policy: RetryPolicy
  let progress: (@Sendable (Int) -> Void)?

  func fetch(
    to out: String, willChange: @escaping @Sendable () throws(Fault) -> Void,
    verify: (String) throws(Fault) -> Void
  ) throws(Fault) {
    let transfer = Transfer(try TransferStore(out, willChange: willChange))
    try transfer.handle(.offer)
    try transfer.handle(.select)
    var tries = Tries(policy, url)
    var entity: RemoteEntity?
    while true {
      let sink = WholeSink(transfer.store, progress)
      do throws(TransportError) {
        try transport.get(RangeRequest(url, .whole, expected: entity), into: sink)
        break
      } catch {
        entity = sink.entity ?? entity
        let fault = sink.fault
        do throws(Fault) {
          if let fault { throw fault }
          // The next try begins with the first byte again, so that no byte of this one stays.
          try tries.failed(error, brought: false)
        } catch {
          transfer.end(error.code == TransferFault.sourceReachable.rawValue ? .exhausted : .interruption)
          throw error
        }
      }
    }
    try transfer.handle(.segment)
    try transfer.finish(verify)
  }
}

/// Writes a body from the beginning of the package on.
private final class WholeSink: BodySink {
  private let store: TransferStore
  private let progress: (@Sendable (Int) -> Void)?
  private var position: UInt64 = 0
  private(set) var entity: RemoteEntity?
  private(set) var fault: Fault?

  init(_ store: TransferStore, _ progress: (@Sendable (Int) -> Void)?) {
    self.store = store
    self.progress = progress
  }

  func begin(_ answer: RemoteAnswer) -> UInt64? {
    entity = answer.entity
    do throws(Fault) {
      // Without a length nothing would bound what is written (P8.3-067).
      guard answer.range == nil, let length = answer.entity.length else {
        throw Fault(TransferFault.lengthBounded, at: Place(), expected: "Content-Length")
      }
      try store.setLength(length)
      return length
    } catch {
      fault = error
      return nil
    }
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(Fault) {
      try store.write(bytes, at: position)
      position += UInt64(bytes.count)
      progress?(bytes.count)
      return true
    } catch {
      fault = error
      return false
    }
  }
}
