/// The moment at which certificates and rights are judged: 00:00 UTC of a day that was named, else now (profile clause 8.2, section 8.3).
public struct JudgingTime: Sendable, Hashable {
  /// Seconds from 1970-01-01 00:00 UTC, leap seconds not counted.
  public let secondsSince1970: Int
  /// The day, in UTC.
  public let day: CalendarDay

  /// The beginning of a day.
  public init(startOf day: CalendarDay) {
    secondsSince1970 = day.secondsSince1970
    self.day = day
  }

  /// A moment; nil outside of the years 1 to 9999.
  public init?(secondsSince1970: Int) {
    guard let day = CalendarDay(secondsSince1970: secondsSince1970) else { return nil }
    self.secondsSince1970 = secondsSince1970
    self.day = day
  }

  /// The moment a second earlier.
  var secondBefore: JudgingTime? { JudgingTime(secondsSince1970: secondsSince1970 - 1) }
}
