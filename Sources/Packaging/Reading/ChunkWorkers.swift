import Dispatch
import Storage
import Synchronization

/// A buffer of one chunk that is used again.
final class ChunkBuffer: Sendable {
  /// The bytes; whoever has the buffer has them alone.
  nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

  init() {
    bytes = .allocate(byteCount: HashTree.chunkBytes, alignment: 4096)
  }

  deinit {
    bytes.deallocate()
  }

  /// The first bytes.
  func prefix(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(count, bytes.count)])
  }
}

/// Something that is worked out elsewhere, to be waited for.
final class Ticket<Output: Sendable>: Sendable {
  private let output: Mutex<Output?>
  private let ready: DispatchSemaphore?

  /// Something that is known already.
  init(_ output: Output) {
    self.output = Mutex(output)
    ready = nil
  }

  fileprivate init() {
    output = Mutex(nil)
    ready = DispatchSemaphore(value: 0)
  }

  fileprivate func set(_ value: Output) {
    output.withLock { $0 = value }
    ready?.signal()
  }

  /// What came out; waits for it. To be called once.
  func wait() -> Output? {
    ready?.wait()
    return output.withLock { $0 }
  }
}

/// Threads that work on chunks, and the buffers for them: as many as there are jobs and a few more, however long a payload is.
///
/// The order of what comes out is kept by who waits, so that nothing depends on the number of threads.
final class ChunkWorkers: Sendable {
  private let queues: [DispatchQueue]
  private let turn = Atomic<Int>(0)
  private let spare = Mutex<[ChunkBuffer]>([])

  /// How many chunks may be under way at once.
  let depth: Int

  /// Workers for so many chunks at once.
  init(jobs: Int) {
    // With a single job everything happens in the thread that asks for it.
    queues = jobs > 1 ? (0..<min(jobs, 256)).map { DispatchQueue(label: "chunks-\($0)") } : []
    depth = queues.count * 2 + 1
  }

  /// A buffer that nobody else has.
  func buffer() -> ChunkBuffer {
    spare.withLock { $0.popLast() } ?? ChunkBuffer()
  }

  /// Gives a buffer back.
  func giveBack(_ buffer: ChunkBuffer) {
    spare.withLock { $0.append(buffer) }
  }

  /// Begins work, or does it at once where there is only one job.
  func start<Output: Sendable>(_ work: @escaping @Sendable () -> Output) -> Ticket<Output> {
    guard !queues.isEmpty else { return Ticket(work()) }
    let ticket = Ticket<Output>()
    let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
    queues[number % queues.count].async { ticket.set(work()) }
    return ticket
  }
}
