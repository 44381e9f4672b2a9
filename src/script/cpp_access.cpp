// Roles and grants as C++.

#include "script/cpp_text.hpp"
#include "script/cpp_values.hpp"

namespace capo::script {

CppPiece cpp(const Role& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  record.add_flag("login", object.login);
  if (!object.inherit) record.add("inherit", cpp_bool(false));
  record.add_flag("superuser", object.superuser);
  record.add_flag("create_database", object.create_database);
  record.add_flag("create_role", object.create_role);
  record.add_flag("bypass_row_security", object.bypass_row_security);
  record.add_names("member_of", object.member_of);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Grant& object, std::string name) {
  static constexpr std::string_view kKinds[] = {"kTable", "kSequence", "kSchema", "kFunction"};
  CppRecord record;
  record.add_names("privileges", object.privileges);
  record.add_names("columns", object.columns);
  if (object.kind != Grant::Kind::kTable) {
    const std::string_view kind = kKinds[static_cast<std::size_t>(object.kind)];
    record.add("kind", cpp_name("Grant::Kind::" + std::string(kind)));
  }
  record.add_text("object", object.object);
  record.add_names("arguments", object.arguments);
  record.add_text("role", object.role);
  record.add_flag("with_grant_option", object.with_grant_option);
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

}  // namespace capo::script
