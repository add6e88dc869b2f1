public import Storage

/// A source that is at hand as if a server offered it, so that a selection from a folder of segments goes the same way as any other.
public struct LocalTransport: RangeTransport {
  private let source: any ByteSource

  /// A transport that answers every URL with the source.
  public init(_ source: any ByteSource) {
    self.source = source
  }

  public func get(_ request: RangeRequest, into sink: any BodySink) throws(TransportError) {
    let range: Range<UInt64>?
    switch request.part {
    case .whole: range = nil
    case .last(let count): range = source.size - min(count, source.size)..<source.size
    case .bytes(let bytes):
      guard bytes.upperBound <= source.size else { throw .refused("416") }
      range = bytes
    }
    let entity = RemoteEntity(length: source.size, tag: nil)
    guard let limit = sink.begin(RemoteAnswer(entity, range: range)) else { throw .stopped }
    let wanted = range ?? 0..<source.size
    guard UInt64(wanted.count) <= limit else { throw .refused("\(wanted.count) B > \(limit) B") }
    var isStopped = false
    do throws(Fault) {
      try source.forEachChunk(in: wanted, of: HashTree.chunkBytes) { chunk throws(Fault) in
        if !isStopped { isStopped = !sink.take(chunk) }
      }
    } catch {
      throw .gone(error.occurrence.actual ?? error.code)
    }
    if isStopped { throw .stopped }
  }
}
