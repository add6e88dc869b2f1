import Compression
import Numerics
import Representation
import Storage
import Testing

@Suite struct UniformTests {
  /// Levels, scales, origins and what they decode to, held against the second implementation bit by bit.
  @Test func agreesWithTheSecondImplementation() throws {
    let fixtures = StageFixture.all("uniform")
    #expect(fixtures.count > 100)
    for fixture in fixtures {
      if let settings = fixture.settings { try checkEncoding(fixture, settings) }
      guard let d = fixture.descriptor else { continue }
      let stage = UniformStage(
        bits: d.bits ?? 0, signed: d.signed ?? false, grid: d.grid ?? [], scale: d.scale?.tensor,
        zeroPoint: d.zero_point?.tensor, offset: d.offset?.tensor, groupAxis: d.group_axis ?? 0,
        groupIndex: d.group_index?.tensor, states: d.states ?? 0, restart: d.restart ?? 0)
      try fixture.checkDecoding(stage, fixture.payload?.elements)
    }
  }

  private func checkEncoding(_ fixture: StageFixture, _ settings: StageFixture.Settings) throws {
    let scale = try #require(settings.scaleType)
    let rule: UniformStage.Rule =
      switch settings.rule {
      case "symmetric": .symmetric
      case "zero-point": .zeroPoint
      case "offset": .offset
      default: .step(settings.step ?? 0)
      }
    try fixture.checkEncoding { x throws(Fault) in
      try UniformStage.encode(
        x, bits: settings.bits ?? 0, rule: rule, grid: settings.grid, scaleType: scale)
    } same: { stage, d in
      sameSide(stage.scale, d.scale) && sameSide(stage.zeroPoint, d.zero_point)
        && sameSide(stage.offset, d.offset) && stage.signed == d.signed && stage.grid == d.grid
    }
  }
}
