import Dispatch
import Storage
import Synchronization

/// Several threads that take one task after the other: for work that waits, for a disk or for a server.
enum Workers {
  /// Does `body` for each index below `count`, up to `jobs` at once; after a fault no further task is begun.
  ///
  /// - Throws: the fault of the lowest index that has one.
  static func forEach(
    _ count: UInt64, jobs: Int, _ body: @escaping @Sendable (UInt64) throws(Fault) -> Void
  ) throws(Fault) {
    struct Progress {
      var next: UInt64 = 0
      var failure: (index: UInt64, fault: Fault)?
    }
    let progress = Mutex(Progress())
    let work: @Sendable () -> Void = {
      while true {
        let index: UInt64? = progress.withLock {
          guard $0.failure == nil, $0.next < count else { return nil }
          $0.next += 1
          return $0.next - 1
        }
        guard let index else { return }
        do throws(Fault) {
          try body(index)
        } catch {
          progress.withLock {
            if $0.failure.map({ index < $0.index }) ?? true { $0.failure = (index, error) }
          }
        }
      }
    }
    run(min(max(jobs, 1), Int(clamping: count)), work)
    if let failure = progress.withLock({ $0.failure }) { throw failure.fault }
  }

  /// Runs `work` on as many threads at once, and returns when all are done.
  static func run(_ threads: Int, _ work: @escaping @Sendable () -> Void) {
    guard threads > 1 else { return work() }
    let group = DispatchGroup()
    for number in 1..<threads {
      // A queue of its own has a thread of its own, even where the others wait.
      DispatchQueue(label: "gbt42382.transmission.\(number)").async(group: group, execute: work)
    }
    work()
    group.wait()
  }
}
