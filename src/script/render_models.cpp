#include <set>
#include <utility>

#include "base/text.hpp"
#include "script/cpp_text.hpp"
#include "script/cpp_values.hpp"
#include "script/render.hpp"

namespace capo::script {
namespace {

constexpr std::size_t kWidth = 100;
/// More than this in one braced list would lie on the stack all at once.
constexpr std::size_t kMostInBraces = 200;

/// What a table's function is called; no two are called the same.
class FunctionNames {
 public:
  std::string of(const Table& table) {
    std::string word = cpp_word(schema::qualified(table.options.schema, table.name));
    // Two underscores, or one before a capital letter, are the compiler's own.
    while (word.find("__") != std::string::npos) word = base::replace_all(word, "__", "_");
    if (word.starts_with('_')) word.erase(0, 1);
    if (word.empty() || base::is_digit(word.front())) word.insert(0, "t_");
    word += word.ends_with('_') ? "table" : "_table";
    std::string name = word;
    for (int number = 2; !taken_.insert(name).second; ++number) {
      name = word + "_" + std::to_string(number);
    }
    return name;
  }

 private:
  std::set<std::string> taken_ = {};
};

/// The parts of models(): members of MetaData in braces, and statements for what is too much for
/// them.
struct Body {
  std::vector<CppPiece> members = {};
  std::string statements = {};

  void add(std::string_view member, std::vector<CppPiece> items) {
    if (items.empty()) return;
    if (items.size() <= kMostInBraces) {
      members.push_back(labelled(member, cpp_list(std::move(items))));
      return;
    }
    const std::string list = "all." + std::string(member);
    statements += "  " + list + ".reserve(" + std::to_string(items.size()) + ");\n";
    for (CppPiece& item : items) {
      std::vector<CppPiece> argument;
      argument.push_back(std::move(item));
      const CppPiece call = cpp_call(list + ".push_back", std::move(argument));
      statements += "  " + lay_out(call, 2, ";", kWidth) + "\n";
    }
  }
  template <class Object>
  void add_objects(std::string_view member, const std::vector<Object>& objects) {
    std::vector<CppPiece> items;
    for (const Object& object : objects) items.push_back(cpp(object, ""));
    add(member, std::move(items));
  }
};

std::string table_function(const std::string& name, const Table& table) {
  static const NamingConvention convention;
  const CppSchemaValues values(convention);
  std::vector<CppPiece> items = {cpp_text(table.name), values.columns(table)};
  add_unless_empty(items, values.options(table));
  CppPiece list = cpp_list(std::move(items));
  return "inline Table " + name + "() {\n  return " + lay_out(list, 9, ";", kWidth) + "\n}\n\n";
}

std::vector<CppPiece> views(const std::vector<View>& views) {
  static const NamingConvention convention;
  const CppSchemaValues values(convention);
  std::vector<CppPiece> items;
  for (const View& view : views) items.push_back(values.piece(view, ""));
  return items;
}

std::string body_text(const Body& body) {
  std::string text = body.statements.empty() ? "  return {" : "  capo::MetaData all = {";
  for (const CppPiece& member : body.members) {
    text += "\n      " + lay_out(member, 6, ",", kWidth);
  }
  text += body.members.empty() ? "};\n" : "\n  };\n";
  return body.statements.empty() ? text : text + body.statements + "  return all;\n";
}

}  // namespace

std::string cpp_models(const schema::Schema& schema, std::string_view name_space) {
  Body body;
  body.add_objects("schemas", schema.schemas);
  body.add_objects("extensions", schema.extensions);
  body.add_objects("sequences", schema.sequences);
  body.add_objects("enums", schema.enums);
  body.add_objects("domains", schema.domains);
  body.add_objects("composite_types", schema.composite_types);
  std::string functions;
  std::vector<CppPiece> tables;
  FunctionNames names;
  for (const Table& table : schema.tables) {
    const std::string name = names.of(table);
    functions += table_function(name, table);
    tables.push_back(cpp_name(name + "()"));
  }
  body.add("tables", std::move(tables));
  body.add("views", views(schema.views));
  body.add_objects("functions", schema.functions);
  body.add_objects("triggers", schema.triggers);
  body.add_objects("policies", schema.policies);
  body.add_objects("row_security", schema.securities);
  body.add_objects("roles", schema.roles);
  body.add_objects("grants", schema.grants);

  const std::string space(name_space);
  std::string text =
      "#pragma once\n\n#include <capo/metadata.hpp>\n\n"
      "/// The schema of a database, written by `capo inspect --format cpp`.\n"
      "namespace " +
      space + " {\n\n";
  text +=
      "namespace detail {\n\nusing namespace capo;\n\n" + functions + "}  // namespace detail\n\n";
  text +=
      "inline capo::MetaData models() {\n  using namespace detail;\n" + body_text(body) + "}\n\n";
  return text + "}  // namespace " + space + "\n";
}

}  // namespace capo::script
