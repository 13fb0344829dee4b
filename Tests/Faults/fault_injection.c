// Makes system calls that write files fail, in a program that is run with this library in LD_PRELOAD
// (glibc). Calls on paths below FAULT_FOLDER are counted from 1, in order: open to create, write, fsync,
// ftruncate, rename, link, mkdir.
//
//   FAULT_FOLDER  the folder, absolute; several are separated by ':'
//   FAULT_AT      which call fails; without it none does
//   FAULT_ERROR   the errno that it fails with
//   FAULT_STICKY  if set, all later calls fail too, as on a full disk
//   FAULT_LOG     a file that gets a line for each call: its number, the call, its path, FAILED
//
// A write that fails has written half of its bytes before, as a disk that fills up has.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int calls;

static int is_below(const char *path) {
  const char *folder = getenv("FAULT_FOLDER");
  while (folder && *folder) {
    size_t length = strcspn(folder, ":");
    if (!strncmp(path, folder, length) && (path[length] == '/' || !path[length])) return 1;
    folder += length + (folder[length] == ':');
  }
  return 0;
}

static void absolute(const char *path, char *result) {
  if (path[0] == '/' || !getcwd(result, PATH_MAX)) {
    snprintf(result, PATH_MAX, "%s", path);
    return;
  }
  size_t length = strlen(result);
  while (!strncmp(path, "./", 2)) path += 2;
  snprintf(result + length, PATH_MAX - length, "/%s", path);
}

// Counts a call on `path`; whether it is to fail, with errno set.
static int fails(const char *call, const char *path) {
  char whole[PATH_MAX];
  absolute(path, whole);
  if (!is_below(whole)) return 0;
  int number = atomic_fetch_add(&calls, 1) + 1;
  const char *at = getenv("FAULT_AT");
  int wanted = at ? atoi(at) : 0;
  int result = wanted && (number == wanted || (number > wanted && getenv("FAULT_STICKY")));
  const char *log = getenv("FAULT_LOG");
  if (log) {
    int file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    char line[PATH_MAX + 64];
    int length = snprintf(
        line, sizeof line, "%d %s %s%s\n", number, call, whole, result ? " FAILED" : "");
    syscall(SYS_write, file, line, length);
    syscall(SYS_close, file);
  }
  if (result) errno = atoi(getenv("FAULT_ERROR"));
  return result;
}

static int fails_at(const char *call, int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return fails(call, path);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (fails_at("write", file)) {
    int code = errno;
    syscall(SYS_write, file, bytes, count / 2);
    errno = code;
    return -1;
  }
  return REAL(write)(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return fails_at("pwrite", file) ? -1 : REAL(pwrite64)(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  return fails_at("pwrite", file) ? -1 : REAL(pwrite)(file, bytes, count, offset);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  return fails_at("writev", file) ? -1 : REAL(writev)(file, parts, count);
}

int fsync(int file) { return fails_at("fsync", file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails_at("fdatasync", file) ? -1 : REAL(fdatasync)(file); }

int ftruncate(int file, off_t length) {
  return fails_at("ftruncate", file) ? -1 : REAL(ftruncate)(file, length);
}

#define OPEN(name)                                                          \
  int name(const char *path, int flags, ...) {                              \
    mode_t mode = 0;                                                        \
    if (flags & (O_CREAT | O_TMPFILE)) {                                    \
      va_list arguments;                                                    \
      va_start(arguments, flags);                                           \
      mode = va_arg(arguments, mode_t);                                     \
      va_end(arguments);                                                    \
    }                                                                       \
    if (flags & O_CREAT && fails("open", path)) return -1;                  \
    return REAL(name)(path, flags, mode);                                   \
  }

OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (flags & O_CREAT && fails("openat", path)) return -1;
  return REAL(openat)(folder, path, flags, mode);
}

int mkstemp(char *path) { return fails("mkstemp", path) ? -1 : REAL(mkstemp)(path); }
int mkstemp64(char *path) { return fails("mkstemp", path) ? -1 : REAL(mkstemp64)(path); }
int mkostemp(char *path, int flags) {
  return fails("mkostemp", path) ? -1 : REAL(mkostemp)(path, flags);
}

FILE *fopen(const char *path, const char *mode) {
  return strpbrk(mode, "wa+") && fails("fopen", path) ? NULL : REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
  return strpbrk(mode, "wa+") && fails("fopen", path) ? NULL : REAL(fopen64)(path, mode);
}

int rename(const char *from, const char *to) {
  return fails("rename", to) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return fails("renameat", to) ? -1 : REAL(renameat)(from_folder, from, to_folder, to);
}

int link(const char *from, const char *to) { return fails("link", to) ? -1 : REAL(link)(from, to); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  return fails("linkat", to) ? -1 : REAL(linkat)(from_folder, from, to_folder, to, flags);
}

int mkdir(const char *path, mode_t mode) {
  return fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}
