#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/timezone.hpp"

/// The file name of a new revision.
namespace capo::script {

/// What the tokens of a file template stand for.
struct FileNameValues {
  std::string rev = {};
  std::string slug = {};
  std::int64_t epoch = 0;
  base::CivilTime created = {};
};

/// The words of a message in lower case, joined by `_`. One longer than `length` code points is cut
/// there, then before the last `_` of what is left, and ends in `_`.
std::string slug(std::string_view message, int length);

/// `file_template` as Python's `%` operator would fill it: `%(rev)s`, `%(slug)s`, `%(epoch)s` and
/// `%(year)d` to `%(second)d`, with flags, width and precision (`%(month).2d`), `%%`. May hold `/`.
/// Throws Error{kConfig} naming the token at fault.
std::string fill_file_template(std::string_view file_template, const FileNameValues& values);

}  // namespace capo::script
