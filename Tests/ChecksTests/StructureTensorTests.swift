import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

/// The bytes of tensors, and the files in which they lie.
@Suite struct StructureTensorTests {
  @Test(arguments: content + ranges + overlaps + files + parts + digests + safetensors)
  func judges(_ example: StructureCase) throws { try example.check() }

  private static func variables(_ tensors: Tensor...) -> [Variable] {
    tensors.enumerated().map { Variable(String(UnicodeScalar(UInt8(97 + $0))), tensor: $1) }
  }

  private static func encoded(_ type: ElementType, _ shape: [Int64], count: UInt64, _ ranges: ByteRange...)
    -> Tensor
  {
    Tensor(
      TensorType(type, shape: shape),
      .encoded(EncodedContent(.variableLengthIntegers, ranges: ranges, count: count)))
  }

  static let content: [StructureCase] = [
    .good("tensor-content-present", "present; tied; no elements") {
      $0.model.parameters = variables(
        .inline(.f32, [1], bytes: 4), Tensor(TensorType(.f32, shape: [0]), .absent))
      $0.model.parameters.append(
        Variable("t", tiedTo: "a", tensor: Tensor(TensorType(.f32, shape: [1]), .absent)))
    },
    .bad("tensor-content-present", "absent", at: #"parameters["a"]"#, expected: "4×8×4 B", actual: "0 B") {
      $0.model.parameters = variables(Tensor(TensorType(.f32, shape: [4, 8]), .absent))
    },
    .good("tensor-length-matches", "whole bytes, a scalar, and rounded up") {
      $0.addFile("w.bin", 300)
      $0.model.parameters = variables(
        .stored(.f32, [4, 8], 0, 128), .stored(.complex128, [], 128, 16), .stored(.i4, [3], 200, 2),
        .stored(.f6e2m3, [4], 202, 3), .stored(.f6e2m3, [5], 205, 4), .inline(.u2, [5], bytes: 2),
        .stored(.f32, [0], 9999, 0))
    },
    .bad(
      "tensor-length-matches", "a byte less", at: #"parameters["a"]"#, expected: "4×8×4 B = 128 B",
      actual: "127 B"
    ) {
      $0.addFile("w.bin", 128)
      $0.model.parameters = variables(.stored(.f32, [4, 8], 0, 127))
    },
    .bad(
      "tensor-length-matches", "a byte more, in the structure", at: #"parameters["a"]"#,
      expected: "3×4 bit = 2 B", actual: "3 B"
    ) { $0.model.parameters = variables(.inline(.i4, [3], bytes: 3)) },
    .bad(
      "tensor-length-matches", "in the default of a block", at: #"blocks["f"].defaultAttributes["t"]"#,
      expected: "1×4 B = 4 B", actual: "5 B"
    ) {
      $0.model.blocks = [
        Block(
          "f", defaultAttributes: [Attribute("t", .tensor(.inline(.f32, [], bytes: 5)))],
          body: .between(relu()))
      ]
    },
    .good("tensor-element-count-matches", "strings, and numbers one by one") {
      $0.addFile("m.onnx", 8)
      $0.model.parameters = variables(
        Tensor(TensorType(.string, shape: [2]), .strings([[], [1]])),
        encoded(.i64, [2, 2], count: 4, ByteRange(file: 0, offset: 0, length: 8)))
    },
    .bad(
      "tensor-element-count-matches", "a string too few", at: #"parameters["a"]"#, expected: "2 = 2",
      actual: "1"
    ) { $0.model.parameters = variables(Tensor(TensorType(.string, shape: [2]), .strings([[]]))) },
    .bad(
      "tensor-element-count-matches", "a number too many", at: #"parameters["a"]"#, expected: "2×2 = 4",
      actual: "5"
    ) {
      $0.addFile("m.onnx", 8)
      $0.model.parameters = variables(
        encoded(.i64, [2, 2], count: 5, ByteRange(file: 0, offset: 0, length: 8)))
    },
    .good("tensor-content-fits-type", "strings as strings, numbers as bytes, no strings as no bytes") {
      $0.model.parameters = variables(
        Tensor(TensorType(.string, shape: [1]), .strings([[65]])), .inline(.f32, [1], bytes: 4),
        Tensor(TensorType(.string, shape: [0]), .inline([])))
    },
    .bad(
      "tensor-content-fits-type", "strings as bytes", at: #"parameters["a"]"#, expected: "string",
      actual: "2 B"
    ) { $0.model.parameters = variables(.inline(.string, [2], bytes: 2)) },
    .bad(
      "tensor-content-fits-type", "numbers as strings", at: #"parameters["a"]"#, expected: "i64",
      actual: "1 ×"
    ) { $0.model.parameters = variables(Tensor(TensorType(.i64, shape: [1]), .strings([[49]]))) },
  ]

