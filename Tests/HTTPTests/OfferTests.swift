import Glibc
import Testing

@testable import HTTP

@Suite("What a server offers") struct OfferTests {
  @Test("A tag depends on the content alone, wherever and under whatever name it lies")
  func tags() throws {
    let served = try ServedFolder { folder in
      for name in ["a", "b", "c"] { mkdir(folder + "/" + name, 0o755) }
      try SegmentsLike.write(to: folder + "/a")
      try SegmentsLike.write(to: folder + "/b")
      try ServedFolder.write(try PackageLike.bytes(500), folder + "/one.pmp")
      try ServedFolder.write(try PackageLike.bytes(500), folder + "/c/two")
      try ServedFolder.write(
        try PackageLike.bytes(500, root: [UInt8](repeating: 9, count: 32)), folder + "/other.pmp")
      return [folder + "/a", folder + "/b/", folder + "/one.pmp", folder + "/c/two", folder + "/other.pmp"]
    }
    func tag(_ path: String) throws -> String { try #require(try served.get(path).fields["etag"]) }
    #expect(try tag("/a/manifest.pmm") == "\"" + String(repeating: "cd", count: 32) + "\"")
    #expect(try tag("/a/manifest.pmm") == tag("/b/manifest.pmm"))
    #expect(try tag("/a/00000000.pms") == tag("/b/00000000.pms"))
    #expect(try tag("/a/00000000.pms") != tag("/a/manifest.pmm"))
    #expect(try tag("/one.pmp") == tag("/two.pmp"))
    #expect(try tag("/other.pmp") == "\"" + String(repeating: "09", count: 32) + "\"")
  }

  @Test(
    "A package that is put in the place of another one is served under its own tag; anything else not at all")
  func replaced() throws {
    let served = try ServedFolder.package(try PackageLike.bytes(500))
    #expect(try served.get("/p.pmp").fields["etag"] == PackageLike.tag)
    try ServedFolder.write(
      try PackageLike.bytes(700, root: [UInt8](repeating: 9, count: 32)), served.path + "/new")
    rename(served.path + "/new", served.path + "/p.pmp")
    let answer = try served.get("/p.pmp", "Range: bytes=0-9", "If-Range: \(PackageLike.tag)")
    #expect(answer.status == 200)
    #expect(answer.fields["content-length"] == "700")
    unlink(served.path + "/p.pmp")
    symlink("/etc/passwd", served.path + "/p.pmp")
    #expect(try served.get("/p.pmp").status == 404)
    unlink(served.path + "/p.pmp")
    try ServedFolder.write(Array("no package".utf8), served.path + "/p.pmp")
    #expect(try served.get("/p.pmp").status == 404)
  }

  @Test("What is neither is refused before anything is served, and two of a name are")
  func refused() throws {
    var template = Array("/tmp/http-tests-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    try ServedFolder.write(Array("text".utf8), folder + "/text.pmp")
    try ServedFolder.write(try PackageLike.bytes(500), folder + "/a")
    try ServedFolder.write(try PackageLike.bytes(500), folder + "/a.pmp")
    #expect(throws: Offer.Failure.neither(path: folder + "/text.pmp")) { try Offer([folder + "/text.pmp"]) }
    #expect(throws: Offer.Failure.neither(path: folder)) { try Offer([folder]) }
    #expect(throws: Offer.Failure.neither(path: "/dev/null")) { try Offer(["/dev/null"]) }
    #expect(throws: Offer.Failure.sameName(path: folder + "/a.pmp", "a.pmp")) {
      try Offer([folder + "/a", folder + "/a.pmp"])
    }
    #expect(throws: Offer.Failure.unreadable(path: folder + "/no", "No such file or directory")) {
      try Offer([folder + "/no"])
    }
    for name in ["text.pmp", "a", "a.pmp"] { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  @Test("Addresses as users write them")
  func addresses() {
    #expect(ListenAddress("127.0.0.1:80")?.host == "127.0.0.1")
    #expect(ListenAddress("[::1]:80")?.host == "::1")
    #expect(ListenAddress("[::1]:80")?.port == 80)
    #expect(ListenAddress("localhost:0")?.port == 0)
    for text in ["", ":80", "::1:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "a:b"] {
      #expect(ListenAddress(text) == nil, "\(text)")
    }
  }
}
