import Glibc
import Storage
import Synchronization

/// A tensor as runs, which are coded alone (profile clause 7.5, section 1).
struct RunSplit: Sendable {
  /// How many elements there are.
  let elements: Int
  /// How many elements a run has; the last one may have fewer.
  let run: Int

  /// How many runs there are.
  var count: Int { elements / run + (elements % run == 0 ? 0 : 1) }

  /// The elements of a run.
  func range(_ number: Int) -> Range<Int> {
    let start = number * run
    return start..<start + min(run, elements - start)
  }

  /// Works on each run, on some cores at once, each of which has memory of its own.
  ///
  /// - Returns: what the runs gave, in their order, up to the first one that failed; work on later ones may not have begun.
  func results<Memory, Result: Sendable>(
    cores: Int?, memory: @Sendable () -> Memory,
    _ body: @Sendable (Int, Memory) -> (result: Result, fails: Bool)
  ) -> [Result] {
    let next = Atomic(0), end = Atomic(count)
    let available = cores ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let parts = ConcurrentMap.results(count: min(max(available, 1), count)) { _ in
      let own = memory()
      var results: [(run: Int, result: Result)] = []
      while true {
        let run = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard run < end.load(ordering: .relaxed) else { return results }
        let (result, fails) = body(run, own)
        // Runs before this one go on, so that the first failure is found whatever the number of cores.
        if fails { end.min(run + 1, ordering: .relaxed) }
        results.append((run, result))
      }
    }
    let last = end.load(ordering: .relaxed)
    return parts.joined().filter { $0.run < last }.sorted { $0.run < $1.run }.map(\.result)
  }
}
