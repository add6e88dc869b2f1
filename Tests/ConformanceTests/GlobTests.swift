import Conformance
import Testing

@Test(
  "A pattern takes what it says",
  arguments: [
    ("P6.1-02*", "P6.1-021/longest", true), ("P6.1-02*", "P6.1-031/longest", false), ("*", "", true),
    ("?-1", "a-1", true), ("?-1", "-1", false), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false),
    ("a", "ab", false),
  ])
func globMatches(pattern: String, text: String, matches: Bool) {
  #expect(Glob(pattern).matches(text) == matches)
}
