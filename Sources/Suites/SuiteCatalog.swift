/// The tasks of the embedded suite.
public enum SuiteCatalog {
  /// In the order of reports. Adding a task is one file in `Tasks/` and one line here.
  public static let all: [any SuiteTask.Type] = [
    DigitsTask.self,
    HouseNumbersTask.self,
    TrafficSignsTask.self,
    TexturesTask.self,
    LandCoverTask.self,
    AerialScenesTask.self,
    VehiclesTask.self,
    ScenesTask.self,
  ]

  public static func task(named name: String) -> (any SuiteTask.Type)? {
    all.first { $0.name == name }
  }
}
