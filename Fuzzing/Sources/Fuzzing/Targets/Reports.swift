import Foundation

@testable import Reports

extension FuzzTarget {
  static let reports: [FuzzTarget] = [
    FuzzTarget(name: "results") { bytes in
      folder.write(bytes, "results/results.csv")
      report("results")
    },
    FuzzTarget(name: "details") { bytes in
      // The first byte, a digit, says which of a run's other files it is; the results are always the
      // same.
      guard let digit = bytes.first else { return }
      let names = [
        "comparisons.csv", "reliability.csv", "steps.csv", "coefficients.csv",
        "gallery/cars-fog-3.png",
      ]
      for name in names { try? FileManager.default.removeItem(atPath: folder("details/\(name)")) }
      folder.write(results.utf8, "details/results.csv")
      folder.write(bytes.dropFirst(), "details/\(names[Int(digit & 0x0F) % names.count])")
      report("details")
    },
  ]

  private static let folder = ScratchFolder("reports")

  /// Everything that a report makes of a run, by itself and held against another one.
  private static func report(_ name: String) {
    folder.write(results.utf8, "other/results.csv")
    guard let runs = accepted(folder.path, { try Run.read([folder(name), folder("other")]) }) else {
      return
    }
    let alone = try! Report([runs[0]])
    // The page has one script of its own; whatever else a run's texts hold is text.
    precondition(alone.html.components(separatedBy: "<script").count == 2)
    for report in [alone, try! Report(runs, compares: true)] {
      for table in report.tables { _ = table.markdown + table.latex + table.csv }
      for figure in report.figures {
        precondition(!figure.file.contains("<script"), "markup of the run's in a figure")
      }
      _ = report.difference?.csv
    }
  }

  /// Two methods on two tasks, clean and under fog, one of which adapted.
  private static let results: String = {
    let header =
      "method,backbone,task,seen,corruption,severity,protocol,seed,samples,accuracy,"
      + "mean_entropy_nats,experiment,adaptation,profile,adapt_stream,evaluate_stream,steps,cell,"
      + "largest_class_share,schema_version"
    var lines = [header]
    for (method, steps) in [("task-arithmetic", ""), ("adamerging-layerwise", "2")] {
      for (corruption, severity) in [("clean", 0), ("fog", 3)] {
        for task in ["cars", "eurosat"] {
          lines.append(
            "\(method),vit,\(task),true,\(corruption),\(severity),transductive,0,16,0.5,1.5,x,"
              + "paper,imagenet-c,\(corruption),\(corruption),\(steps),"
              + "\(method.prefix(1))-\(corruption),0.25,2")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }()
}