  static let ranges: [StructureCase] = [
    .good("tensor-file-listed", "the last file") {
      $0.addFile("a.bin", 4)
      $0.addFile("b.bin", 4)
      $0.model.parameters = variables(.stored(.f32, [1], file: 1, 0, 4))
    },
    .bad("tensor-file-listed", "the one after", at: #"parameters["a"]"#, expected: "< 1", actual: "files[1]")
    {
      $0.addFile("a.bin", 4)
      $0.model.parameters = variables(.stored(.f32, [1], file: 1, 0, 4))
    },
    .bad("tensor-file-listed", "-1", at: #"parameters["a"]"#, expected: "< 1", actual: "files[-1]") {
      $0.addFile("a.bin", 4)
      $0.model.parameters = variables(.stored(.f32, [1], file: -1, 0, 4))
    },
    .good("tensor-range-in-file", "to the last byte; no bytes anywhere") {
      $0.addFile("w.bin", 64)
      $0.model.parameters = variables(.stored(.f32, [8], 32, 32), .stored(.f32, [0], UInt64.max, 0))
    },
    .bad(
      "tensor-range-in-file", "a byte beyond", at: #"parameters["a"]"#, expected: "0…64",
      actual: "33 + 32 = 65"
    ) {
      $0.addFile("w.bin", 64)
      $0.model.parameters = variables(.stored(.f32, [8], 33, 32))
    },
    .bad(
      "tensor-range-in-file", "the end does not fit into 64 bits", at: #"parameters["a"]"#, expected: "0…64",
      actual: "18446744073709551615 + 32 = ≥ 2^64"
    ) {
      $0.addFile("w.bin", 64)
      $0.model.parameters = variables(.stored(.f32, [8], UInt64.max, 32))
    },
    .bad(
      "tensor-range-in-file", "in the header", at: #"parameters["a"]"#, expected: "16…64",
      actual: "15 + 4 = 19"
    ) {
      $0.addFile("w.bin", 64, payload: 16..<64)
      $0.model.parameters = variables(.stored(.f32, [1], 15, 4))
    },
    .bad(
      "tensor-range-in-file", "the second part of a split one", at: #"parameters["a"]"#, expected: "0…8",
      actual: "6 + 4 = 10"
    ) {
      $0.addFile("m.onnx", 8)
      $0.model.parameters = variables(
        encoded(
          .i64, [2], count: 2, ByteRange(file: 0, offset: 0, length: 4),
          ByteRange(file: 0, offset: 6, length: 4)))
    },
    .good("tensor-data-aligned", "to the element size; the parts of a complex number; less than a byte") {
      $0.addFile("w.bin", 64)
      $0.model.parameters = variables(
        .stored(.f64, [1], 8, 8), .stored(.complex64, [1], 20, 8), .stored(.f16, [1], 30, 2),
        .stored(.i4, [1], 33, 1), .stored(.complex128, [1], 40, 16))
    },
    .bad(
      "tensor-data-aligned", "two bytes off", at: #"parameters["a"]"#, expected: "k×4 B",
      actual: "6 = 1×4 + 2", verdict: .warn
    ) {
      $0.addFile("w.bin", 64)
      $0.model.parameters = variables(.stored(.f32, [1], 6, 4))
    },
    .good("tensor-data-aligned", "nothing is asked where tensors lie between other things") {
      $0.addFile("m.onnx", 64)
      $0.interleaved = [0]
      $0.model.parameters = variables(.stored(.f32, [1], 6, 4))
    },
  ]

  static let overlaps: [StructureCase] = [
    .good("tensor-ranges-apart", "side by side, in any order; exactly the same; in two files") {
      $0.addFile("a.bin", 64)
      $0.addFile("b.bin", 64)
      $0.model.parameters = variables(
        .stored(.u8, [16], 16, 16), .stored(.u8, [16], 0, 16), .stored(.u8, [16], 16, 16),
        .stored(.u8, [16], file: 1, 8, 16))
    },
    .bad(
      "tensor-ranges-apart", "by a byte", at: #"parameters["b"]"#, expected: #"≥ 16 (parameters["a"])"#,
      actual: "15…31"
    ) {
      $0.addFile("a.bin", 64)
      $0.model.parameters = variables(.stored(.u8, [16], 0, 16), .stored(.u8, [16], 15, 16))
    },
    .bad(
      "tensor-ranges-apart", "one inside another, which a third one also overlaps", at: #"parameters["b"]"#,
      expected: #"≥ 32 (parameters["a"])"#, actual: "4…8", count: 2
    ) {
      $0.addFile("a.bin", 64)
      $0.model.parameters = variables(
        .stored(.u8, [32], 0, 32), .stored(.u8, [4], 4, 4), .stored(.u8, [4], 30, 4))
    },
    .bad(
      "tensor-ranges-apart", "from the same byte", at: #"parameters["a"]"#,
      expected: #"≥ 4 (parameters["b"])"#, actual: "0…8"
    ) {
      $0.addFile("a.bin", 64)
      $0.model.parameters = variables(.stored(.u8, [8], 0, 8), .stored(.u8, [4], 0, 4))
    },
    .good("tensor-ranges-apart", "a wrong length is said elsewhere") {
      $0.addFile("a.bin", 64)
      $0.model.parameters = variables(.stored(.u8, [16], 0, 20), .stored(.u8, [16], 16, 16))
    },
    .good("tensor-ranges-shared-tied", "tied; different bytes") {
      $0.addFile("a.bin", 64)
      $0.model.parameters = variables(.stored(.u8, [16], 0, 16), .stored(.u8, [16], 16, 16))
      $0.model.parameters.append(Variable("t", tiedTo: "a", tensor: .stored(.u8, [16], 0, 16)))
    },
    .bad(
      "tensor-ranges-shared-tied", "three of them, not tied: a remark", at: #"parameters["b"]"#,
      expected: #"parameters["a"]"#, count: 2, verdict: .pass
    ) {
      $0.addFile("a.bin", 64)
      let tensor = Tensor.stored(.u8, [16], 0, 16)
      $0.model.parameters = variables(tensor, tensor, tensor)
    },
  ]

  static let safetensors: [StructureCase] = [
    .good("safetensors-tensors-own-bytes", "one behind the other") {
      $0.carries = [.safetensors]
      $0.addFile("a.safetensors", 48, payload: 16..<48)
      $0.model.parameters = variables(.stored(.u8, [16], 16, 16), .stored(.u8, [16], 32, 16))
    },
    .bad(
      "safetensors-tensors-own-bytes", "the same bytes", at: #"parameters["b"]"#,
      expected: #"parameters["a"]"#
    ) {
      $0.carries = [.safetensors]
      $0.addFile("a.safetensors", 32, payload: 16..<32)
      $0.model.parameters = variables(.stored(.u8, [16], 16, 16), .stored(.u8, [16], 16, 16))
    },
  ]

  static let files: [StructureCase] = [
    .good("file-payload-covered", "to the last byte, in any order, shared bytes once") {
      $0.addFile("a.bin", 64, payload: 16..<64)
      $0.addFile("b.bin", 64)
      $0.model.parameters = variables(
        .stored(.u8, [16], 32, 16), .stored(.u8, [16], 16, 16), .stored(.u8, [16], 48, 16),
        .stored(.u8, [16], 48, 16))
    },
    .good("file-payload-covered", "an empty payload") { $0.addFile("a.bin", 16, payload: 16..<16) },
    .bad(
      "file-payload-covered", "a byte at the start", at: "files[0]", expected: "0 B", actual: "1 B"
    ) {
      $0.addFile("a.bin", 64, payload: 16..<64)
      $0.model.parameters = variables(.stored(.u8, [47], 17, 47))
    },
    .bad(
      "file-payload-covered", "in the middle and at the end of the second file", at: "files[1]",
      expected: "0 B", actual: "8 B", count: 2
    ) {
      $0.addFile("a.bin", 8, payload: 0..<8)
      $0.addFile("b.bin", 64, payload: 0..<64)
      $0.model.parameters = variables(
        .stored(.u8, [8], file: 0, 0, 8), .stored(.u8, [32], file: 1, 0, 32),
        .stored(.u8, [8], file: 1, 40, 8))
    },
    .good("file-payload-covered", "a wrong range is said elsewhere") {
      $0.addFile("a.bin", 64, payload: 0..<64)
      $0.model.parameters = variables(.stored(.u8, [32], 40, 32))
    },
    .good("file-paths-unique", "different bytes") {
      $0.addFile("a.bin", 0)
      $0.addFile("A.bin", 0)
    },
    .bad("file-paths-unique", "twice", at: "files[1].path", expected: "≠ files[0]", actual: "a.bin") {
      $0.addFile("a.bin", 0)
      $0.addFile("a.bin", 0)
    },
    .good("file-size-matches", "the same; a file that is not there is said elsewhere") {
      $0.addFile("a.bin", 64)
      $0.model.files.append(ParameterFile(path: "gone.bin", size: 64))
    },
    .bad("file-size-matches", "a byte less", at: "files[0].size", expected: "64 B", actual: "63 B") {
      $0.addFile("a.bin", 64)
      $0.files["a.bin"] = Array(repeating: 0, count: 63)
    },
    .bad("file-size-matches", "a byte more", at: "files[0].size", expected: "64 B", actual: "65 B") {
      $0.addFile("a.bin", 64)
      $0.files["a.bin"] = Array(repeating: 0, count: 65)
    },
    .good("file-used", "by a tensor, if only one without elements; by what holds the structure") {
      $0.addFile("a.bin", 4)
      $0.addFile("b.bin", 4)
      $0.addFile("m.onnx", 4)
      $0.interleaved = [2]
      $0.model.parameters = variables(.stored(.f32, [1], 0, 4), .stored(.f32, [0], file: 1, 0, 0))
    },
    .bad("file-used", "by none", at: "files[1]", verdict: .warn) {
      $0.addFile("a.bin", 4)
      $0.addFile("b.bin", 4)
      $0.model.parameters = variables(.stored(.f32, [1], 0, 4))
    },
  ]

  private static func sparse(_ values: Tensor, _ indices: Tensor) -> [Variable] {
    variables(Tensor(TensorType(.f32, shape: [4, 8]), .sparse(values: values, indices: indices)))
  }

  static let parts: [StructureCase] = [
    // Three elements of 4 bits: the high half of the second byte is padding; of 2 bits: the two high bits.
    .good("padding-bits-zero", "zero; none") {
      $0.addFile("a.bin", 4)
      $0.files["a.bin"] = [0xFF, 0x0F, 0xFF, 0xFF]
      $0.model.parameters = variables(
        .stored(.i4, [3], 0, 2), .stored(.i4, [4], 2, 2),
        Tensor(TensorType(.u2, shape: [3]), .inline([0x3F])),
        Tensor(TensorType(.f6e3m2, shape: [4]), .inline([0xFF, 0xFF, 0xFF])),
        Tensor(TensorType(.f6e3m2, shape: [1]), .inline([0x3F])))
    },
    .bad(
      "padding-bits-zero", "the highest bit, in a file", at: #"parameters["a"]"#, expected: "4 bit = 0",
      actual: "0b1000", verdict: .warn
    ) {
      $0.addFile("a.bin", 2)
      $0.files["a.bin"] = [0x21, 0x83]
      $0.model.parameters = variables(.stored(.i4, [3], 0, 2))
    },
    .bad(
      "padding-bits-zero", "the lowest bit of the padding of 6-bit elements", at: #"parameters["a"]"#,
      expected: "2 bit = 0", actual: "0b1", verdict: .warn
    ) { $0.model.parameters = variables(Tensor(TensorType(.f6e3m2, shape: [1]), .inline([0x7F]))) },
    .good("padding-bits-zero", "a file that is shorter than it should be is said elsewhere") {
      $0.addFile("a.bin", 2)
      $0.files["a.bin"] = [0x21]
      $0.model.parameters = variables(.stored(.i4, [3], 0, 2))
    },
    .good("sparse-values-match", "as many as there are elements") {
      $0.model.parameters = sparse(.inline(.f32, [32], bytes: 128), .inline(.i64, [32], bytes: 256))
    },
    .bad(
      "sparse-values-match", "more than there are elements", at: #"parameters["a"]"#,
      expected: "f32 [n], n ≤ 4×8", actual: "f32 [33]"
    ) { $0.model.parameters = sparse(.inline(.f32, [33], bytes: 132), .inline(.i64, [33], bytes: 264)) },
    .bad(
      "sparse-values-match", "another type", at: #"parameters["a"]"#, expected: "f32 [n], n ≤ 4×8",
      actual: "f16 [3]"
    ) { $0.model.parameters = sparse(.inline(.f16, [3], bytes: 6), .inline(.i64, [3], bytes: 24)) },
    .bad(
      "sparse-values-match", "no list", at: #"parameters["a"]"#, expected: "f32 [n], n ≤ 4×8",
      actual: "f32 []"
    ) { $0.model.parameters = sparse(.inline(.f32, [], bytes: 4), .inline(.i64, [1], bytes: 8)) },
    .good("sparse-indices-match", "one number for each value, or one for each axis") {
      $0.model.parameters =
        sparse(.inline(.f32, [3], bytes: 12), .inline(.i64, [3], bytes: 24))
        + sparse(.inline(.f32, [3], bytes: 12), .inline(.i64, [3, 2], bytes: 48))
    },
    .bad(
      "sparse-indices-match", "one too few", at: #"parameters["a"]"#,
      expected: "i64 [3] / i64 [3×2]", actual: "i64 [2×2]"
    ) { $0.model.parameters = sparse(.inline(.f32, [3], bytes: 12), .inline(.i64, [2, 2], bytes: 32)) },
    .bad(
      "sparse-indices-match", "another type", at: #"parameters["a"]"#, expected: "i64 [3] / i64 [3×2]",
      actual: "i32 [3]"
    ) { $0.model.parameters = sparse(.inline(.f32, [3], bytes: 12), .inline(.i32, [3], bytes: 12)) },
    .bad(
      "tensor-length-matches", "in the values of a sparse one", at: #"parameters["a"].values"#,
      expected: "3×4 B = 12 B", actual: "11 B"
    ) { $0.model.parameters = sparse(.inline(.f32, [3], bytes: 11), .inline(.i64, [3], bytes: 24)) },
  ]

  private static func digest(_ algorithm: String, _ value: String) -> DeclaredDigest {
    DeclaredDigest(algorithm: algorithm, value: value)
  }

  static let digests: [StructureCase] = [
    .good("digest-algorithm-known", "each") {
      $0.model.files = ["sha256", "sha512", "sm3"].map {
        ParameterFile(path: $0, size: 0, digest: digest($0, ""))
      }
    },
    .bad(
      "digest-algorithm-known", "of a file", at: "files[0].digest", expected: "sha256, sha512, sm3",
      actual: "md5"
    ) { $0.model.files = [ParameterFile(path: "a", size: 0, digest: digest("md5", ""))] },
    .bad(
      "digest-algorithm-known", "of a tensor, in capitals", at: #"parameters["a"]"#,
      expected: "sha256, sha512, sm3", actual: "SHA256"
    ) {
      var tensor = Tensor.inline(.f32, [1], bytes: 4)
      tensor.digest = digest("SHA256", "")
      $0.model.parameters = variables(tensor)
    },
    .good("digest-well-formed", "the right length, small letters and capitals") {
      $0.model.files = [
        ParameterFile(path: "a", size: 0, digest: digest("sha256", String(repeating: "aF", count: 32))),
        ParameterFile(path: "b", size: 0, digest: digest("sha512", String(repeating: "09", count: 64))),
        ParameterFile(path: "c", size: 0, digest: digest("sm3", String(repeating: "a", count: 64))),
        ParameterFile(path: "d", size: 0, digest: digest("md5", "?")),
      ]
    },
    .bad(
      "digest-well-formed", "a digit less", at: "files[0].digest", expected: "sha256, 64 × 0-9a-f",
      actual: String(repeating: "a", count: 63)
    ) {
      $0.model.files = [
        ParameterFile(path: "a", size: 0, digest: digest("sha256", String(repeating: "a", count: 63)))
      ]
    },
    .bad(
      "digest-well-formed", "a letter that is no digit", at: "files[0].digest",
      expected: "sm3, 64 × 0-9a-f", actual: String(repeating: "g", count: 64)
    ) {
      $0.model.files = [
        ParameterFile(path: "a", size: 0, digest: digest("sm3", String(repeating: "g", count: 64)))
      ]
    },
  ]
}
