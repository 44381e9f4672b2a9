#pragma once

#include <string>
#include <vector>

namespace gpra {

/// A file of the page, as it is in this folder.
struct PageFile {
  std::string name;
  std::string content;
};

/// All of them; the build puts them into the program.
const std::vector<PageFile>& page_files();

}  // namespace gpra
