import Reports
import Testing

@Suite("Figures") struct FiguresTests {
  @Test(
    "Decimals are rounded, ties to even",
    arguments: [
      (1.0, 2, "1.00"), (0.125, 2, "0.12"), (-0.001, 2, "0.00"), (-1.5, 1, "-1.5"), (12.0, 0, "12"),
      (Double.infinity, 2, "∞"), (Double.nan, 2, "NaN"), (1e20, 2, "1.00e20"),
    ])
  func decimals(value: Double, places: Int, text: String) {
    #expect(Figures.decimals(value, places) == text)
  }

  @Test(
    "Three digits and an exponent",
    arguments: [
      (0.0, "0"), (1.0, "1.00e0"), (0.0126, "1.26e-2"), (9.999, "1.00e1"), (-1234.0, "-1.23e3"),
      (Double.leastNonzeroMagnitude, "4.94e-324"), (1.7976931348623157e308, "1.80e308"),
    ])
  func scientific(value: Double, text: String) {
    #expect(Figures.scientific(value) == text)
  }
}
