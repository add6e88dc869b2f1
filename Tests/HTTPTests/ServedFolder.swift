import Dispatch
import Glibc
import Packaging
import Storage
import Testing

@testable import HTTP

/// A server over files of a test's own; it ends, and they go, with the last reference.
final class ServedFolder: Sendable {
  let path: String
  let server: RangeServer
  private let ended = DispatchSemaphore(value: 0)

  /// Serves what `make` lays into the folder and names.
  init(limits: RangeServer.Limits = RangeServer.Limits(), _ make: (String) throws -> [String]) throws {
    var template = Array("/tmp/http-tests-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
    let offer = try Offer(try make(path))
    server = try RangeServer(offer, at: try #require(ListenAddress("127.0.0.1:0")), limits: limits)
    let (server, ended) = (server, ended)
    Thread.start {
      server.run()
      ended.signal()
    }
  }

  /// A server with one package, `/p.pmp`.
  static func package(
    _ bytes: [UInt8], limits: RangeServer.Limits = RangeServer.Limits()
  ) throws -> ServedFolder {
    try ServedFolder(limits: limits) { folder in
      try write(bytes, folder + "/p.pmp")
      return [folder + "/p.pmp"]
    }
  }

  deinit {
    server.stop()
    ended.wait()
    ServedFolder.remove(path)
  }

  /// What a path has as its answer.
  func get(_ path: String, _ fields: String..., method: String = "GET") throws -> RawAnswer {
    let lines = ["\(method) \(path) HTTP/1.1", "Host: x"] + fields
    return try ask(lines.joined(separator: "\r\n") + "\r\n\r\n", bodiless: method == "HEAD")
  }

  /// The first answer to bytes on a connection of their own.
  func ask(_ text: String, bodiless: Bool = false) throws -> RawAnswer {
    let client = try RawClient(server.port)
    client.send(Array(text.utf8))
    return try client.answer(bodiless: bodiless)
  }

  static func write(_ bytes: [UInt8], _ path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// A file that begins and ends as a package does (profile clause 8.2, sections 1 and 7); what is between is of no matter to a server.
enum PackageLike {
  /// Bytes with each position told apart from its neighbours, and the package root 00 01 02 … 1f.
  static func bytes(_ count: Int, root: [UInt8] = Array(0..<32)) throws -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4D, 0x50, 0x0D, 0x0A, 0x1A, 0x0A, 1, 0, 1, 0, 0, 0, 0, 0]
    while bytes.count < count - 96 { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 31 >> 3)) }
    let payload = [UInt8](repeating: 0, count: 24) + root
    return bytes + payload + [56, 0, 0, 0, 0, 0, 0, 0] + (try Digest.of([0] + payload, .sha256)).bytes
  }

  static let tag = "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\""
}

/// A thread beside those of the tests, which must not wait.
enum Thread {
  static func start(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    if code == 0 { pthread_detach(thread) } else { box.release() }
  }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
