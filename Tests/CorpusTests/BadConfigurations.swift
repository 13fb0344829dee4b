import Configuration
import Corruptions
import Evaluation
import Merging
import TestSupport

extension BadInput {
  static let configurations = recipes + yamls + plans

  // MARK: Recipes

  /// A recipe of one step, whose parameter is out of range.
  private static func step(_ step: String, says: String) -> BadInput {
    recipe(
      "A recipe with \(step)", "pipeline:\n  - {\(step)}\nseverities: {}\n",
      says: "haze.yaml:5: profile any, severity 1, pipeline[0].\(says)")
  }

  private static let head = "family: ours\nsource: tests\nsummary: a test\n"

  private static func recipe(_ name: String, _ text: String, says: String) -> BadInput {
    BadInput(
      name, file: "haze.yaml", says: says,
      make: { folder in try folder.write(head + text, to: "recipes/haze.yaml") },
      read: { folder in _ = try RecipeLibrary(directory: "\(folder.path)/recipes") })
  }

  private static let recipes: [BadInput] = [
    step("op: gaussian_noise, sigma: -1", says: "sigma: is -1; it must be a number from 0 to 10"),
    step("op: gaussian_noise, sigma: .nan", says: "sigma: is .nan"),
    step("op: gaussian_noise, sigma: .inf", says: "sigma: is .inf"),
    step("op: gaussian_noise, sigma: 1e999", says: "sigma: is 1e999"),
    step("op: gaussian_noise, sigma: ''", says: "sigma: is ''; it must be a number"),
    step("op: gaussian_noise, sigma: [1]", says: "sigma: is a list of 1; it must be a number"),
    step("op: gaussian_blur, sigma: 0", says: "sigma: is 0; it must be a number from 0.01"),
    step("op: gaussian_blur, sigma: 1e6", says: "sigma: is 1e6"),
    step(
      "op: motion_blur, radius: 1001, sigma: 1",
      says: "radius: is 1001; it must be an integer from 1 to 1000"),
    step(
      "op: motion_blur, radius: 99999999999999999999, sigma: 1",
      says: "radius: is '99999999999999999999'"),
    step("op: defocus_blur, radius: 101, alias: 1", says: "radius: is 101"),
    step("op: glass_blur, sigma: 1, distance: 0, iterations: 1", says: "distance: is 0"),
    step("op: zoom_blur, end: 11, step: 0.01", says: "end: is 11"),
    step("op: jpeg_compression, quality: 0", says: "quality: is 0"),
    step("op: pixelate, scale: 0", says: "scale: is 0"),
    step("op: shot_noise, photons: -.inf", says: "photons: is -.inf"),
    step("op: fog, amount: 1, decay: 2, map: 4097", says: "map: is 4097"),
    step(
      "op: snow, loc: 0, scale: 1, zoom: 0, threshold: 0, radius: 1, sigma: 1, mix: 0",
      says: "zoom: is 0"),
    step("op: recipe, name: haze", says: "name: the recipe builds on itself"),
    recipe(
      "A recipe of 65 steps",
      "pipeline:\n" + String(repeating: "  - {op: contrast, factor: 1}\n", count: 65)
        + "severities: {}\n",
      says: "haze.yaml:69: profile any, severity 1, pipeline[64]: the recipe has more than 64 steps"
    ),
    BadInput(
      "Recipes of recipes that make 10^9 steps", file: "b0.yaml", says: "more than 64 steps",
      make: { folder in
        for level in 0..<9 {
          let inner = level < 8 ? "{op: recipe, name: b\(level + 1)}" : "{op: contrast, factor: 1}"
          try folder.write(
            head + "pipeline:\n" + String(repeating: "  - \(inner)\n", count: 10)
              + "severities: {}\n",
            to: "recipes/b\(level).yaml")
        }
      },
      read: { folder in
        do {
          _ = try RecipeLibrary(directory: "\(folder.path)/recipes")
        } catch {
          // The first file that is checked shows it, in the recipe that it is first seen in.
          throw Renamed(message: "\(error)".contains("/b") ? "b0.yaml \(error)" : "\(error)")
        }
      }),
  ]

