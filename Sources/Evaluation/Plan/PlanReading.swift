public import Configuration
public import Corruptions

/// A plan's file, and that of its suite, as far as they can be read, and all that is wrong with the
/// rest: so that what the plan names can be looked at too, and everything is told at once.
public struct PlanReading: Sendable {
  public let file: String
  /// With the tasks that could be read; nil if it can't be used at all.
  public var suite: TaskSuite?
  /// Each by itself.
  public let problems: [ConfigurationError]
  /// With the values that could be read.
  let experiments: [Experiment]
  private let name: String

  /// - Parameters:
  ///   - methodNames: every method that there is.
  ///   - overrides: what the command line sets instead.
  public init(
    contentsOf path: String, methodNames: [String], overrides: PlanOverrides = PlanOverrides()
  ) {
    var problems = ConfigurationProblems()
    file = path
    guard var reader = problems.value(try YAMLDocument(contentsOf: path).reader()) else {
      (name, suite, experiments, self.problems) = ("", nil, [], problems.all)
      return
    }
    name = problems.value(try reader.name("name"), default: "")
    let suite = Self.suite(&reader, &problems)
    self.suite = suite?.suite
    var shared = ExperimentDefaults(
      &reader, over: ExperimentDefaults(methods: ExperimentDefaults.paperMethods(methodNames)),
      methodNames: methodNames, &problems)
    if reader.has("protocol") || reader.has("adapt") || reader.has("evaluate") {
      shared.streams = ExperimentStreams(
        &reader, over: nil, severities: overrides.severities ?? shared.severities, &problems)
    }
    var experiments: [Experiment] = []
    let earlier = problems.all.count
    for var item in reader.readers("experiments", &problems) {
      let new = Experiment.reading(
        &item, taskNames: suite?.taskNames, defaults: shared, methodNames: methodNames,
        overrides: overrides, &problems)
      let twice = new.first { one in
        !one.name.isEmpty && experiments.contains { $0.name == one.name }
      }
      if let twice {
        problems.add(
          item.invalid(
            "name", "experiment '\(twice.name)' stands twice", remedy: "name each once"))
      }
      experiments += new
    }
    if experiments.isEmpty, problems.all.count == earlier {
      problems.add(
        reader.invalid("experiments", "has no experiment", remedy: "list at least one"))
    }
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    self.experiments = experiments
    self.problems = problems.all
  }

  private static func suite(
    _ reader: inout ParameterReader, _ problems: inout ConfigurationProblems
  ) -> SuiteReading? {
    guard let text = problems.value(try reader.string("suite")) else { return nil }
    let path = TaskSuite.file(at: Path.resolve(text, from: reader.file))
    do {
      return SuiteReading(try YAMLDocument(contentsOf: path), &problems)
    } catch {
      guard case .unreadable = error else {
        problems.add(error)
        return nil
      }
      problems.add(
        reader.invalid("suite", "\(error)", remedy: "name the suite's file or its folder"))
      return nil
    }
  }

  /// The plan, of which every word could be read.
  ///
  /// - Throws: all that is wrong.
  public func plan() throws(ConfigurationError) -> Plan {
    if let error = ConfigurationError.joined(problems) { throw error }
    return Plan(file: file, name: name, suite: suite!, experiments: experiments)
  }

  /// The plan; if it can't be read as a whole, what it names is looked at as far as it could be read.
  ///
  /// - Throws: `unsuitable`, with all that is wrong with the plan, its suite, models, heads, images
  ///   and recipes.
  public func checked(library: RecipeLibrary) throws(EvaluationError) -> Plan {
    guard !problems.isEmpty else {
      do {
        return try plan()
      } catch {
        throw .configuration(error)
      }
    }
    let found =
      problems.map(\.description) + PlanRecipes(experiments, library: library).problems
    if let suite {
      _ = try Workbench(suite, tasks: openableTasks.map(\.name), file: file, problems: found)
    }
    throw .unsuitable(file: file, problems: found)
  }

  /// The tasks of the experiments, each once, that the suite has.
  var openableTasks: [TaskFiles] {
    var names: Set<String> = []
    return experiments.flatMap(\.tasks).filter { names.insert($0).inserted }
      .compactMap { suite?[$0] }
  }
}
