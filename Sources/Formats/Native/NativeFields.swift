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
  /// Lists of numbers, which are packed into one field.
  let packed: UInt64

  private init(
    implicit: [UInt32] = [], explicit: [UInt32] = [], oneof: [UInt32] = [], repeated: [UInt32] = [],
    packed: [UInt32] = []
  ) {
    self.implicit = Self.set(implicit)
    self.oneof = Self.set(oneof)
    self.packed = Self.set(packed)
    once = Self.set(implicit + explicit + oneof)
    known = Self.set(implicit + explicit + oneof + repeated + packed)
  }

  private static func set(_ numbers: [UInt32]) -> UInt64 {
    numbers.reduce(0) { $0 | 1 << UInt64($1) }
  }

  static let model = NativeFields(
    implicit: [1, 2, 3, 63], explicit: [4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 22],
    repeated: [11, 13, 16, 17, 18, 19, 20, 21, 23, 24, 25])
  static let producer = NativeFields(implicit: [1], explicit: [2])
  static let contributor = NativeFields(explicit: [1, 2, 3, 4])
  static let architecture = NativeFields(explicit: [1, 2], repeated: [3])
  static let hyperParameter = NativeFields(implicit: [1], oneof: [2, 3, 4, 5])
  static let preTraining = NativeFields(explicit: [1, 2, 3, 4, 5])
  static let asset = NativeFields(implicit: [1, 2], explicit: [3, 4])
  static let digest = NativeFields(implicit: [1, 2])
  static let operatorSet = NativeFields(implicit: [1, 2])
  static let graph = NativeFields(explicit: [1, 2], repeated: [3, 4, 5, 6, 7])
  static let value = NativeFields(implicit: [1], explicit: [2])
  static let operatorNode = NativeFields(implicit: [1, 2, 3, 4], repeated: [5, 6, 7])
  static let attribute = NativeFields(implicit: [1], oneof: Array(2...14))
  static let numbers = NativeFields(packed: [1])
  static let list = NativeFields(repeated: [1])
  static let variable = NativeFields(implicit: [1, 2], explicit: [3, 4, 5])
  static let block = NativeFields(implicit: [1, 2, 3], explicit: [4, 8], repeated: [5, 6, 7])
  static let partition = NativeFields(implicit: [1], explicit: [2, 3, 4, 5, 6, 7])
  static let type = NativeFields(oneof: [1, 2, 3, 4, 5])
  static let elementsOf = NativeFields(explicit: [1])
  static let mapType = NativeFields(implicit: [1], explicit: [2])
  static let tensorType = NativeFields(implicit: [1], explicit: [2])
  static let shape = NativeFields(repeated: [2], packed: [1])
  static let dimension = NativeFields(oneof: [1, 2])
  static let tensor = NativeFields(explicit: [1, 6, 7], oneof: [2, 3, 4, 5])
  static let sparseContent = NativeFields(explicit: [1, 2])
  static let byteRange = NativeFields(implicit: [1, 2, 3])
  static let property = NativeFields(implicit: [1, 2])
  static let addition = NativeFields(implicit: [1, 2, 3])
  static let parameterFile = NativeFields(implicit: [1, 2], explicit: [3, 4])
  static let region = NativeFields(implicit: [1, 2])
}

/// Which fields of a message were seen so far.
struct SeenFields {
  /// The field numbers.
  private(set) var numbers: UInt64 = 0
  /// The highest field number.
  private(set) var highest: UInt32 = 0

  mutating func add(_ number: UInt32) {
    highest = max(highest, number)
    if number < 64 { numbers |= 1 << UInt64(number) }
  }

  func contains(_ number: UInt32) -> Bool { numbers & 1 << UInt64(number) != 0 }
}
