import Dispatch
import Synchronization

/// Work on several things at once, with the results in their order: what comes out does not depend on the number of cores.
public enum ConcurrentMap {
  /// The results of `body` for each index below `count`.
  ///
  /// Must not be used for work that waits for other work of the process.
  public static func results<Result: Sendable>(
    count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    guard count > 1 else { return (0..<max(count, 0)).map(body) }
    let slots = Mutex<[Result?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = body(index)
      slots.withLock { $0[index] = result }
    }
    return slots.withLock { $0.compactMap(\.self) }
  }
}
