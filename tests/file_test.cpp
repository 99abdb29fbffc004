// What write_file() does, whatever is there before and whatever goes wrong.
#include "common/shell/file.hpp"

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/catch.hpp"
#include "tests/folder.hpp"

#ifndef _WIN32
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <csignal>
#endif

namespace {

using namespace cnn;
namespace fs = std::filesystem;

// The number of entries in a folder and in all folders below it.
std::ptrdiff_t entries(const TemporaryFolder& folder) {
  return std::distance(fs::recursive_directory_iterator(folder.path()), {});
}

// Why a file was not written.
std::string refusal(const fs::path& path) {
  const std::string text = message_of([&] { write_file(path, "new"); });
  const std::string start =
      "write_file: cannot write " + path.string() + ": ";
  CHECK(text.rfind(start, 0) == 0);
  return text.substr(std::min(start.size(), text.size()));
}

}  // namespace

TEST_CASE("a file holds the bytes as they are, in folders that are made") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a" / "b.svg";
  const std::string text("<svg>\n×\r\n\0end", 14);
  write_file(path, text);
  CHECK(bytes_of(path) == text);
  write_file(path, "short");
  CHECK(bytes_of(path) == "short");
  write_file(path, "");
  CHECK(bytes_of(path).empty());
  CHECK(entries(folder) == 2);
}

TEST_CASE("what cannot be written is named, and nothing is left") {
  const TemporaryFolder folder;
  write_file(folder / "file", "in the way");
  CHECK_FALSE(refusal(folder / "file" / "picture.png").empty());
  CHECK_FALSE(refusal(folder / std::string(300, 'x')).empty());
  fs::create_directories(folder / "picture.png" / "inside");
  CHECK(refusal(folder / "picture.png") == "it is a folder");
  CHECK(entries(folder) == 3);
  CHECK(bytes_of(folder / "file") == "in the way");
}

TEST_CASE("a name may be as long as the file system allows, not longer") {
  const TemporaryFolder folder;
  for (const std::size_t length : {238u, 239u, 240u, 248u, 255u}) {
    CAPTURE(length);
    const fs::path file = folder / std::string(length, 'x');
    write_file(file, "old");
    write_file(file, "new", true);
    CHECK(bytes_of(file) == "new");
  }
  CHECK(entries(folder) == 5);
  CHECK(refusal(folder / std::string(256, 'x')) == "it is too long a name");
  CHECK(entries(folder) == 5);
}

#ifndef _WIN32

TEST_CASE("a synced file holds the same bytes, and nothing else is left") {
  const TemporaryFolder folder;
  write_file(folder / "file", "old", true);
  write_file(folder / "file", "new", true);
  CHECK(bytes_of(folder / "file") == "new");
  CHECK(entries(folder) == 1);
}

TEST_CASE("what killed writers left of a file is removed, and only that") {
  const TemporaryFolder folder;
  for (const char* name :
       {"F", "F.1.part", "F.4000000000.part", "F.part", "F.x1.part",
        "F.1.part.2", "F.resume.1.part", "G.1.part", "aF.1.part"})
    write_file(folder / name, name);
  remove_parts(folder / "F");
  CHECK(entries(folder) == 7);
  CHECK_FALSE(fs::exists(folder / "F.1.part"));
  CHECK_FALSE(fs::exists(folder / "F.4000000000.part"));
  remove_parts(folder / "F.resume");
  CHECK(entries(folder) == 6);
  CHECK_NOTHROW(remove_parts(folder.path() / "none" / "F"));
}

TEST_CASE("a writer whose part another program removes begins again") {
  const TemporaryFolder folder;
  const std::string large(1 << 26, 'x');
  for (const bool synced : {false, true}) {
    // A round in which the part is never seen says nothing.
    bool removed = false;
    for (int round = 0; round < 100 && !removed; ++round) {
      std::atomic<bool> written = false;
      std::thread other([&] {
        while (!written && !removed) {
          for (const auto& entry : fs::directory_iterator(folder.path())) {
            if (entry.path().extension() != ".part") continue;
            remove_parts(folder / "F");
            removed = !fs::exists(entry.path());
            break;
          }
        }
      });
      CHECK(message_of([&] { write_file(folder / "F", large, synced); }) ==
            "nothing was thrown");
      written = true;
      other.join();
      CHECK(fs::file_size(folder / "F") == large.size());
      CHECK(entries(folder) == 1);
    }
    CHECK(removed);
  }
}

