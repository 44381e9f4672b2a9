#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"

namespace capo::config {

/// An ini file in the dialect of Python's configparser, as `alembic.ini` is written in it:
///
///     [DEFAULT]                   values that every section inherits
///     root = %(here)s/db
///     [alembic]
///     # a comment; so is a line that starts with ;
///     script_location = %(root)s  `%(name)s`: another value of the section; `%%`: a percent sign
///     version_locations: a        `:` does as well as `=`
///         b                       an indented line continues the value, also after empty ones
///
/// Names of keys do not depend on case (ASCII), those of sections do. There are no comments behind
/// a value: ` # x` is part of it. References are looked up when a value is asked for, so that a
/// stray `%` somewhere hurts nobody else. No error quotes a value or a line, because any of them
/// may hold a password.
class Ini {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  /// Reads the content of `file`. `variables` can be referred to like values of [DEFAULT], which
  /// win; they are taken as they are (a `%` in a directory's name is no reference). Throws
  /// Error{kConfig} with file, line and column: not UTF-8 text, a NUL byte, a line before the first
  /// section, a line that is neither a header nor `key = value`, a section or key that is there
  /// twice.
  Ini(std::string_view content, std::string file, Variables variables = {});

  const std::string& file() const { return file_; }
  bool has_section(std::string_view section) const;
  /// In the order of the file, without DEFAULT.
  std::vector<std::string> section_names() const;
  /// Of a section and of DEFAULT, sorted; empty if there is no such section.
  std::vector<std::string> keys(std::string_view section) const;
  /// The same without DEFAULT's.
  std::vector<std::string> own_keys(std::string_view section) const;

  /// A value with its references replaced, or nothing. Throws Error{kConfig} at the place of a `%`
  /// that starts nothing, or of a reference that leads nowhere, goes deeper than 10 levels, or
  /// makes the value absurdly large.
  std::optional<std::string> get(std::string_view section, std::string_view key) const;
  /// The same, but nothing where get() throws.
  std::optional<std::string> get_if_valid(std::string_view section, std::string_view key) const;
  /// A value as it stands in the file, or nothing.
  std::optional<std::string> raw(std::string_view section, std::string_view key) const;
  /// Where a value begins; its line alone is known if it is empty. Without file if there is no such
  /// value.
  SourcePosition where(std::string_view section, std::string_view key) const;
  /// The line that where() points into: only for values that cannot be a secret.
  std::string source_line(std::string_view section, std::string_view key) const;

 private:
  friend class IniReader;
  friend class IniInterpolation;

  // One line of a value: where it begins in the value and in the text of the file.
  struct Line {
    std::size_t begin;
    std::size_t origin;
  };
  struct Value {
    std::string text = {};
    std::vector<Line> lines = {};
  };
  using Values = std::map<std::string, Value, std::less<>>;
  struct Section {
    std::string name;
    Values values;
  };

  const Section* section(std::string_view name) const;
  const Value* find(std::string_view section, std::string_view lower_key) const;
  SourcePosition position(const Value& value, std::size_t offset) const;

  std::string file_;
  std::string text_;
  Variables variables_;
  std::vector<Section> sections_;
  Values defaults_;
};

}  // namespace capo::config
