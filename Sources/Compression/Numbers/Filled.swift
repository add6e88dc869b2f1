import Storage

/// New bytes that a loop writes, without zeroing them first; nothing of them is seen where it throws.
func filledBytes(
  _ count: Int, _ body: (UnsafeMutableRawPointer) throws(Fault) -> Void
) throws(Fault) -> [UInt8] {
  var fault: Fault?
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    guard count > 0, let base = buffer.baseAddress else { return }
    do throws(Fault) {
      try body(UnsafeMutableRawPointer(base))
      filled = count
    } catch {
      fault = error
    }
  }
  if let fault { throw fault }
  return bytes
}

/// New elements of a trivial type that a loop writes, every one of them.
func filled<Value: BitwiseCopyable>(
  _ count: Int, as type: Value.Type = Value.self, _ body: (UnsafeMutablePointer<Value>) -> Void
) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, filled in
    guard count > 0, let base = buffer.baseAddress else { return }
    body(base)
    filled = count
  }
}
