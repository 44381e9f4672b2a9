#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "config/ini.hpp"

namespace capo::config {

/// Between values of a list. Line breaks separate as well: no path contains one.
constexpr std::string_view kSpacesAndCommas = " ,\n";

/// Non-empty pieces of `text` between any of `separators`, without white space around them.
std::vector<std::string> pieces_between(std::string_view text, std::string_view separators);

/// The values of one section by their kinds. Throws Error{kConfig} at the value that is of another.
class SectionReader {
 public:
  /// `ini` is kept by reference.
  SectionReader(const Ini& ini, std::string section) : ini_(ini), section_(std::move(section)) {}

  /// Nothing if the key is not there or its value is empty.
  std::optional<std::string> value(const std::string& key) const;

  void read(const std::string& key, std::string& into) const;
  void read(const std::string& key, bool& into) const;
  void read(const std::string& key, std::chrono::milliseconds& into) const;
  /// Pieces between spaces, commas and line breaks.
  void read(const std::string& key, std::vector<std::string>& into) const;
  /// A positive number; 0 means the default, as in Alembic.
  void read_length(const std::string& key, int& into) const;

  Error bad_value(const std::string& key, const std::string& text, std::string_view what,
                  std::string hint) const;

 private:
  const Ini& ini_;
  std::string section_;
};

}  // namespace capo::config
