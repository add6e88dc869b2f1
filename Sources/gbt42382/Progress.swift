import Glibc

/// A bar on standard error for work of over a second; never in a pipe.
final class Progress {
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var isDrawn = false

  /// A bar for a number of steps.
  init(total: Int, isShown: Bool) {
    self.total = total
    self.isShown = isShown && total > 1
  }

  /// Draws how far the work has come, once it has taken a second.
  func advance(to done: Int) {
    guard isShown, ContinuousClock.now - start > .seconds(1) else { return }
    let width = 30
    let filled = width * done / max(total, 1)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    standardError.write("\r\(bar) \(done)/\(total)".utf8)
    isDrawn = true
  }

  /// Takes the bar away.
  func finish() {
    if isDrawn { standardError.write("\r\u{1B}[K".utf8) }
  }
}
