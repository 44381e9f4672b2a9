#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "cli/revision_body.hpp"
#include "script/cpp_text.hpp"
#include "script/render.hpp"

namespace capo::cli {
namespace {

struct InspectOptions {
  std::string source = {};
  std::string format = {};
  std::string name_space = {};
  std::optional<std::string> scratch_url = {};
};

// What the schema has besides what is printed, as comments at the top of it.
std::string comments(const dialect::Reflection& reflection, std::string_view begin) {
  std::string text;
  for (const dialect::Unrepresented& object : reflection.unrepresented) {
    const std::string what = object.what.empty() ? "" : ": " + object.what;
    std::string line = base::without_controls("Not here: " + object.object + what);
    line = base::replace_all(line, "\n", " ");
    while (line.ends_with('\\')) line.pop_back();
    text += fmt::format("{} {}\n", begin, line);
  }
  return text.empty() ? text : text + "\n";
}

std::string as_sql(const dialect::Reflection& reflection, const dialect::Dialect& dialect) {
  const autogenerate::Difference difference = autogenerate::create_all(reflection.schema, dialect);
  const auto compilation = dialect.begin_compilation({});
  return comments(reflection, "--") +
         script::sql_section(statements_of(difference, *compilation), dialect);
}

void check_name_space(const std::string& name) {
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("::"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (!script::is_cpp_word(word) || base::is_digit(word.front())) break;
    rest.remove_prefix(end);
    if (rest.empty()) return;
    rest.remove_prefix(2);
  }
  throw Error(ErrorCode::kUsage, fmt::format("'{}' is no namespace of C++", name))
      .hint("write --namespace app, or app::schema");
}

int inspect(Session& session, const InspectOptions& options, Output& output) {
  check_name_space(options.name_space);
  SchemaSources sources(session, {options.source}, options.scratch_url);
  const SchemaSide side = sources.read(options.source);
  for (const dialect::Unrepresented& object : side.reflection.unrepresented) {
    output.note(fmt::format("Not represented: {}{}{}", object.object,
                            object.what.empty() ? "" : ": ", object.what));
  }
  if (options.format == "json") {
    output.print(script::json_schema(side.reflection.schema));
  } else if (options.format == "cpp") {
    output.print(comments(side.reflection, "//") +
                 script::cpp_models(side.reflection.schema, options.name_space));
  } else {
    output.print(as_sql(side.reflection, sources.dialect()));
  }
  return 0;
}

constexpr std::array<std::string_view, 3> kFormats = {"sql", "json", "cpp"};
constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "source",
     .help = "a schema: database (default), models, a database URL, a file FILE.sql, or "
             "rev:REVISION",
     .required = false,
     .completes = Completes::kSchema},
}};
constexpr std::array<OptionSpec, 3> kOptions = {{
    {.name = "format",
     .value = "FORMAT",
     .help = "sql (default), json, or cpp: a header with models",
     .choices = kFormats},
    {.name = "namespace", .value = "NAME", .help = "of the models in C++; default: app"},
    kScratchOption,
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo inspect", "the project's database as SQL, the same each time"},
    {"capo inspect sqlite:///old.db --format cpp", "models of a database that is there already"},
    {"capo inspect rev:001", "what a revision makes of an empty database"},
    {"capo inspect --format json", "for programs"},
}};

}  // namespace

constinit const CommandSpec kInspect = {
    .name = "inspect",
    .summary = "Print a schema as SQL, JSON or models in C++",
    .description =
        "Reads a schema and prints all of it in a fixed order. What capo has no value for is named "
        "in comments and on standard error.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          const std::string source = args.arguments().empty() ? "database" : args.argument(0);
          return inspect(session,
                         {.source = source,
                          .format = output.json() ? "json" : args.value_or("format", "sql"),
                          .name_space = args.value_or("namespace", "app"),
                          .scratch_url = args.value("scratch-url")},
                         output);
        },
};

}  // namespace capo::cli
