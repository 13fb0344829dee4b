#include <archive.h>
#include <archive_entry.h>

// The kinds of a member as numbers, which Swift sees; the library has them as macros with casts.
static const unsigned int archive_kind_file = AE_IFREG;
static const unsigned int archive_kind_folder = AE_IFDIR;
