// Prints what capo reads in the headers of Python revisions, for python_header.py to compare with
// Python's own parser. Reads paths from stdin, a line each; prints a line of JSON each.

#include <nlohmann/json.hpp>
#include <string>

#include "base/fs.hpp"
#include "capo/error.hpp"
#include "script/python_header.hpp"

int main() {
  const capo::base::RealFileSystem files;
  std::string path;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      path += static_cast<char>(c);
      continue;
    }
    nlohmann::json line;
    try {
      const capo::script::Script script = capo::script::parse_python_header(files.read(path), path);
      line = {{"revision", script.revision.id},
              {"down_revision", script.revision.down_revisions},
              {"branch_labels", script.revision.branch_labels},
              {"depends_on", script.revision.depends_on},
              {"doc", script.doc}};
    } catch (const capo::Error& error) {
      line = {{"error", capo::to_string(error.where()) + ": " + error.message()}};
    }
    std::puts(line.dump().c_str());
    path.clear();
  }
}
