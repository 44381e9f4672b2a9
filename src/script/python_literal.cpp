#include "script/python_literal.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kHint =
    "capo does not run Python: it reads None, a string, or a tuple, list or set of strings";

void append_utf8(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) {
    text += static_cast<char>(static_cast<unsigned char>(value));
  };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | code >> 6U);
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | code >> 12U);
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | code >> 18U);
    byte(0x80U | (code >> 12U & 0x3FU));
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

// Replaces the escapes of a string's body.
class StringBody {
 public:
  StringBody(const Source& source, std::string_view body, bool raw)
      : source_(source), body_(body), raw_(raw) {}

  std::string read() {
    while (offset_ < body_.size()) {
      const std::size_t stop = std::min(body_.find_first_of("\\\r", offset_), body_.size());
      value_.append(body_.substr(offset_, stop - offset_));
      offset_ = stop;
      if (offset_ == body_.size()) break;
      if (body_[offset_] == '\r') {
        read_line_break("\n");
      } else if (raw_) {
        value_ += body_[offset_++];
      } else {
        read_escape();
      }
    }
    return std::move(value_);
  }

 private:
  char peek() const { return offset_ < body_.size() ? body_[offset_] : '\0'; }

  // Python reads every line break of its source as LF.
  void read_line_break(std::string_view meaning) {
    offset_ += body_.substr(offset_).starts_with("\r\n") ? 2 : 1;
    value_.append(meaning);
  }

  void read_escape() {
    begin_ = offset_;
    ++offset_;
    const char c = peek();
    constexpr std::string_view kLetters = "\\'\"abfnrtv";
    constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
    if (const std::size_t at = kLetters.find(c); c != '\0' && at != std::string_view::npos) {
      value_ += kMeanings[at];
      ++offset_;
    } else if (c == '\n' || c == '\r') {
      read_line_break("");
    } else if (c >= '0' && c <= '7') {
      append(read_digits(8, 1, 3));
    } else if (c == 'x' || c == 'u' || c == 'U') {
      ++offset_;
      const std::size_t count = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      append(read_digits(16, count, count));
    } else if (c == 'N') {
      fail("a character by its Unicode name");
    } else {
      value_ += '\\';  // no escape in Python either
    }
  }

  std::uint32_t read_digits(int radix, std::size_t at_least, std::size_t at_most) {
    std::int64_t code = 0;
    std::size_t count = 0;
    while (count < at_most) {
      const int digit = base::hex_digit_value(peek());
      if (digit < 0 || digit >= radix) break;
      code = code * radix + digit;
      ++offset_;
      ++count;
    }
    if (count < at_least || code > 0x10FFFF) fail("a malformed escape");
    return static_cast<std::uint32_t>(code);
  }

  void append(std::uint32_t code) {
    if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) fail("a character that is no text");
    append_utf8(value_, code);
  }

  [[noreturn]] void fail(std::string what) const {
    source_.fail(body_.substr(begin_), std::move(what) + " in a string",
                 "write the character itself");
  }

  const Source& source_;
  std::string_view body_;
  bool raw_;
  std::size_t offset_ = 0;
  std::size_t begin_ = 0;  // of the escape
  std::string value_ = {};
};

// Elements, tuples and brackets by recursive descent.
class LiteralReader {
 public:
  LiteralReader(const Source& source, std::span<const PythonToken> tokens)
      : source_(source), tokens_(tokens) {}

  PythonValue read() {
    PythonValue value = read_expression();
    if (position_ < tokens_.size()) cannot_read(position_);
    return value;
  }

 private:
  bool at(std::string_view token) const {
    return position_ < tokens_.size() && tokens_[position_].text == token;
  }
  bool accept(std::string_view token) {
    if (!at(token)) return false;
    ++position_;
    return true;
  }

  // An element, or a tuple without brackets around it.
  PythonValue read_expression() {
    const std::size_t begin = position_;
    PythonValue first = read_element();
    if (!at(",")) return first;
    PythonValue tuple{PythonValue::Kind::kStrings};
    add(tuple, std::move(first), begin);
    while (accept(",")) {
      if (position_ == tokens_.size() || at(")")) break;
      const std::size_t item = position_;
      add(tuple, read_element(), item);
    }
    return tuple;
  }

  PythonValue read_element() {
    if (position_ < tokens_.size() && tokens_[position_].kind == PythonTokenKind::kString)
      return read_strings();
    if (accept("None")) return {PythonValue::Kind::kNone};
    if (at("(")) return read_parentheses();
    if (at("[")) return read_list("]");
    if (at("{")) return read_list("}");
    cannot_read(position_);
  }

  PythonValue read_strings() {
    PythonValue value{PythonValue::Kind::kString, {""}};
    while (position_ < tokens_.size() && tokens_[position_].kind == PythonTokenKind::kString) {
      value.strings[0] += read_python_string(source_, tokens_[position_].text);
      ++position_;
    }
    return value;
  }

  PythonValue read_parentheses() {
    // Nothing that anybody writes; without a limit the stack would be the limit.
    if (++depth_ > 100) cannot_read(position_);
    ++position_;
    if (accept(")")) return {PythonValue::Kind::kStrings};
    PythonValue value = read_expression();
    if (!accept(")")) cannot_read(position_);
    --depth_;
    return value;
  }

  PythonValue read_list(std::string_view end) {
    const std::size_t begin = position_++;
    PythonValue items{PythonValue::Kind::kStrings};
    while (!at(end)) {
      const std::size_t item = position_;
      add(items, read_element(), item);
      if (!accept(",") && !at(end)) cannot_read(position_);
    }
    if (items.strings.empty() && end == "}") cannot_read(begin);  // a dictionary
    ++position_;
    return items;
  }

  void add(PythonValue& items, PythonValue item, std::size_t begin) const {
    if (item.kind != PythonValue::Kind::kString) cannot_read(begin);
    items.strings.push_back(std::move(item.strings[0]));
  }

  [[noreturn]] void cannot_read(std::size_t position) const {
    const PythonToken& token = tokens_[std::min(position, tokens_.size() - 1)];
    source_.fail(token.text, "capo cannot read this value", std::string(kHint));
  }

  const Source& source_;
  std::span<const PythonToken> tokens_;  // never empty
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

PythonValue read_python_literal(const Source& source, std::span<const PythonToken> tokens,
                                std::string_view owner) {
  if (tokens.empty()) source.fail(owner, "a value is missing", std::string(kHint));
  return LiteralReader(source, tokens).read();
}

std::string read_python_string(const Source& source, std::string_view token) {
  const std::size_t quote = token.find_first_of("'\"");
  const std::string prefix = base::lower(token.substr(0, quote));
  if (prefix.find_first_of("bft") != std::string::npos) {
    source.fail(token, "capo cannot read this kind of string", std::string(kHint));
  }
  token.remove_prefix(quote);
  const std::size_t quotes =
      token.size() >= 6 && token[1] == token[0] && token[2] == token[0] ? 3 : 1;
  const std::string_view body = token.substr(quotes, token.size() - 2 * quotes);
  return StringBody(source, body, prefix == "r").read();
}

}  // namespace capo::script
