#include "tenancy/node_tree.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::tenancy {
namespace {

constexpr int kDeepest = 400;
// A variable-length value begins with its length.
constexpr std::size_t kHeader = 4;

const Node& no_node() {
  static const Node node;
  return node;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Node> read() {
    std::optional<Node> node = value(0);
    skip_space();
    if (!node || at_ != text_.size()) return std::nullopt;
    return node;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && base::is_space(text_[at_])) ++at_;
  }
  bool takes(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the text, which is bounded
  std::optional<Node> value(int depth) {
    skip_space();
    if (at_ >= text_.size() || depth > kDeepest) return std::nullopt;
    if (takes('{')) return node(depth);
    if (takes('(')) return list(depth);
    if (takes('[')) return bytes();
    if (text_[at_] == '"') return quoted();
    if (text_.substr(at_, 2) == "<>") {
      at_ += 2;
      return Node{};
    }
    std::string word = token();
    if (word.empty()) return std::nullopt;
    return Node{.kind = Node::Kind::kAtom, .text = std::move(word)};
  }

  // A backslash takes what follows it as it is.
  std::string token() {
    std::string word;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (base::is_space(c) || c == '(' || c == ')' || c == '{' || c == '}' || c == '[' ||
          c == ']') {
        break;
      }
      ++at_;
      if (c == '\\' && at_ < text_.size()) {
        word += text_[at_++];
      } else {
        word += c;
      }
    }
    return word;
  }

  std::optional<Node> quoted() {
    ++at_;
    Node node{.kind = Node::Kind::kAtom};
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      node.text += text_[at_++];
    }
    if (!takes('"')) return std::nullopt;
    return node;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  std::optional<Node> node(int depth) {
    skip_space();
    Node node{.kind = Node::Kind::kNode, .text = token()};
    while (true) {
      skip_space();
      if (takes('}')) return node;
      // Whatever stands right after a field's name is its value, even if it begins with a colon.
      if (takes(':')) {
        Node::Field field{token(), {}};
        std::optional<Node> first = value(depth + 1);
        if (!first) return std::nullopt;
        field.second.push_back(std::move(*first));
        node.fields.push_back(std::move(field));
        continue;
      }
      std::optional<Node> more = value(depth + 1);
      if (!more || node.fields.empty()) return std::nullopt;
      node.fields.back().second.push_back(std::move(*more));
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  std::optional<Node> list(int depth) {
    Node list{.kind = Node::Kind::kList};
    while (true) {
      skip_space();
      if (takes(')')) return list;
      std::optional<Node> item = value(depth + 1);
      if (!item) return std::nullopt;
      list.items.push_back(std::move(*item));
    }
  }

  // Written as signed numbers.
  std::optional<Node> bytes() {
    Node node{.kind = Node::Kind::kBytes};
    while (true) {
      skip_space();
      if (takes(']')) return node;
      const auto number = base::parse_integer(token());
      if (!number || *number < -128 || *number > 255) return std::nullopt;
      node.text += static_cast<char>(static_cast<unsigned char>(*number & 0xff));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

const std::vector<Node>* values_of(const Node& node, std::string_view name) {
  const auto field = std::find_if(node.fields.begin(), node.fields.end(),
                                  [&](const Node::Field& each) { return each.first == name; });
  return field == node.fields.end() || field->second.empty() ? nullptr : &field->second;
}

}  // namespace

const Node& Node::operator[](std::string_view field) const {
  const std::vector<Node>* values = values_of(*this, field);
  return values == nullptr ? no_node() : values->front();
}

const Node& Node::last(std::string_view field) const {
  const std::vector<Node>* values = values_of(*this, field);
  return values == nullptr ? no_node() : values->back();
}

long long Node::number(std::string_view field) const {
  return base::parse_integer((*this)[field].text).value_or(-1);
}

bool Node::is_true(std::string_view field) const { return (*this)[field].text == "true"; }

std::optional<Node> read_node_tree(std::string_view text) { return Reader(text).read(); }

std::optional<std::string> text_of_constant(const Node& constant) {
  if (!constant.is("CONST") || constant.is_true("constisnull")) return std::nullopt;
  const Node& value = constant.last("constvalue");
  if (constant.number("constlen") != -1 || value.kind != Node::Kind::kBytes ||
      value.text.size() < kHeader) {
    return std::nullopt;
  }
  return value.text.substr(kHeader);
}

}  // namespace capo::tenancy
