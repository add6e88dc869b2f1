/// A day of the Gregorian calendar, in UTC.
public struct CalendarDay: Sendable, Hashable, Comparable {
  /// The year, from 1 to 9999.
  public let year: Int
  /// The month, from 1 to 12.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  /// A day that exists; nil for any other.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(day) else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that a number of the form year · 10000 + month · 100 + day stands for; nil where there is no such day.
  public init?(number: UInt32) {
    let number = Int(number)
    self.init(year: number / 10000, month: number / 100 % 100, day: number % 100)
  }

  /// The day that a text of the form `YYYY-MM-DD` names; nil where there is no such day.
  public init?(text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]),
      let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// year · 10000 + month · 100 + day.
  public var number: UInt32 { UInt32(year * 10000 + month * 100 + day) }

  public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }

  /// Seconds from 1970-01-01 00:00 UTC to this day's 00:00 UTC, leap seconds not counted.
  var secondsSince1970: Int {
    // Years begin in March here, so that the day that some years lack is their last.
    let shifted = month <= 2 ? year - 1 : year
    let daysOfMonths = (153 * ((month + 9) % 12) + 2) / 5
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + daysOfMonths + day - 1
    return (days - CalendarDay.daysTo1970) * 86_400
  }

  /// The day of a moment; nil outside of the years 1 to 9999.
  init?(secondsSince1970: Int) {
    guard secondsSince1970.magnitude < 1 << 40 else { return nil }
    let isBefore = secondsSince1970 < 0 && secondsSince1970 % 86_400 != 0
    let days = secondsSince1970 / 86_400 - (isBefore ? 1 : 0) + CalendarDay.daysTo1970
    guard days > 0 else { return nil }
    // 400 years always have as many days; within them the last day of a fourth, hundredth and four hundredth year is the odd one.
    let (era, dayOfEra) = (days / 146_097, days % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// From 1 March of the year 0.
  private static let daysTo1970 = 719_468
}

extension CalendarDay: CustomStringConvertible {
  /// The day as `YYYY-MM-DD` (ISO 8601).
  public var description: String {
    let digits = String(number)
    let padded = String(repeating: "0", count: 8 - digits.utf8.count) + digits
    return "\(padded.prefix(4))-\(padded.dropFirst(4).prefix(2))-\(padded.suffix(2))"
  }
}
