/// The names of the files of a folder of segments (profile clause 8.3, section 4): made from numbers, never taken from a file.
public enum SegmentName {
  /// The manifest.
  public static let manifest = "manifest.pmm"
  private static let suffix = ".pms"
  private static let digits = 8

  /// The file of the segment with that number.
  public static func file(_ sequence: UInt64) -> String {
    let number = String(sequence)
    return String(repeating: "0", count: max(0, digits - number.utf8.count)) + number + suffix
  }

  /// The number of the segment that a file of that name is for; nil where no segment has that name.
  public static func sequence(of file: String) -> UInt64? {
    guard file.utf8.count >= digits + suffix.utf8.count, file.utf8.count <= 20 + suffix.utf8.count,
      let number = UInt64(String(decoding: file.utf8.dropLast(suffix.utf8.count), as: UTF8.self)),
      Self.file(number).utf8.elementsEqual(file.utf8)
    else { return nil }
    return number
  }
}
