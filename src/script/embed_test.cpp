#include "script/embed.hpp"

#include <gtest/gtest.h>

#include "script/cpp_header.hpp"
#include "script/cpp_text.hpp"
#include "script/sql_file.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kSql =
    "-- seed\n--\n-- Revision ID: 001\n-- Revises: 000\n-- Branch Labels: shop\n"
    "-- Create Date: 2026-11-22\n\n-- capo:upgrade\nSELECT '\\\"\xC3\xA9?';\n";

class EmbedTest : public testing::Test {
 protected:
  std::string table() { return embedded_table(request_, files_); }
  std::string error() {
    return failure([&] { table(); });
  }
  void put(const std::string& path, std::string_view text) {
    files_.write(path, text);
    request_.files.push_back(path);
  }

  base::MemoryFileSystem files_{"/project"};
  EmbedRequest request_ = {.root = "/project"};
};

TEST_F(EmbedTest, Nothing) {
  EXPECT_EQ(table(),
            "// Written by `capo embed` from the revisions and the ini file of a project.\n\n"
            "#include <capo/capo.hpp>\n\n"
            "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
            "namespace {\n\n"
            "using namespace std::string_view_literals;\n\n"
            "constexpr capo::Project kProject = {\n    .revisions = {}};\n\n"
            "}  // namespace\n\n"
            "namespace capo {\n"
            "const capo::Project& embedded_project();\n"
            "const capo::Project& embedded_project() { return kProject; }\n}\n");
}

TEST_F(EmbedTest, BothKindsAndTheIni) {
  const std::string cpp = "// items\n\nCAPO_REVISION(000, .message = \"items\");\n";
  put("/project/alembic/versions/000.cpp", cpp);
  put("/project/alembic/versions/001.sql", kSql);
  put("/project/alembic/versions/schema.sql", "SELECT 1;\n");
  put("/project/alembic/versions/README", "no revision");
  files_.write("/project/alembic.ini", "[alembic]\nscript_location = alembic\n");
  request_.ini_path = "alembic.ini";
  request_.function = "shop";
  const std::string text = table();
  EXPECT_EQ(text.substr(text.find("extern")),
            "extern \"C\" {\nextern const capo::Revision capo_revision_000;\n}\n\n"
            "namespace {\n\n"
            "using namespace std::string_view_literals;\n\n"
            "constexpr capo::Revision kRevision2 = {.token = \"001\"sv,\n"
            "    .down_revision = {\"000\"sv},\n"
            "    .branch_labels = {\"shop\"sv},\n"
            "    .depends_on = {},\n"
            "    .message = \"seed\"sv,\n"
            "    .create_date = \"2026-11-22\"sv};\n"
            "constexpr capo::CompiledRevision kTable[] = {\n"
            "    {.revision = &capo_revision_000,\n"
            "     .checksum = \"" +
                cpp_checksum(cpp) +
                "\"sv,\n"
                "     .path = \"alembic/versions/000.cpp\"sv,\n"
                "     .doc = \"items\"sv},\n"
                "    {.revision = &kRevision2,\n"
                "     .checksum = \"" +
                sql_checksum(kSql, "") +
                "\"sv,\n"
                "     .sql = \"-- seed\\n\"\n"
                "\"--\\n\"\n\"-- Revision ID: 001\\n\"\n\"-- Revises: 000\\n\"\n"
                "\"-- Branch Labels: shop\\n\"\n\"-- Create Date: 2026-11-22\\n\"\n\"\\n\"\n"
                "\"-- capo:upgrade\\n\"\n\"SELECT '\\\\\\\"\\303\\251?';\\n\"sv,\n"
                "     .path = \"alembic/versions/001.sql\"sv,\n"
                "     .doc = \"seed\\n\"\n\"\\n\"\n\"Revision ID: 001\\n\"\n\"Revises: 000\\n\"\n"
                "\"Branch Labels: shop\\n\"\n\"Create Date: 2026-11-22\"sv},\n"
                "};\n"
                "constexpr capo::Project kProject = {\n"
                "    .revisions = {.first = kTable, .count = 2},\n"
                "    .ini = \"[alembic]\\n\"\n\"script_location = alembic\\n\"sv};\n\n"
                "}  // namespace\n\n"
                "const capo::Project& shop();\nconst capo::Project& shop() { return kProject; }\n");
}

TEST_F(EmbedTest, PathsCountFromTheRoot) {
  put("/elsewhere/versions/000.cpp", "CAPO_REVISION(000);");
  EXPECT_NE(table().find(".path = \"../elsewhere/versions/000.cpp\"sv"), std::string::npos);
}

TEST_F(EmbedTest, PythonIsKnownByItsHeader) {
  put("versions/000.py", "\"\"\"doc\"\"\"\nrevision = '000'\ndown_revision = None\n");
  EXPECT_NE(table().find(".checksum = \"\"sv,\n     .path = \"versions/000.py\"sv"),
            std::string::npos);
}

TEST_F(EmbedTest, ACppFileThatIsNoRevision) {
  put("versions/helper.cpp", "int x;");
  EXPECT_EQ(error(),
            "versions/helper.cpp: a C++ file among the revisions, without CAPO_REVISION\n"
            "hint: write CAPO_REVISION(001, .down_revision = {\"000\"}, .message = \"…\"); below "
            "its functions upgrade and downgrade, or move the file elsewhere");
}

TEST_F(EmbedTest, AnIdThatIsThereTwice) {
  put("versions/a.sql", kSql);
  put("versions/b.cpp", "CAPO_REVISION(001);");
  EXPECT_EQ(error(),
            "versions/b.cpp: Revision 001 is present more than once\n"
            "The first is in versions/a.sql.\n"
            "hint: give one of the two another id, or remove it");
}

TEST_F(EmbedTest, ATokenThatIsThereTwice) {
  put("versions/a.cpp", "CAPO_REVISION(a_1, .id = \"a-1\");");
  put("versions/b.cpp", "CAPO_REVISION(a_1, .id = \"a.1\");");
  EXPECT_EQ(error(),
            "versions/b.cpp: CAPO_REVISION(a_1, …) is present more than once\n"
            "The first is in versions/a.cpp.\n"
            "hint: give one of the two another id, or remove it");
}

TEST_F(EmbedTest, AFunctionThatIsNone) {
  request_.function = "a::2";
  EXPECT_EQ(error(), "'a::2' cannot be the name of a function");
}

TEST(CppText, LiteralsKeepEveryByte) {
  EXPECT_EQ(cpp_literal(""), "\"\"");
  EXPECT_EQ(cpp_literal("a"), "\"a\"");
  EXPECT_EQ(cpp_literal("a\n\nb\r\t"), "\"a\\n\"\n\"\\n\"\n\"b\\015\\011\"");
  EXPECT_EQ(cpp_literal(std::string_view("\x7F"
                                         "1\0",
                                         3)),
            "\"\\1771\\000\"");
  EXPECT_EQ(cpp_string("caf\xC3\xA9 \"x\"\\\n"), "\"caf\xC3\xA9 \\\"x\\\"\\\\\\n\"");
}

TEST(CppText, Words) {
  EXPECT_TRUE(is_cpp_word("001_a"));
  for (const std::string_view text : {"", "a-1", "a.b", "\xC3\xA9"})
    EXPECT_FALSE(is_cpp_word(text));
  EXPECT_EQ(cpp_word("a.1/\xC3\xA9"), "a_1___");
}

}  // namespace
}  // namespace capo::script
