import Synchronization

/// How many bytes of long work are done, on standard error, for work of over a second; never in a pipe.
final class ByteProgress: Sendable {
  private struct Shown {
    var done: UInt64 = 0
    var last: ContinuousClock.Instant
    var isDrawn = false
  }

  private let total: UInt64?
  private let isShown: Bool
  private let start: ContinuousClock.Instant
  private let shown: Mutex<Shown>

  /// A display for that many bytes, where their number is known.
  init(total: UInt64? = nil, isShown: Bool) {
    let now = ContinuousClock.now
    self.total = total
    self.isShown = isShown && standardError.isInteractive
    start = now
    shown = Mutex(Shown(last: now))
  }

  /// So many more bytes are done; from any thread.
  func add(_ count: some BinaryInteger) {
    show { $0 += UInt64(clamping: count) }
  }

  /// So many bytes are done in all.
  func advance(to total: UInt64) {
    show { $0 = max($0, total) }
  }

  private func show(_ count: (inout UInt64) -> Void) {
    guard isShown else { return }
    let now = ContinuousClock.now
    shown.withLock { shown in
      count(&shown.done)
      guard now - start > .seconds(1), now - shown.last > .milliseconds(200) else { return }
      shown.last = now
      shown.isDrawn = true
      let share = total.map { " / \(Self.text($0)) (\(min(100, shown.done * 100 / max($0, 1))) %)" } ?? ""
      standardError.write("\r\u{1B}[K\(Self.text(shown.done))\(share)".utf8)
    }
  }

  /// Takes the display away.
  func finish() {
    if shown.withLock({ $0.isDrawn }) { standardError.write("\r\u{1B}[K".utf8) }
  }

  private static func text(_ bytes: UInt64) -> String {
    let tenths = bytes / 104_858
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
