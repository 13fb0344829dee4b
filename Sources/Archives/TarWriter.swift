internal import CArchive
internal import Foundation
internal import TensorCore

/// Writes files to a tar archive: ustar, with pax records for names that it has no room for, by
/// libarchive. The same files give the same bytes: times, owners and rights are constants. The
/// archive appears at its path with `finish`; until then it is a temporary file beside it.
@safe public final class TarWriter {
  private let path: String
  private let temporary: String
  private let archive: OpaquePointer

  /// Makes the folders on the way.
  public init(_ path: String) throws(ArchiveError) {
    self.path = path
    let target = URL(filePath: path)
    let folder = target.deletingLastPathComponent()
    temporary = folder.appending(path: ".\(target.lastPathComponent).\(UUID().uuidString).tmp")
      .path(percentEncoded: false)
    unsafe archive = archive_write_new()
    unsafe archive_write_set_format_pax_restricted(archive)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
    guard unsafe archive_write_open_filename(archive, temporary) == ARCHIVE_OK else {
      throw failure()
    }
  }

  deinit {
    unsafe archive_write_free(archive)
    // Nothing is there any more after `finish`.
    try? FileManager.default.removeItem(atPath: temporary)
  }

  /// - Throws: for a path that leads out of the archive, and for a full disk.
  public func append(_ member: ArchiveMember) throws(ArchiveError) {
    guard ArchiveMember.isSafe(member.path) else {
      throw .unsafePath(path: path, member: member.path)
    }
    let entry = unsafe archive_entry_new()
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname(entry, member.path)
    unsafe archive_entry_set_size(entry, Int64(member.content.count))
    unsafe archive_entry_set_filetype(entry, archive_kind_file)
    unsafe archive_entry_set_perm(entry, 0o644)
    unsafe archive_entry_set_mtime(entry, 0, 0)
    guard unsafe archive_write_header(archive, entry) >= ARCHIVE_WARN else { throw failure() }
    let written = unsafe member.content.withUnsafeBytes { bytes in
      unsafe bytes.isEmpty ? 0 : archive_write_data(archive, bytes.baseAddress, bytes.count)
    }
    guard written == member.content.count else { throw failure() }
  }

  /// Ends the archive and puts it in its place, over what is there.
  public func finish() throws(ArchiveError) {
    guard unsafe archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    guard unsafe rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
    }
  }

  private func failure() -> ArchiveError {
    let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
    return .unwritable(path: path, reason: reason ?? "unknown reason")
  }
}
