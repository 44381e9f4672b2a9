#include "base/unicode.hpp"

#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "capo/error.hpp"

namespace capo::base {
namespace {

const std::uint8_t* bytes(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// The first code point of a text that is not empty, and how many bytes it takes.
std::size_t decode(std::string_view text, ucs4_t& code_point) {
  return static_cast<std::size_t>(u8_mbtouc(&code_point, bytes(text), text.size()));
}

bool is_word_character(ucs4_t code_point) {
  return code_point == '_' ||
         uc_is_general_category_withtable(code_point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

}  // namespace

std::vector<std::string_view> unicode_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    ucs4_t code_point = 0;
    const std::size_t size = decode(text.substr(end), code_point);
    if (is_word_character(code_point)) {
      end += size;
      continue;
    }
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    end += size;
    begin = end;
  }
  if (end > begin) words.push_back(text.substr(begin, end - begin));
  return words;
}

std::string unicode_lower(std::string_view text) {
  std::size_t size = 0;
  const std::unique_ptr<std::uint8_t, void (*)(void*)> lower(
      u8_tolower(bytes(text), text.size(), nullptr, nullptr, nullptr, &size), std::free);
  if (!lower && !text.empty())
    throw Error(ErrorCode::kInternal, "a text that is not UTF-8 has no lower case");
  return std::string(reinterpret_cast<const char*>(lower.get()), size);
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; count > 0 && end < text.size(); --count) {
    ucs4_t code_point = 0;
    end += decode(text.substr(end), code_point);
  }
  return text.substr(0, end);
}

}  // namespace capo::base
