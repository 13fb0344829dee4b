internal import CArchive
public import Inputs

/// Reads the files of a tar archive one after another, as of a WebDataset shard: ustar, pax and GNU,
/// by libarchive. Folders are left out; links and devices are refused.
@safe public final class TarReader {
  private let path: String
  private let memberLimit: Int64
  private let archive: OpaquePointer

  /// - Parameter memberLimit: in bytes; a larger file is refused before memory is taken for it.
  public init(
    contentsOf path: String, memberLimit: Int = Limit.memberBytes.value
  ) throws(ArchiveError) {
    do {
      try InputFile.check(path)
    } catch {
      throw ArchiveError(error, path: path)
    }
    self.path = path
    self.memberLimit = Int64(memberLimit)
    unsafe archive = archive_read_new()
    unsafe archive_read_support_format_tar(archive)
    guard unsafe archive_read_open_filename(archive, path, 1 << 20) == ARCHIVE_OK else {
      throw failure()
    }
  }

  deinit { unsafe archive_read_free(archive) }

  /// The next file, or nil at the end of the archive.
  ///
  /// - Throws: for a cut-off or damaged archive, a member that is no file, and a path that is
  ///   absolute or has `..` in it.
  public func next() throws(ArchiveError) -> ArchiveMember? {
    guard let entry = try nextEntry() else { return nil }
    return ArchiveMember(path: entry.path, content: try content(of: entry))
  }

  /// The next file's name and place, without its content; see ``next()`` for what is refused.
  public func nextEntry() throws(ArchiveError) -> TarEntry? {
    while true {
      var entry: OpaquePointer?
      let status = unsafe archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF { return nil }
      guard status >= ARCHIVE_WARN, let entry = unsafe entry else { throw failure() }
      // The bytes as they stand there: the process has no locale to convert names with.
      let name = unsafe archive_entry_pathname(entry).map { unsafe String(cString: $0) } ?? ""
      // What the library makes of a damaged header.
      guard !name.isEmpty else { throw failure() }
      let isLink = unsafe archive_entry_hardlink(entry) != nil
      switch unsafe UInt32(archive_entry_filetype(entry)) {
      case archive_kind_folder: continue
      case archive_kind_file where !isLink: break
      default: throw .notAFile(path: path, member: name)
      }
      let member = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
      guard ArchiveMember.isSafe(member) else { throw .unsafePath(path: path, member: name) }
      guard unsafe archive_entry_sparse_count(entry) == 0 else {
        throw .notAFile(path: path, member: name)
      }
      let size = unsafe archive_entry_size(entry)
      guard size >= 0 else { throw failure() }
      guard size <= memberLimit else {
        throw .tooLarge(path: path, member: name, bytes: size, limit: memberLimit)
      }
      // No filter stands between the file and the format: the position is the file's.
      let offset = unsafe archive_filter_bytes(archive, -1)
      return TarEntry(path: member, offset: Int(offset), count: Int(size))
    }
  }

  /// The content of the entry that `nextEntry` gave last; only once.
  public func content(of entry: TarEntry) throws(ArchiveError) -> [UInt8] {
    try content(entry.count)
  }

  private func content(_ size: Int) throws(ArchiveError) -> [UInt8] {
    var status = 0
    let bytes = [UInt8](capacity: size) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        while count < size {
          status = unsafe archive_read_data(archive, buffer.baseAddress! + count, size - count)
          guard status > 0 else { break }
          count += status
        }
      }
    }
    guard status >= 0, bytes.count == size else { throw failure() }
    return bytes
  }

  private func failure() -> ArchiveError {
    let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
    return .unreadable(path: path, reason: reason ?? "it is cut off")
  }
}
