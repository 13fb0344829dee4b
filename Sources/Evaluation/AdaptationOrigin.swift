public import Corruptions
public import Merging
public import Streams
internal import TensorCore

extension Workbench {
  /// Everything that determines an adaptation on one stream but its number of steps, by name: two
  /// runs that agree in all of it make the same steps.
  ///
  /// - Parameters:
  ///   - seen: the tasks whose experts are merged and whose images are adapted to.
  ///   - corruption: of the images; nil: as they are.
  public func origin(
    of method: AdaMerging, seen: [String], domain: Domain, corruption: Corruption?, seed: UInt64
  ) -> [String: String] {
    var origin = method.settings.facts
    origin["method"] = method.name
    origin["density"] = method.density.map { "\($0)" } ?? "none"
    origin["seen tasks"] = seen.joined(separator: ", ")
    origin["corruption"] = domain.description
    origin["recipe"] = corruption?.hash.description ?? "none"
    origin["seed"] = "\(seed)"
    origin["weights"] = weightsHash(experts: seen, heads: seen)
    origin["images"] = dataHash(seen)
    origin["preprocessing"] = preprocessing.fingerprint
    return origin
  }
}
