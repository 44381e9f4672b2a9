// Writes what render_test.cpp compiles.

#include <cstdio>
#include <string>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "render/samples.hpp"
#include "script/render.hpp"

namespace {

std::string revision(const std::string& token, const capo::NamingConvention& naming) {
  std::string text = "#include <capo/migration.hpp>\n\nnamespace rev_" + token +
                     " {\nusing namespace capo;\n\nstatic void upgrade(Operations& op) {\n";
  for (const capo::Operation& operation : capo::test::render_samples()) {
    const std::string call = capo::script::cpp_operation(operation, naming);
    text += "  " + capo::base::replace_all(call, "\n", "\n  ") + "\n";
  }
  return text + "}\n\nstatic void downgrade(Operations&) {}\n\nCAPO_REVISION(" + token +
         ", .message = \"samples\");\n}  // namespace rev_" + token + "\n";
}

}  // namespace

int main(int, char** argv) {
  try {
    capo::base::RealFileSystem files;
    const std::string directory = argv[1];
    files.write(directory + "/plain.cpp", revision("plain", {}));
    files.write(directory + "/named.cpp", revision("named", capo::test::busy_convention()));
    files.write(directory + "/models.hpp",
                capo::script::cpp_models(capo::test::render_schema(), "small"));
    files.write(directory + "/large_models.hpp",
                capo::script::cpp_models(capo::test::large_schema(), "large"));
    return 0;
  } catch (const capo::Error& error) {
    std::fprintf(stderr, "%s\n", error.message().c_str());
    return 1;
  }
}
