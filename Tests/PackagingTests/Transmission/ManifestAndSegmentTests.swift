import Storage
import Testing

@testable import Packaging

/// Manifests and segments against those that `conformance/oracle/package_segments.py` makes of the same bytes.
@Suite("Manifest and segments")
struct ManifestAndSegmentTests {
  @Test(
    "Byte by byte what the oracle writes",
    arguments: [
      (1000, 16, "10a42cd642d6c788", ["1cc3608366b2a8c7"]),
      (
        5_255_225, 1, "5d5e68bdc5241f57",
        [
          "d930bbb24304c63b", "bf2f0e26005eab36", "21300139f4aa9009", "7a3efe5cbe8afdda", "46ac10de228dc43b",
          "cac4f3be02db9483",
        ]
      ),
      (5_255_225, 2, "018b9bbeb6877708", ["b92f209b9a21c12f", "cef6c5c656808494", "ce4c8af80f1c7c82"]),
      (4_194_304, 4, "f217f0f8ed9e98f7", ["ed16c165bf198d34"]),
    ] as [(Int, UInt32, String, [String])])
  func oracle(length: Int, chunks: UInt32, manifest: String, segments: [String]) throws {
    let sent = try Sent(length == 5_255_225 ? SentPackage.usual : SentPackage.bytes(length), chunks: chunks)
    #expect(try short(sent.offer) == manifest)
    #expect(try sent.segments.map(short) == segments)
    #expect(try Manifest(sent.offer) == sent.manifest)
  }

  @Test("However a package is cut, the root is the same")
  func rootOfAnyCut() throws {
    let roots = try [1, 2, 4, 8, 1024].map { try Sent(SentPackage.usual, chunks: $0).manifest.transferRoot }
    #expect(Set(roots).count == 1)
  }

  @Test("Each byte of a manifest is held to something")
  func everyByteOfAManifest() throws {
    let sent = try Sent(SentPackage.bytes(1000), chunks: 16)
    var codes: [Int: String] = [:]
    for at in sent.offer.indices {
      var bytes = sent.offer
      bytes[at] ^= 1 << UInt8(at % 8)
      codes[at] = code { _ = try Manifest(bytes) }
    }
    #expect(codes.count == sent.offer.count)
    #expect(codes[0] == "manifest-format-first")
    #expect(codes[8] == "manifest-major-version-supported")
    #expect(codes[10] == "manifest-digest")
    #expect(codes[13] == "manifest-segment-size")
    #expect(codes[23] == "manifest-package-length")
    #expect(codes[24] == "manifest-digest")
    for count in 0..<sent.offer.count {
      let cut = code { _ = try Manifest(Array(sent.offer.prefix(count))) }
      #expect(cut == (count < 8 ? "manifest-format-first" : "manifest-complete"))
    }
    #expect(code { _ = try Manifest(sent.offer + [0]) } == "manifest-segment-count")
  }

  @Test(
    "Forged fields whose digest was put right",
    arguments: [
      (8, [2, 0], "manifest-major-version-supported"), (12, [3, 0, 0, 0], "manifest-segment-size"),
      (12, [0, 0, 0, 0], "manifest-segment-size"), (12, [0, 8, 0, 0], "manifest-segment-size"),
      (16, [0, 0, 0, 0, 0, 0, 0, 0], "manifest-package-length"),
      (16, [0, 0, 0, 0, 0, 0, 0, 0x80], "manifest-package-length"),
      (16, [0, 0, 0, 0, 0, 0, 0, 0x40], "manifest-complete"),
      (16, [1, 0, 0, 0, 0, 0, 0, 0], "manifest-segment-count"), (56, [0], "manifest-transfer-root"),
      (88, [0], "manifest-transfer-root"), (10, [1, 0], nil),
    ] as [(Int, [UInt8], String?)])
  func forged(at: Int, field: [UInt8], expected: String?) throws {
    var bytes = Array(try Sent(SentPackage.usual, chunks: 2).offer.dropLast(32))
    bytes.replaceSubrange(at..<at + field.count, with: field)
    bytes += try HashTree.manifest(bytes).bytes
    #expect(code { _ = try Manifest(bytes) } == expected)
  }

