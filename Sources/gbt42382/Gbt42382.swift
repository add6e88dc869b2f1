import ArgumentParser

@main
struct Gbt42382: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "gbt42382")
}
