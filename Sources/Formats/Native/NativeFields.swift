/// What the schema says of a message's fields, as sets of field numbers below 64.
///
/// `representation.proto` is the source; a test compares these sets with the schema.
struct NativeFields: Sendable {
  /// Every field.
  let known: UInt64
  /// Singular fields and members of a oneof, which may stand once.
  let once: UInt64
  /// Members of the message's oneof, of which one may stand.
  let oneof: UInt64
  /// Singular scalars without presence: written only where they are not zero.
  let implicit: UInt64
  /// Those of them that are texts or bytes; the others are variable-length integers.
  let texts: UInt64
  /// Lists of numbers, which are packed into one field.
  let packed: UInt64
  /// How a number of such a list is written alone.
  let single: WireType

  private init(
    texts: [UInt32] = [], numbers: [UInt32] = [], explicit: [UInt32] = [], oneof: [UInt32] = [],
    repeated: [UInt32] = [], packed: [UInt32] = [], single: WireType = .varint
  ) {
    let implicit = texts + numbers
    self.implicit = Self.set(implicit)
    self.texts = Self.set(texts)
    self.single = single
    self.oneof = Self.set(oneof)
    self.packed = Self.set(packed)
    once = Self.set(implicit + explicit + oneof)
    known = Self.set(implicit + explicit + oneof + repeated + packed)
  }

  private static func set(_ numbers: [UInt32]) -> UInt64 {
    numbers.reduce(0) { $0 | 1 << UInt64($1) }
  }

  static let model = NativeFields(
    texts: [1], numbers: [2, 3, 63], explicit: [4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 22],
    repeated: [11, 13, 16, 17, 18, 19, 20, 21, 23, 24, 25])
  static let producer = NativeFields(texts: [1], explicit: [2])
  static let contributor = NativeFields(explicit: [1, 2, 3, 4])
  static let architecture = NativeFields(explicit: [1, 2], repeated: [3])
  static let hyperParameter = NativeFields(texts: [1], oneof: [2, 3, 4, 5])
  static let preTraining = NativeFields(explicit: [1, 2, 3, 4, 5])
  static let asset = NativeFields(texts: [1, 2], explicit: [3, 4])
  static let digest = NativeFields(texts: [1, 2])
  static let operatorSet = NativeFields(texts: [1], numbers: [2])
  static let graph = NativeFields(explicit: [1, 2], repeated: [3, 4, 5, 6, 7])
  static let value = NativeFields(texts: [1], explicit: [2])
  static let operatorNode = NativeFields(texts: [1, 2, 3, 4], repeated: [5, 6, 7])
  static let attribute = NativeFields(texts: [1], oneof: Array(2...14))
  static let integers = NativeFields(packed: [1])
  static let floats = NativeFields(packed: [1], single: .fixed32)
  static let list = NativeFields(repeated: [1])
  static let variable = NativeFields(texts: [1], numbers: [2], explicit: [3, 4, 5])
  static let block = NativeFields(texts: [1, 2, 3], explicit: [4, 8], repeated: [5, 6, 7])
  static let partition = NativeFields(texts: [1], explicit: [2, 3, 4, 5, 6, 7])
  static let type = NativeFields(oneof: [1, 2, 3, 4, 5])
  static let elementsOf = NativeFields(explicit: [1])
  static let mapType = NativeFields(numbers: [1], explicit: [2])
  static let tensorType = NativeFields(numbers: [1], explicit: [2])
  static let shape = NativeFields(repeated: [2], packed: [1])
  static let dimension = NativeFields(oneof: [1, 2])
  static let tensor = NativeFields(explicit: [1, 6, 7], oneof: [2, 3, 4, 5, 8])
  static let sparseContent = NativeFields(explicit: [1, 2])
  static let byteRange = NativeFields(numbers: [1, 2, 3])
  static let property = NativeFields(texts: [1, 2])
  static let addition = NativeFields(texts: [1, 3], numbers: [2])
  static let parameterFile = NativeFields(texts: [1], numbers: [2], explicit: [3, 4])
  static let region = NativeFields(numbers: [1, 2])
  static let compressedContent = NativeFields(explicit: [2], repeated: [1])
  static let stage = NativeFields(oneof: Array(1...7) + Array(10...14) + Array(20...23) + [30, 31, 40, 41])
  static let emptyStage = NativeFields()
  /// Permutation and reshape.
  static let numbersStage = NativeFields(packed: [1])
  /// Pack and circulant.
  static let numberStage = NativeFields(numbers: [1])
  static let sparseStage = NativeFields(numbers: [1, 4, 5], explicit: [2, 3], packed: [6])
  static let outliersStage = NativeFields(explicit: [1, 2])
  static let lowRankStage = NativeFields(numbers: [1], explicit: [2, 3])
  static let baseTensor = NativeFields(texts: [2], explicit: [1, 3])
  static let referenceStage = NativeFields(explicit: [1], packed: [2, 3])
  static let uniformStage = NativeFields(numbers: [1, 2, 7, 9, 10], explicit: [4, 5, 6, 8], packed: [3])
  static let codebookStage = NativeFields(explicit: [2, 4, 5], packed: [1, 3])
  static let scaledFloatStage = NativeFields(numbers: [1], explicit: [3], packed: [2])
  static let signStage = NativeFields(numbers: [1], explicit: [3, 4], packed: [2])
  static let entropyStage = NativeFields(numbers: [1, 2, 3])
  static let deltaStage = NativeFields(numbers: [1], explicit: [2])
  static let adapterStage = NativeFields(numbers: [1, 5, 6, 7, 9], explicit: [2, 4, 8], repeated: [3])
}

/// Which fields of a message were seen so far.
struct SeenFields {
  /// The field numbers.
  private(set) var numbers: UInt64 = 0
  /// The highest field number.
  private(set) var highest: UInt32 = 0
  /// Whether there was a field that the schema lacks.
  var hasUnknown = false

  mutating func add(_ number: UInt32) {
    highest = max(highest, number)
    if number < 64 { numbers |= 1 << UInt64(number) }
  }

  func contains(_ number: UInt32) -> Bool { numbers & 1 << UInt64(number) != 0 }
}
