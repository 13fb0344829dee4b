import Archives
import Corruptions
import Foundation
import Imaging
import TensorCore

/// Corrupted copies of a tar archive of images, as of a WebDataset shard: images are replaced, the
/// other files (labels, captions) stay as they are, in their places.
struct ShardCopy {
  let item: CorruptPlan.Item
  /// Put before the members' paths to name them among all samples.
  let folder: String
  let format: OutputImage.Format
  /// Corrupts a decoded image for one output.
  let corrupt: @Sendable (PixelImage, _ sample: String, CorruptPlan.Output) throws -> CorruptedImage

  /// How many members are in memory at once.
  private static let batch = 128

  /// The samples, by their members' paths up to the first dot of the file's name, whose image can't
  /// be decoded, and why: a pass over the archive.
  func unreadableSamples() throws -> [String: String] {
    let reader = try TarReader(contentsOf: item.source.path)
    var reasons: [String: String] = [:]
    while true {
      let members = try nextBatch(of: reader)
      let failures = Parallel.map(members.count) { place -> String? in
        do throws(ImageError) {
          if isImage(members[place]) { _ = try image(members[place]) }
          return nil
        } catch {
          return "\(error)"
        }
      }
      for (member, reason) in zip(members, failures) where reason != nil {
        reasons[sample(of: member)] = reason
      }
      if members.count < Self.batch { return reasons }
    }
  }

  /// Writes an archive for each output.
  ///
  /// - Parameter skipped: samples that are left out with all their members.
  /// - Returns: for each output the hash of its images' hashes, in order.
  func make(without skipped: Set<String> = []) throws -> [ContentHash] {
    let reader = try TarReader(contentsOf: item.source.path)
    let writers = try item.outputs.map { try TarWriter($0.path) }
    var hashes = item.outputs.map { _ in "" }
    var paths: Set<String> = []
    while true {
      let batch = try nextBatch(of: reader)
      let members = batch.filter { !skipped.contains(sample(of: $0)) }
      for member in members where !paths.insert(copiedPath(of: member)).inserted {
        throw CommandFailure.input(
          "\(item.source.path): two files would be '\(copiedPath(of: member))' in the copy; "
            + "rename one of them")
      }
      for (index, output) in item.outputs.enumerated() {
        let copies = try Parallel.map(members.count) { place in
          try copy(of: members[place], for: output)
        }
        for copy in copies {
          try writers[index].append(copy.member)
          hashes[index] += copy.hash?.description ?? ""
        }
      }
      if batch.count < Self.batch { break }
    }
    for writer in writers { try writer.finish() }
    return hashes.map { ContentHash(of: $0) }
  }

  private func nextBatch(of reader: TarReader) throws -> [ArchiveMember] {
    var members: [ArchiveMember] = []
    while members.count < Self.batch, let member = try reader.next() { members.append(member) }
    return members
  }

  private func sample(of member: ArchiveMember) -> String {
    let path = member.path
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return String(path[..<(path[start...].firstIndex(of: ".") ?? path.endIndex)])
  }

  private func image(_ member: ArchiveMember) throws(ImageError) -> PixelImage {
    try ImageDecoder.decode(member.content, name: "\(item.source.path): \(member.path)")
  }

  private func isImage(_ member: ArchiveMember) -> Bool {
    SourceImages.isImage(member.path)
  }

  private func copiedPath(of member: ArchiveMember) -> String {
    isImage(member) ? CorruptPlan.copy(of: member.path, as: format) : member.path
  }

  private func copy(
    of member: ArchiveMember, for output: CorruptPlan.Output
  ) throws -> (member: ArchiveMember, hash: ContentHash?) {
    guard isImage(member) else { return (member, nil) }
    let name = "\(item.source.path): \(member.path)"
    let image = try image(member)
    do {
      let copy = try corrupt(image, folder + member.path, output)
      let path = copiedPath(of: member)
      return (ArchiveMember(path: path, content: copy.bytes), copy.hash)
    } catch let error as CorruptionError {
      throw CommandFailure.input("\(name): \(error)")
    }
  }
}
