public import Profile

/// Why a recipe cannot be followed: the recipe and its base do not fit together.
public struct RecipeError: Error, Sendable, Hashable {
  /// What does not fit.
  public let message: Text

  init(zh: String, en: String) {
    message = Text(zh: zh, en: en)
  }
}