  private struct Renamed: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
  }

  // MARK: YAML

  private static func yaml(_ name: String, _ text: String, says: String) -> BadInput {
    BadInput(
      name, file: "a.yaml", says: says, make: { folder in try folder.write(text, to: "a.yaml") },
      read: { folder in _ = try YAMLDocument(contentsOf: "\(folder.path)/a.yaml") })
  }

  private static let laughs =
    "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + (1..<12).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]\n"
    }
    .joined()

  private static let yamls: [BadInput] = [
    yaml(
      "A YAML file of a billion laughs", laughs,
      says: "more values than the limit yaml-values, 1000000"),
    yaml(
      "A YAML file with a billion laughs in a key", laughs + "? *a11\n: 1\n",
      says: "a key must be a plain word"),
    yaml(
      "A YAML file with a billion laughs in the keys of a flow", laughs + "b: {[*a11, *a11]: 1}\n",
      says: "a key must be a plain word"),
    yaml(
      "A YAML file nested 65 deep",
      String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
      says: "nested deeper than the limit yaml-depth, 64"),
    yaml(
      "A YAML file nested 100000 deep", String(repeating: "[", count: 100_000),
      says: "a.yaml:1: not valid YAML"),
    yaml("A YAML file with an alias of nothing", "a: *b\n", says: "a.yaml:1: not valid YAML"),
    yaml("A YAML file with an alias of itself", "a: &a [*a]\n", says: "a.yaml:1: not valid YAML"),
    yaml("A YAML file with a tab for a blank", "a:\n\tb: 1\n", says: "a.yaml:2: not valid YAML"),
    yaml("A YAML file with a control character", "a: \u{7}\n", says: "not valid YAML"),
    yaml("A YAML file with a text that is not closed", "a: 'b\n", says: "not valid YAML"),
    yaml("A YAML file of two documents", "a: 1\n---\nb: 1\n", says: "a.yaml:2: not valid YAML"),
    yaml("A YAML file of nothing but comments", "# nothing\n", says: "the file is empty"),
    BadInput(
      "A YAML file that is not UTF-8", file: "a.yaml", says: "no text in UTF-8",
      make: { folder in try folder.write([0x61, 0x3a, 0x20, 0xff], to: "a.yaml") },
      read: { folder in _ = try YAMLDocument(contentsOf: "\(folder.path)/a.yaml") }),
    BadInput(
      "A YAML file above its limit", file: "a.yaml", says: "the limit yaml-bytes is 8388608",
      make: { folder in
        try folder.write([UInt8](repeating: 0x23, count: 8_388_609), to: "a.yaml")
      }, read: { folder in _ = try YAMLDocument(contentsOf: "\(folder.path)/a.yaml") }),
  ]

  // MARK: Plans and suites

  private static func plan(_ name: String, _ text: String, says: String) -> BadInput {
    BadInput(
      name, file: "plan.yaml", says: says,
      make: { folder in
        try folder.write("name: s\nbase: base\ntasks: [{name: digits}]\n", to: "suite.yaml")
        try folder.write("name: p\nsuite: suite.yaml\n" + text, to: "plan.yaml")
      },
      read: { folder in
        _ = try Plan(contentsOf: "\(folder.path)/plan.yaml", methodNames: MethodCatalog.names)
      })
  }

  private static func suite(_ name: String, _ text: String, says: String) -> BadInput {
    BadInput(
      name, file: "suite.yaml", says: says,
      make: { folder in try folder.write(text, to: "suite.yaml") },
      read: { folder in _ = try TaskSuite(contentsOf: "\(folder.path)/suite.yaml") })
  }

  private static let plans: [BadInput] = [
    plan(
      "A plan with a negative number of steps", "steps: -1\nexperiments: [{name: e}]\n",
      says: "plan.yaml:3: steps: is -1"),
    plan(
      "A plan with a learning rate of NaN", "learning_rate: .nan\nexperiments: [{name: e}]\n",
      says: "plan.yaml:3: learning_rate: is .nan"),
    plan(
      "A plan with severity 6", "severity: 6\nexperiments: [{name: e}]\n",
      says: "plan.yaml:3: severity"),
    plan(
      "A plan with a path for a corruption", "experiments: [{name: e, corruptions: [../x]}]\n",
      says: "'../x' is not a plain name"),
    plan(
      "A plan with HTML for an experiment's name", "experiments: [{name: <b>e}]\n",
      says: "'<b>e' is not a plain name"),
    plan("A plan without experiments", "experiments: []\n", says: "plan.yaml:3: experiments"),
    suite(
      "A suite with HTML for a task's name",
      "name: s\nbase: b\ntasks:\n  - name: <script>alert(1)</script>\n",
      says: "suite.yaml:4: tasks[0].name: '<script>alert(1)</script>' is not a plain name"),
    suite(
      "A suite with a formula for a task's name", "name: s\nbase: b\ntasks:\n  - name: =1+1\n",
      says: "'=1+1' is not a plain name"),
    suite(
      "A suite with a path for a task's name", "name: s\nbase: b\ntasks:\n  - name: ../../x\n",
      says: "'../../x' is not a plain name"),
    suite(
      "A suite with a hidden task", "name: s\nbase: b\ntasks:\n  - name: .x\n",
      says: "'.x' is not a plain name"),
  ]
}