// Here a limit on the size of files kills a writer in mid-work.
TEST_CASE(
    "what a killed writer left of a file with a long name goes, too") {
  const TemporaryFolder folder;
  const std::string start(250, 'x');
  for (const std::string& name : {start + "1", start + "2"}) {
    const pid_t writer = fork();
    if (writer == 0) {
      std::signal(SIGXFSZ, SIG_DFL);
      const rlimit room = {100, 100}, no_core = {0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      setrlimit(RLIMIT_FSIZE, &room);
      message_of(
          [&] { write_file(folder / name, std::string(100000, 'x')); });
      _exit(0);
    }
    int status = 0;
    waitpid(writer, &status, 0);
    CHECK(WIFSIGNALED(status));
  }
  CHECK(entries(folder) == 2);
  remove_parts(folder / (start + "1"));
  CHECK(entries(folder) == 1);
  remove_parts(folder / (start + "2"));
  CHECK(entries(folder) == 0);
}

TEST_CASE("a link stays, and the file that it leads to is replaced") {
  const TemporaryFolder folder;
  write_file(folder / "far" / "away", "old");
  fs::create_symlink("far/away", folder / "link");
  fs::create_symlink(folder / "link", folder / "link-to-link");
  for (const std::string name : {"link", "link-to-link"}) {
    write_file(folder / name, "by " + name);
    CHECK(bytes_of(folder / "far" / "away") == "by " + name);
    CHECK(fs::is_symlink(folder / name));
  }
  fs::create_directory_symlink("far", folder / "folder-link");
  write_file(folder / "folder-link" / "more" / "new", "text");
  CHECK(bytes_of(folder / "far" / "more" / "new") == "text");
  CHECK(entries(folder) == 7);
}

TEST_CASE("what is no plain file is refused and stays what it is") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = (folder / "socket").string();
  REQUIRE(name.copy(address.sun_path, sizeof address.sun_path - 1) ==
          name.size());
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address),
               sizeof address) == 0);
  close(listener);
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_symlink("loop", folder / "loop");
  fs::create_symlink("/dev/null", folder / "to-a-device");
  CHECK(refusal(folder / "pipe") == "it is a pipe");
  CHECK(refusal(folder / "socket") == "it is a socket");
  CHECK(refusal(folder / "dangling") == "it is a link that leads nowhere");
  CHECK(refusal(folder / "loop") == "it is out of reach");
  // A superuser could replace the device if this were not refused.
  fs::permissions(folder.path(), fs::perms::all);
  CHECK(in_child([&] { return refusal(folder / "to-a-device"); }, true) ==
        "it is a device");
  CHECK_FALSE(refusal(folder / "dangling" / "below").empty());
  CHECK(fs::is_fifo(folder / "pipe"));
  CHECK(fs::is_socket(folder / "socket"));
  CHECK(fs::is_symlink(folder / "dangling"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(entries(folder) == 5);
}

TEST_CASE("a folder without rights is named, whatever right is missing") {
  const TemporaryFolder folder;
  write_file(folder / "below" / "file", "old");
  fs::permissions(folder.path(), fs::perms::all);
  for (const auto rights : {0555, 0333, 0666, 0000}) {
    fs::permissions(folder / "below", static_cast<fs::perms>(rights));
    const std::string reason = in_child(
        [&] {
          return message_of(
              [&] { write_file(folder / "below" / "file", "new"); });
        },
        true);
    fs::permissions(folder / "below", fs::perms::all);
    CAPTURE(rights, reason);
    // The rights to search and to write are enough.
    const bool may = rights == 0333;
    CHECK((reason == "nothing was thrown") == may);
    CHECK(bytes_of(folder / "below" / "file") == (may ? "new" : "old"));
    CHECK(entries(folder) == 2);
    write_file(folder / "below" / "file", "old");
  }
}

// A limit on the size of files stands in for a disk that is full.
TEST_CASE(
    "a file for which there is no room leaves the old one as it was") {
  const TemporaryFolder folder;
  write_file(folder / "file", "old");
  for (const std::size_t room : {0u, 1u, 5000u, 99999u}) {
    const std::string reason = in_child([&] {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit = {room, room};
      setrlimit(RLIMIT_FSIZE, &limit);
      return message_of(
          [&] { write_file(folder / "file", std::string(100000, 'x')); });
    });
    CHECK(reason == "write_file: cannot write " +
                        (folder / "file").string() + ": " +
                        std::generic_category().message(EFBIG));
    CHECK(bytes_of(folder / "file") == "old");
    CHECK(entries(folder) == 1);
  }
}

TEST_CASE("of two that write at once, a reader sees one or the other") {
  const TemporaryFolder folder;
  const fs::path path = folder / "file";
  const std::size_t length = 20000;
  write_file(path, std::string(length, 'a'));
  const auto whole = [&] {
    const std::string text = bytes_of(path);
    return text.size() == length &&
           text.find_first_not_of(text[0]) == std::string::npos;
  };
  pid_t writers[2];
  for (int writer = 0; writer < 2; ++writer) {
    writers[writer] = fork();
    REQUIRE(writers[writer] >= 0);
    if (writers[writer] != 0) continue;
    const std::string text(length, static_cast<char>('b' + writer));
    int failures = 0;
    for (int i = 0; i < 500; ++i) {
      failures += message_of([&] { write_file(path, text); }) !=
                  "nothing was thrown";
    }
    _exit(std::min(failures, 100));
  }
  int torn = 0, status = -1;
  for (const pid_t writer : writers) {
    while (waitpid(writer, &status, WNOHANG) == 0) torn += !whole();
    CHECK(status == 0);
  }
  CHECK(torn == 0);
  CHECK(whole());
  CHECK(entries(folder) == 1);
}

#endif  // _WIN32