  @Test("Each byte of the head of a segment is held to something, and cut ones are")
  func everyByteOfAHead() throws {
    let sent = try Sent(SentPackage.usual, chunks: 2)
    let segment = sent.segments[1]
    let size = UInt64(segment.count)
    let count = SegmentHead.byteCount(1, among: 3)
    #expect(count == 104 + 64)
    var codes: [Int: Fault] = [:]
    for at in 0..<count {
      var bytes = Array(segment.prefix(count))
      bytes[at] ^= 1 << UInt8(at % 8)
      do {
        _ = try SegmentHead(bytes, size: size, file: "s", of: sent.manifest)
        Issue.record("byte \(at)")
      } catch {
        codes[at] = error
      }
    }
    let expected: [Int: (String, UInt64)] = [
      7: ("segment-format-first", 0), 8: ("segment-version-of-manifest", 8),
      11: ("segment-version-of-manifest", 8),
      12: ("segment-proof", 12), 16: ("segment-identity", 16), 47: ("segment-identity", 16),
      48: ("segment-offset", 56), 55: ("segment-sequence-in-range", 48), 56: ("segment-offset", 56),
      71: ("segment-length", 64), 72: ("segment-proof", 72), 104: ("segment-proof", 104),
      167: ("segment-proof", 104),
    ]
    for (at, (code, offset)) in expected {
      #expect(codes[at]?.code == code, "\(at)")
      #expect(codes[at]?.occurrence.place.offset == offset, "\(at)")
    }
    for (length, name) in [(7, "segment-format-first"), (103, "segment-complete"), (150, "segment-complete")]
    {
      let cut = Array(segment.prefix(length))
      #expect(
        code { _ = try SegmentHead(cut, size: UInt64(length), file: "s", of: sent.manifest) } == name)
    }
    #expect(
      code { _ = try SegmentHead(segment, size: size + 1, file: "s", of: sent.manifest) }
        == "segment-nothing-after")
    #expect(
      code { _ = try SegmentHead(segment, size: size - 1, file: "s", of: sent.manifest) }
        == "segment-complete")
  }

  @Test("Proofs lead to the root for any number of segments, and no others do")
  func proofs() throws {
    for count in 1..<40 {
      var digests = HashList()
      for number in 0..<count { digests.append(try Digest.of([UInt8(number)], .sha256)) }
      let tree = try SegmentTree(digests)
      let root = try HashTree.root(of: (0..<count).map { digests[$0] })
      #expect(tree.root == root)
      for number in 0..<count {
        let proof = tree.proof(of: number)
        let (sequence, segments) = (UInt64(number), UInt64(count))
        #expect(SegmentProof.count(of: sequence, among: segments) == proof.count)
        #expect(try SegmentProof.root(of: digests[number], sequence, among: segments, by: proof) == root)
        var longer = proof
        longer.append(root)
        #expect(try SegmentProof.root(of: digests[number], sequence, among: segments, by: longer) == nil)
        if proof.count > 0 {
          let shorter = HashList(bytes: proof.bytes.dropLast(32))
          #expect(try SegmentProof.root(of: digests[number], sequence, among: segments, by: shorter) == nil)
          var other = proof.bytes
          other[0] ^= 1
          #expect(
            try SegmentProof.root(of: digests[number], sequence, among: segments, by: HashList(bytes: other))
              != root)
        }
      }
    }
  }

  @Test(
    "Names are made from numbers and read back",
    arguments: [(0, "00000000.pms"), (12_345_678, "12345678.pms"), (123_456_789, "123456789.pms")]
      as [(UInt64, String)])
  func names(sequence: UInt64, file: String) {
    #expect(SegmentName.file(sequence) == file)
    #expect(SegmentName.sequence(of: file) == sequence)
  }

  @Test(
    "Other names are none of a segment",
    arguments: [
      "0.pms", "+0000000.pms", "000000000.pms", "00000000.pmm", "00000000", "-0000001.pms", "", ".pms",
    ])
  func otherNames(file: String) { #expect(SegmentName.sequence(of: file) == nil) }
}
